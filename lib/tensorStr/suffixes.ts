/**
 * Adds what follows the elements of a printed tensor (`dtype=...`, `grad_fn=...`) and the closing bracket, with a
 * line break before a suffix that would not fit.
 *
 * @param text prefix and elements.
 * @param indent columns that a new line starts with.
 * @param forceNewline break the line before the first suffix in any case.
 */
export function addSuffixes(
  text: string,
  suffixes: readonly string[],
  { indent, linewidth, forceNewline }: { indent: number; linewidth: number; forceNewline: boolean },
): string {
  let result = text;
  let lineLength = text.length - text.lastIndexOf('\n') + 1;
  suffixes.forEach((suffix, i) => {
    if ((forceNewline && i === 0) || lineLength + suffix.length + 2 > linewidth) {
      result += `,\n${' '.repeat(indent)}${suffix}`;
      lineLength = indent + suffix.length;
    } else {
      result += `, ${suffix}`;
      lineLength += suffix.length + 2;
    }
  });
  return `${result})`;
}

/** A shape as Python prints a tuple: `(2, 3)`, `(2,)`, `()`. */
export function tupleToString(items: readonly number[]): string {
  return items.length === 1 ? `(${items[0]},)` : `(${items.join(', ')})`;
}
