/** How the arms are told apart: by colour, by marker, and by the line's style, so that no one of them is needed. */

/**
 * Hues after Okabe and Ito and after Tol that stay apart under colour blindness; each against white and against the
 * dark ground with a contrast of at least 3.
 */
const HUES: readonly { light: string; dark: string }[] = [
  { light: '#0066a8', dark: '#5eb3f0' },
  { light: '#cc5500', dark: '#ff9a4d' },
  { light: '#00805c', dark: '#3fcfa0' },
  { light: '#a8327a', dark: '#f08cc8' },
  { light: '#7a6400', dark: '#e3c94b' },
  { light: '#4d4d57', dark: '#c4c8d0' },
  { light: '#6a3fc4', dark: '#b3a1ff' },
];

const MARKERS = ['circle', 'rect', 'triangle', 'diamond', 'cross'] as const;

/** Dashes and gaps in pixels, in SVG's form; the first is a whole line. */
const DASHES = ['', '9 3 2 3', '2 3'] as const;
const CONTROL_DASH = '5 4';

export type Marker = (typeof MARKERS)[number];

/** The look of one line. */
export interface Look {
  /** A CSS colour: a variable that {@link colorRules} defines. */
  color: string;
  marker: Marker;
  /** Dashes and gaps in pixels; empty for a whole line. */
  dash: string;
  /** Whether markers are outlines. */
  hollow: boolean;
}

/**
 * The look of an arm's line. Colour and marker have periods of 7 and 5, so that 35 arms differ.
 *
 * @param index The arm's place among the arms.
 * @param nth Which of the arm's lines in this panel it is, from 0, controls left out.
 */
export function lookOf(index: number, nth: number, control: boolean): Look {
  return {
    color: `var(--arm-${index % HUES.length})`,
    marker: MARKERS[index % MARKERS.length]!,
    dash: control ? CONTROL_DASH : DASHES[nth % DASHES.length]!,
    hollow: control,
  };
}

/** The CSS that defines the arms' colours for a light or a dark ground. */
export function colorRules(ground: 'light' | 'dark'): string {
  return HUES.map((hue, i) => `--arm-${i}:${hue[ground]};`).join('');
}

/** The path of a marker in a square of side 2 around the origin. */
export function markerPath(marker: Marker): string {
  switch (marker) {
    case 'circle':
      return 'M-.9 0a.9 .9 0 1 0 1.8 0a.9 .9 0 1 0 -1.8 0z';
    case 'rect':
      return 'M-.8-.8h1.6v1.6h-1.6z';
    case 'triangle':
      return 'M0-1L1 .8h-2z';
    case 'diamond':
      return 'M0-1.1L1.1 0L0 1.1L-1.1 0z';
    case 'cross':
      return 'M-.3-1h.6v.7h.7v.6h-.7v.7h-.6v-.7h-.7v-.6h.7z';
  }
}
