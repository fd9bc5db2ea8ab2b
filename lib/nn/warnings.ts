const given = new Set<string>();

/** Emits a process warning named `UserWarning`, each text once a process. */
export function warnOnce(message: string): void {
  if (given.has(message)) return;
  given.add(message);
  process.emitWarning(message, 'UserWarning');
}
