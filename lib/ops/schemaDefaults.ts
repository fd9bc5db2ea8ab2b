/** The defaults that a schema's text has, for messages. */

/** By argument name, in Python's spelling: `None`, `1`, `[]`. */
export function defaultsOf(text: string): Map<string, string> {
  const defaults = new Map<string, string>();
  const list = text.slice(text.indexOf('(') + 1, text.lastIndexOf(') -> '));
  for (const match of list.matchAll(/ (\w+)=("[^"]*"|'[^']*'|\[[^\]]*\]|[^,)]+)/g)) {
    defaults.set(match[1] as string, match[2] as string);
  }
  return defaults;
}
