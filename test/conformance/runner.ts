/**
 * A child of the driver: asks a reference process for samples and runs each through litorch. It says on file 3 what it
 * begins and what came of it, at once, so that the driver knows the sample that ended the process.
 */
import { spawn } from 'node:child_process';
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import torch from '../../lib/index.js';
import { python, root } from '../support/python.js';
import { evaluate } from './evaluate.js';
import { faultOf } from './fault.js';
import type { Assignment, Message } from './messages.js';
import { FrameReader, type Header } from './protocol.js';

const REPORT = 3;

function say(message: Message): void {
  writeSync(REPORT, `${JSON.stringify(message)}\n`);
}

torch.setNumThreads(1);

const reference = spawn(python, [join(root, 'test', 'reference', 'op_db.py')], {
  stdio: ['pipe', 'pipe', 'inherit'],
});
const assignments: Assignment[] = [];
let ending = false;

process.on('message', (assignment: Assignment | 'end') => {
  if (assignment === 'end') {
    ending = true;
    reference.stdin.end();
    return;
  }
  assignments.push(assignment);
  reference.stdin.write(`${JSON.stringify(assignment.task)}\n`);
});

function handle(header: Header, bytes: Buffer): void {
  if ('ops' in header) {
    say({ listing: header });
    return;
  }
  const assignment = assignments[0] as Assignment;
  if ('end' in header) {
    assignments.shift();
    say({ end: true, ...(header.failed && { failed: header.failed.message }) });
    return;
  }
  say({ start: header.i });
  const { entry, task } = assignment;
  say(evaluate(entry, task.form, header, bytes, faultOf(assignment, header.i)));
}

// The driver has gone.
process.on('disconnect', () => process.exit(0));

const reader = new FrameReader();
reference.stdout.on('data', (piece: Buffer) => {
  for (const { header, bytes } of reader.push(piece)) handle(header, bytes);
});
reference.stdin.on('error', () => {});
reference.on('close', (code, signal) => {
  if (!ending) say({ died: signal ?? `status ${code}` });
  process.exit(0);
});
