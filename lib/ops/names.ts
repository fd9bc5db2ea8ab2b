/**
 * PyTorch's name in camel case: `log_softmax` → `logSoftmax`, `atleast_1d` → `atleast1d`. Underscores at either end
 * stay: `add_`, `_foreach_add_` → `_foreachAdd_`.
 */
export function camelCase(name: string): string {
  return name.replace(/(?<=[A-Za-z0-9])_+([A-Za-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
