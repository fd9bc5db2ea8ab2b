import type { PrintOptions } from '../printOptions.js';
import { type Formatter, floatFormatter, plainFormatter } from './formatter.js';

/**
 * The elements to be shown, row by row. For a summarised tensor these are the edges alone: see {@link shownShape}.
 */
export type PrintableElements =
  | {
      readonly kind: 'float';
      readonly values: ArrayLike<number>;
      readonly decides?: (value: number) => boolean;
    }
  | { readonly kind: 'plain'; readonly values: ArrayLike<number | bigint | boolean> }
  | { readonly kind: 'complex'; readonly real: ArrayLike<number>; readonly imag: ArrayLike<number> };

/** Number of elements of a tensor of this shape. */
export function numelOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Whether a tensor of this shape is shown by its edges only. */
export function isSummarized(shape: readonly number[], { threshold }: PrintOptions): boolean {
  return numelOf(shape) > threshold;
}

/** The shape of what is shown of a summarised tensor: a long dimension keeps its first and its last items. */
export function shownShape(shape: readonly number[], { edgeitems }: PrintOptions): number[] {
  return shape.map((size) => Math.min(size, 2 * edgeitems));
}

/**
 * The bracketed elements of a tensor, without prefix and suffixes.
 *
 * @param shape the tensor's own shape, summarised or not.
 * @param elements what is shown of it: of {@link shownShape} when it is summarised, else of `shape`.
 * @param indent the column that the text starts at.
 */
export function contentsToString(
  shape: readonly number[],
  elements: PrintableElements,
  indent: number,
  options: PrintOptions,
): string {
  if (numelOf(shape) === 0) return '[]';
  const edge = isSummarized(shape, options) ? options.edgeitems : Number.POSITIVE_INFINITY;
  // With no edge items nothing of the outermost dimension remains, and so nothing inside it.
  if (edge === 0 && shape.length > 0) return '[...]';
  const layout: Layout = { ...elementWriter(elements, options), edge, linewidth: options.linewidth, next: 0 };
  return blockToString(shape, indent, layout);
}

interface Layout {
  /** Writes the shown element with this index. */
  readonly write: (index: number) => string;
  /** Characters that an element takes at most, without the comma. */
  readonly width: number;
  /** A dimension of more than twice as many items shows this many at each end. */
  readonly edge: number;
  readonly linewidth: number;
  /** Index of the next element: they are written in the order that they are stored in. */
  next: number;
}

function blockToString(shape: readonly number[], indent: number, layout: Layout): string {
  const [size, ...inner] = shape;
  if (size === undefined) return layout.write(layout.next++);
  if (inner.length === 0) return rowToString(size, indent, layout);
  const blocks = withEllipsis(size, layout.edge, '...', () => blockToString(inner, indent + 1, layout));
  return `[${blocks.join(`,${'\n'.repeat(inner.length)}${' '.repeat(indent + 1)}`)}]`;
}

function rowToString(size: number, indent: number, layout: Layout): string {
  // Two characters for the comma and the space.
  const perLine = Math.max(1, Math.floor((layout.linewidth - indent) / (layout.width + 2)));
  const items = withEllipsis(size, layout.edge, ' ...', () => layout.write(layout.next++));
  const lines: string[] = [];
  for (let start = 0; start < items.length; start += perLine) {
    lines.push(items.slice(start, start + perLine).join(', '));
  }
  return `[${lines.join(`,\n${' '.repeat(indent + 1)}`)}]`;
}

/** The items of one dimension, made in order, with `ellipsis` in place of those between the edges. */
function withEllipsis(size: number, edge: number, ellipsis: string, makeItem: () => string): string[] {
  const isCut = size > 2 * edge;
  const shown = isCut ? 2 * edge : size;
  const items: string[] = [];
  for (let i = 0; i < shown; i++) {
    if (isCut && i === edge) items.push(ellipsis);
    items.push(makeItem());
  }
  return items;
}

function elementWriter(elements: PrintableElements, options: PrintOptions): Pick<Layout, 'write' | 'width'> {
  switch (elements.kind) {
    case 'plain':
      return arrayWriter(elements.values, plainFormatter(elements.values));
    case 'float':
      return arrayWriter(elements.values, floatFormatter(elements.values, options, elements.decides));
    case 'complex':
      return complexWriter(elements.real, elements.imag, options);
  }
}

function arrayWriter<T>(
  values: ArrayLike<T>,
  { format, width }: Formatter<T>,
): Pick<Layout, 'write' | 'width'> {
  return { width, write: (index) => format(values[index] as T) };
}

/** Real and imaginary parts are formatted apart: each decides on its own about notation and width. */
function complexWriter(
  real: ArrayLike<number>,
  imag: ArrayLike<number>,
  options: PrintOptions,
): Pick<Layout, 'write' | 'width'> {
  const realFormatter = floatFormatter(real, options);
  const imagFormatter = floatFormatter(imag, options);
  return {
    // One more for the `j`.
    width: realFormatter.width + imagFormatter.width + 1,
    write(index) {
      const imagText = `${imagFormatter.format(imag[index] as number)}j`.trimStart();
      const sign = imagText.startsWith('-') ? '' : '+';
      return `${realFormatter.format(real[index] as number)}${sign}${imagText}`;
    },
  };
}
