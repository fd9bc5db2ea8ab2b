/**
 * Records what the twin gives for the embedded passages, for the tests on machines without Python:
 *
 *     node dist/test/examples/recordForum.js
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../support/python.js';
import { smallBatches } from './batches.js';
import { numberOf, stepsInPython } from './twin.js';

const steps = stepsInPython(smallBatches(4, 8, 80, true), { threads: 1 });
const losses = steps.map(({ loss, lossAdv }) => [numberOf(loss), numberOf(lossAdv)]);
writeFileSync(join(root, 'test', 'fixtures', 'forumLosses.json'), `${JSON.stringify(losses)}\n`);
