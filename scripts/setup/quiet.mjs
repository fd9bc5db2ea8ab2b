// Set-up lines only where there is something to do: a second `npm start` says nothing of it.

/**
 * Runs a set-up whose `say` holds its lines back until one tells of work, or a failure.
 *
 * @template T
 * @param {(say: (line: string) => void) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function quietly(work) {
  const held = [];
  let open = false;
  const flush = () => {
    open = true;
    for (const line of held.splice(0)) console.log(line);
  };
  try {
    return await work((line) => {
      held.push(line);
      if (open || /: (npm|pip|building|making|downloading|unpacking)\b/.test(line)) flush();
    });
  } catch (error) {
    flush();
    throw error;
  }
}
