// Set-up for what compares litorch with PyTorch: both on one libtorch, and said where they are not.
import { setUp } from './setup.mjs';

/**
 * Sets up against the reference's own libtorch, unless LIBTORCH names one, and says what is compared with what.
 *
 * @param {{ python: string, version: string, folder: string } | { why: string }} reference
 * @param {(line: string) => void} [say]
 */
export async function setUpWithReference(reference, say = console.log) {
  const live = 'python' in reference;
  const libtorch = await setUp({ say, prefer: live ? reference.folder : undefined });
  const own = `litorch on libtorch ${libtorch.version} (${libtorch.flavour})`;
  if (!live) {
    say(`litorch: no live reference: ${reference.why}`);
    say(`litorch: comparing ${own} with the recorded fixtures only`);
    return;
  }
  say(`litorch: comparing ${own} with PyTorch ${reference.version} of ${reference.python}`);
  if (libtorch.version !== reference.version) {
    say(
      'litorch: the versions differ, so results may differ in their last bits; unset LIBTORCH to compare like with like',
    );
  }
}
