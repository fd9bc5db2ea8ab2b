// The compiler and CMake: what there is, and how to get what is missing.
import { spawnSync } from 'node:child_process';
import { Failure } from './failure.mjs';

const INSTALL = {
  linux: {
    compiler: 'sudo apt-get install g++        # or: dnf install gcc-c++, apk add g++, pacman -S gcc',
    cmake:
      'sudo apt-get install cmake      # or: dnf, apk add, pacman -S cmake; python3 -m pip install cmake',
  },
  darwin: {
    compiler: 'xcode-select --install',
    cmake: 'brew install cmake               # or: python3 -m pip install cmake',
  },
  win32: {
    compiler: 'winget install Microsoft.VisualStudio.2022.BuildTools',
    cmake: 'winget install Kitware.CMake',
  },
};
/** The oldest CMake that will do. */
export const MINIMUM_CMAKE = [3, 18];

/** Whether a version such as 3.25.1 is a minimum such as [3, 18] or newer. */
export function versionAtLeast(version, [major, minor]) {
  const [ownMajor, ownMinor = 0] = version.split('.').map(Number);
  return ownMajor > major || (ownMajor === major && ownMinor >= minor);
}

/** The first line that a program prints for --version, or null. */
function versionOf(program, args = ['--version']) {
  const run = spawnSync(program, args, { encoding: 'utf8', timeout: 30_000 });
  if (run.error || run.status !== 0) return null;
  return run.stdout.split('\n')[0].trim();
}

/** The C++ compiler that CMake would take: `{ program, version }`, or null. Names tried are in `tried`. */
export function findCompiler(env = process.env) {
  const tried = [
    ...(env.CXX ? [env.CXX] : []),
    ...(process.platform === 'darwin' ? ['clang++'] : []),
    'c++',
    'g++',
    'clang++',
  ];
  if (process.platform === 'win32') return { program: 'MSVC', version: 'found by CMake', tried };
  for (const name of env.CXX ? [env.CXX] : tried) {
    const [program, ...rest] = name.split(' ');
    const version = versionOf(program, [...rest, '--version']);
    if (version) return { program: name, version, tried };
  }
  return { program: null, version: null, tried: env.CXX ? [env.CXX] : tried };
}

/** CMake on PATH: `{ version }`, null where there is none. */
export function findCmake() {
  const line = versionOf('cmake');
  return { version: line ? (/(\d+\.\d+(\.\d+)?)/.exec(line)?.[1] ?? line) : null };
}

/** Programs that make the build faster where they are there. */
export function findHelpers() {
  return { ninja: versionOf('ninja'), ccache: versionOf('ccache') };
}

/** Throws a Failure that names the first tool that is missing. */
export function checkToolchain(env = process.env) {
  const hints = INSTALL[process.platform] ?? INSTALL.linux;
  const path = `PATH: ${env.PATH ?? env.Path ?? ''}`;
  const cmake = findCmake();
  if (!cmake.version) {
    throw new Failure('CMake is missing.', {
      lookedFor: 'cmake 3.18 or newer',
      where: [path],
      cure: [hints.cmake, 'npm install'],
    });
  }
  if (!versionAtLeast(cmake.version, MINIMUM_CMAKE)) {
    throw new Failure(`CMake ${cmake.version} is too old.`, {
      lookedFor: `cmake ${MINIMUM_CMAKE.join('.')} or newer`,
      where: [path],
      cure: [hints.cmake, 'npm install'],
    });
  }
  const compiler = findCompiler(env);
  if (!compiler.program) {
    throw new Failure('There is no C++ compiler.', {
      lookedFor: `${compiler.tried.join(', ')} (with C++20)`,
      where: [path],
      cure: [hints.compiler, 'npm install'],
    });
  }
}
