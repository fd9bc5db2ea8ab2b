/** Regular expressions in Python's notation. */

/** Python's `re` syntax as JavaScript's, which differs in groups' names, flags in front, \A and \Z. */
export function fromPython(pattern: string): RegExp {
  let flags = 's';
  let source = pattern;
  const inline = /^\(\?([aimsux]+)\)/.exec(source);
  // Python's dot takes line ends only with the flag s.
  if (inline === null || !(inline[1] as string).includes('s')) flags = '';
  if (inline !== null) {
    source = source.slice(inline[0].length);
    for (const flag of inline[1] as string) if (flag === 'i' || flag === 'm') flags += flag;
  }
  source = source.replaceAll('(?P<', '(?<').replaceAll('\\A', '^').replaceAll('\\Z', '$');
  return new RegExp(source, flags);
}

/** `re.search(pattern, text)`. A pattern that JavaScript cannot read counts as plain text. */
export function matchesPython(pattern: string, text: string): boolean {
  try {
    return fromPython(pattern).test(text);
  } catch {
    return text.includes(pattern);
  }
}
