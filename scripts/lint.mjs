// `npm run lint` checks formatting and lints, `npm run format` formats: TypeScript and JavaScript with Biome, C++ with
// clang-format and clang-tidy, shell scripts with shellcheck where it is installed. `-- --no-tidy` leaves out the
// slow one. The C++ tools come from pip, at pinned versions, into the git-ignored .cache/lint.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { Failure, runMain } from './setup/failure.mjs';
import { BUILD, ROOT, venvPython } from './setup/paths.mjs';
import { pip } from './setup/pip.mjs';

const TOOLS = ['clang-format==23.1.5', 'clang-tidy==23.1.4'];
const HOME = join(ROOT, '.cache', 'lint');
const write = process.argv.includes('--write');
const withTidy = !process.argv.includes('--no-tidy') && !write;

function tool(name) {
  return join(dirname(venvPython(HOME)), process.platform === 'win32' ? `${name}.exe` : name);
}

function installTools() {
  const stamp = join(HOME, 'tools.json');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === JSON.stringify(TOOLS)) return;
  const python = process.env.LITORCH_PYTHON || 'python3';
  const made = spawnSync(python, ['-m', 'venv', HOME], { encoding: 'utf8' });
  const installed =
    made.status === 0
      ? pip(venvPython(HOME), ['install', '--quiet', ...TOOLS])
      : { ok: false, why: made.stderr };
  if (!installed.ok) {
    throw new Failure('The C++ formatter and linter could not be installed.', {
      lookedFor: TOOLS.join(', '),
      where: [`pip of ${python}`],
      details: installed.why ?? made.error?.message,
      cure: ['sudo apt-get install python3-venv', 'npm run lint'],
    });
  }
  writeFileSync(stamp, JSON.stringify(TOOLS));
}

/** Every file of a folder with one of these endings. */
function filesIn(folder, endings) {
  const place = join(ROOT, folder);
  if (!existsSync(place)) return [];
  return readdirSync(place, { recursive: true })
    .filter((name) => endings.some((ending) => name.endsWith(ending)))
    .map((name) => join(place, name))
    .sort();
}

/** Runs a program with its output to the terminal. */
const passes = (program, args) => spawnSync(program, args, { cwd: ROOT, stdio: 'inherit' }).status === 0;

function biome() {
  const require = createRequire(join(ROOT, 'package.json'));
  const cli = join(dirname(require.resolve('@biomejs/biome/package.json')), 'bin', 'biome');
  return passes(process.execPath, [cli, 'check', '--error-on-warnings', ...(write ? ['--write'] : [])]);
}

function clangFormat() {
  const files = filesIn('native', ['.cpp', '.h']);
  return (
    files.length === 0 ||
    passes(tool('clang-format'), [...(write ? ['-i'] : ['--dry-run', '-Werror']), ...files])
  );
}

/** The build's compile commands, less what only the compiler that made them understands. */
function tidyDatabase() {
  const file = join(BUILD, 'compile_commands.json');
  if (!existsSync(file)) {
    throw new Failure('clang-tidy needs the addon to have been built.', {
      lookedFor: file,
      cure: ['npm run build:native -- --force', 'npm run lint'],
    });
  }
  const commands = JSON.parse(readFileSync(file, 'utf8'))
    .filter((entry) => entry.file.startsWith(join(ROOT, 'native')))
    .map((entry) => ({
      ...entry,
      command: entry.command
        .replace(/ -include \S*cmake_pch\S*/g, ` -include ${join(ROOT, 'native', 'pch.h')}`)
        .replace(
          / (-fpch-preprocess|-Winvalid-pch|-Xclang -fno-pch-timestamp|-Xclang -include-pch -Xclang \S+)/g,
          '',
        ),
    }));
  const folder = join(ROOT, 'build', 'tidy');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'compile_commands.json'), JSON.stringify(commands));
  return { folder, files: commands.map((entry) => entry.file) };
}

function tidyOne(folder, file) {
  return new Promise((resolve, reject) => {
    const child = spawn(tool('clang-tidy'), ['-p', folder, '--quiet', file], { cwd: ROOT });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    // What it writes there is only how many warnings of the system's headers it left out.
    child.stderr.resume();
    child.on('error', reject);
    child.on('close', (code) => {
      if (output.trim()) console.log(output.trim());
      resolve(code === 0);
    });
  });
}

async function clangTidy() {
  const { folder, files } = tidyDatabase();
  const queue = [...files];
  let ok = true;
  const work = async () => {
    for (let file = queue.shift(); file; file = queue.shift()) ok = (await tidyOne(folder, file)) && ok;
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return ok;
}

function shellcheck() {
  if (spawnSync('shellcheck', ['--version']).status !== 0) return true;
  return passes('shellcheck', [join(ROOT, '.ci', 'run'), ...filesIn('scripts', ['.sh'])]);
}

await runMain(async () => {
  installTools();
  const steps = [
    ['Biome', biome],
    ['clang-format', clangFormat],
    ...(withTidy ? [['clang-tidy', clangTidy]] : []),
    ['shellcheck', shellcheck],
  ];
  const failed = [];
  for (const [name, step] of steps) {
    const started = Date.now();
    const ok = await step();
    console.log(
      `lint: ${name} ${ok ? 'passed' : 'FAILED'} (${((Date.now() - started) / 1000).toFixed(1)} s)`,
    );
    if (!ok) failed.push(name);
  }
  return failed.length === 0 ? 0 : 1;
});
