// Runs a compiled program of this package as a child that gets every signal once.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';

// A Ctrl-C reaches this process twice: from the terminal and, a moment later, from npm, which passes on its own.
const ECHO_MS = 400;
const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'];

/**
 * Runs a program with this Node and waits for it. The child is in a process group of its own, so that the terminal
 * and npm don't signal it beside this process: what comes here is passed on, once.
 *
 * @param {string[]} args Node's arguments: the program and its own.
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<number>} The exit status; 128 + n for a child ended by signal n.
 */
export function launch(args, { cwd, env } = {}) {
  const ownGroup = process.platform !== 'win32';
  const child = spawn(process.execPath, args, { stdio: 'inherit', cwd, env, detached: ownGroup });
  const last = new Map();
  const pass = (signal) => {
    const now = Date.now();
    if (now - (last.get(signal) ?? Number.NEGATIVE_INFINITY) >= ECHO_MS && ownGroup) child.kill(signal);
    last.set(signal, now);
  };
  for (const signal of FORWARDED) process.on(signal, pass);
  if (ownGroup) {
    process.on('SIGWINCH', () => child.kill('SIGWINCH'));
    // Ctrl-Z and fg: the child stops and goes on with this process.
    process.on('SIGTSTP', () => {
      child.kill('SIGSTOP');
      process.kill(process.pid, 'SIGSTOP');
    });
    process.on('SIGCONT', () => child.kill('SIGCONT'));
    process.on('exit', () => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(signal ? 128 + constants.signals[signal] : code));
  });
}
