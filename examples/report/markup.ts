/** HTML put together so that text can't be taken for markup. */

/** A piece of HTML, as against text. */
export class Markup {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }
}

type Part = Markup | string | number | false | null | undefined | readonly Part[];

/** HTML from a template: texts are escaped, other pieces of HTML stay as they are, lists are joined. */
export function html(strings: TemplateStringsArray, ...parts: Part[]): Markup {
  return new Markup(strings.reduce((source, string, i) => source + sourceOf(parts[i - 1]) + string));
}

/** `text` so that it stands for itself between tags and in a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function sourceOf(part: Part): string {
  if (part === null || part === undefined || part === false) return '';
  if (part instanceof Markup) return part.source;
  if (typeof part === 'object') return part.map(sourceOf).join('');
  return escapeHtml(String(part));
}
