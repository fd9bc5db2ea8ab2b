/** Code points and UTF-16 units: Python counts the first, JavaScript the second. */

/** How many code points a string has (a lone surrogate counts as one, as in Python). */
export function codePointLength(text: string): number {
  let count = text.length;
  for (let i = 0; i + 1 < text.length; i++) {
    if (isPair(text, i)) {
      count--;
      i++;
    }
  }
  return count;
}

/** The string index of the `count`-th code point; the length for `count` equal to the number of them; -1 beyond. */
export function codePointsToUtf16(text: string, count: number): number {
  let index = 0;
  for (let left = count; left > 0; left--) {
    if (index >= text.length) return -1;
    index += isPair(text, index) ? 2 : 1;
  }
  return index;
}

function isPair(text: string, index: number): boolean {
  const high = text.charCodeAt(index);
  const low = text.charCodeAt(index + 1);
  return high >= 0xd800 && high <= 0xdbff && low >= 0xdc00 && low <= 0xdfff;
}
