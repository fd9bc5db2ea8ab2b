/** What a reference script prints, live where there is a reference PyTorch, as recorded elsewhere. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { hasPython, root, runPython } from './python.js';

/** The JSON that `script` prints; `fixture` is the gzipped record in test/fixtures. */
export function liveOrRecorded<T>(script: string, fixture: string): T {
  const text = hasPython
    ? runPython(script)
    : gunzipSync(readFileSync(join(root, 'test', 'fixtures', fixture))).toString();
  return JSON.parse(text) as T;
}
