import type { Parameter } from '../nn/parameter.js';

/** Takes parameters' gradients away, so that those of one pass are seen or undone alone; gives what puts them back. */
export function setAside(parameters: readonly Parameter[]): {
  /** To the gradients that there are now. */
  add(): void;
  /** In their place. */
  restore(): void;
} {
  const before = parameters.map((parameter) => parameter.grad);
  for (const parameter of parameters) parameter.grad = null;
  return {
    add() {
      parameters.forEach((parameter, i) => {
        const earlier = before[i] ?? null;
        if (earlier === null) return;
        parameter.grad = parameter.grad === null ? earlier : earlier.add(parameter.grad);
      });
    },
    restore() {
      parameters.forEach((parameter, i) => {
        parameter.grad = before[i] ?? null;
      });
    },
  };
}
