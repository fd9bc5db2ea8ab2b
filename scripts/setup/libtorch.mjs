// What a folder holds of libtorch, read from its files alone: nothing is loaded or run.
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** The version that litorch fetches when it finds none, and that its tests compare with. */
export const PINNED = '2.13.0';
/** The versions that litorch builds against, first and last. */
export const SUPPORTED = { first: [2, 11], last: [2, 14] };

const PREFIX = process.platform === 'win32' ? '' : 'lib';
const SUFFIX = { win32: '.lib', darwin: '.dylib' }[process.platform] ?? '.so';

/** The file name of one of libtorch's libraries on this platform. */
export const libraryName = (name) => `${PREFIX}${name}${SUFFIX}`;

/** The range of versions in words. */
export const supportedRange = () => `${SUPPORTED.first.join('.')} to ${SUPPORTED.last.join('.')}`;

/** Whether a version, such as 2.13.0+cpu, is one that litorch builds against. */
export function isSupported(version) {
  const match = /^(\d+)\.(\d+)/.exec(version);
  if (!match) return false;
  const rank = ([major, minor]) => major * 1000 + minor;
  const own = rank([Number(match[1]), Number(match[2])]);
  return own >= rank(SUPPORTED.first) && own <= rank(SUPPORTED.last);
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** The version that the files of a libtorch tell, or ''. */
function readVersion(root, include) {
  const python = /^__version__ = ['"]([^'"]+)/m.exec(read(join(root, 'version.py')));
  if (python) return python[1];
  const file = read(join(root, 'build-version')).trim();
  if (/^\d+\.\d+/.test(file)) return file;
  for (const header of ['torch/headeronly/version.h', 'torch/csrc/api/include/torch/version.h']) {
    const define = /define TORCH_VERSION "?([\d.]+[^"\s]*)/.exec(read(join(include, header)));
    if (define) return define[1];
    const part = (name) =>
      new RegExp(`define TORCH_VERSION_${name} (\\d+)`).exec(read(join(include, header)))?.[1];
    if (part('MAJOR')) return `${part('MAJOR')}.${part('MINOR')}.${part('PATCH') ?? 0}`;
  }
  return '';
}

/** What kind of accelerator a libtorch is for: cpu, cu130, rocm6.4, xpu, ... */
function readFlavour(root, lib, version) {
  const local = /\+(.+)$/.exec(version)?.[1];
  if (local && /^(cpu|cu\d+|rocm[\d.]+|xpu)/.test(local)) return local;
  const has = (name) => existsSync(join(lib, libraryName(name)));
  if (has('torch_cuda')) {
    const cuda = /^cuda(?:: [^=]+)? = ['"]([\d.]+)/m.exec(read(join(root, 'version.py')))?.[1];
    return cuda ? `cu${cuda.replaceAll('.', '')}` : 'cuda';
  }
  if (has('torch_hip')) return 'rocm';
  if (has('torch_xpu')) return 'xpu';
  return 'cpu';
}

/** Folders that may hold the libraries of a prefix: its own lib, and those of a system's layout. */
function libraryFolders(root) {
  const folders = [join(root, 'lib'), join(root, 'lib64')];
  try {
    for (const name of readdirSync(join(root, 'lib'))) {
      if (/-linux-gnu/.test(name)) folders.push(join(root, 'lib', name));
    }
  } catch {
    // No lib folder: what is missing is told by the caller.
  }
  return folders;
}

/**
 * Describes the libtorch in a folder: the folder itself (a libtorch, a torch package or a system prefix), or its
 * child `libtorch` or `torch`.
 *
 * @param {string} folder
 * @returns {{ ok: true, root: string, lib: string, include: string[], version: string, flavour: string }
 *   | { ok: false, why: string }} What it is, or why it can't be used.
 */
export function describeLibtorch(folder) {
  if (!existsSync(folder)) return { ok: false, why: `${folder} does not exist` };
  const roots = [folder, join(folder, 'libtorch'), join(folder, 'torch')];
  const root = roots.find((path) =>
    libraryFolders(path).some((lib) => existsSync(join(lib, libraryName('torch_cpu')))),
  );
  if (!root) return { ok: false, why: `there is no ${libraryName('torch_cpu')} in ${join(folder, 'lib')}` };

  const lib = libraryFolders(root).find((path) => existsSync(join(path, libraryName('torch_cpu'))));
  const include = join(root, 'include');
  for (const name of ['c10', 'torch']) {
    if (!existsSync(join(lib, libraryName(name)))) {
      return { ok: false, why: `${libraryName(name)} is missing in ${lib}` };
    }
  }
  if (!existsSync(join(include, 'ATen', 'ATen.h'))) {
    return { ok: false, why: `the C++ headers (ATen/ATen.h) are missing in ${include}` };
  }
  const version = readVersion(root, include);
  if (!version) return { ok: false, why: `${root} does not tell its version` };
  const flavour = readFlavour(root, lib, version);
  if (!isSupported(version)) {
    return { ok: false, why: `it is version ${version}, and litorch supports ${supportedRange()}` };
  }
  const api = join(include, 'torch', 'csrc', 'api', 'include');
  return {
    ok: true,
    root: realpathSync(root),
    lib: realpathSync(lib),
    include: [include, api].filter(existsSync).map((path) => realpathSync(path)),
    version,
    flavour,
  };
}

/** The folders where CUDA's headers lie beside a torch package that pip installed. */
export function pipCudaHeaders(root) {
  const nvidia = join(dirname(root), 'nvidia');
  if (basename(root) !== 'torch' || !existsSync(nvidia)) return [];
  return readdirSync(nvidia)
    .map((name) => join(nvidia, name, 'include'))
    .filter((path) => existsSync(join(path, 'cuda_runtime_api.h')));
}
