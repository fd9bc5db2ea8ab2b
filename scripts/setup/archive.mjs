// The pinned libtorch from PyTorch's official archive, each file with its checksum.
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { PINNED } from './libtorch.mjs';

/** The page that lists PyTorch's CPU wheels, each link with the file's SHA-256. LITORCH_ARCHIVE names another. */
export const ARCHIVE = 'https://download.pytorch.org/whl/cpu/torch/';

/** Checksums of files that were measured here. For the others the archive's own page is the authority. */
const KNOWN = {
  'torch-2.13.0+cpu-cp311-cp311-manylinux_2_28_x86_64.whl':
    '6746dbcbeb526eb61330b76b41ff1b4eb848951103a892eeb080dfa2b264667b',
};

/** How the names of wheels for this platform end. */
function platformTag(platform, arch) {
  const machine = { x64: '(x86_64|amd64)', arm64: '(aarch64|arm64)' }[arch];
  const system = { linux: 'manylinux\\w*', darwin: 'macosx\\w*', win32: 'win' }[platform];
  return machine && system ? new RegExp(`-${system}_${machine}\\.whl$`) : null;
}

/**
 * Chooses the wheel for a platform from an index page.
 *
 * @returns {{ name: string, url: string, sha256: string } | { why: string }}
 */
export function chooseWheel(page, base, { platform = process.platform, arch = process.arch } = {}) {
  const tag = platformTag(platform, arch);
  if (!tag) return { why: `PyTorch has no builds for ${platform}-${arch}` };
  const wheels = [];
  for (const [, href] of page.matchAll(/<a\s[^>]*href="([^"]+)"/g)) {
    const url = new URL(href.replaceAll('&amp;', '&'), base);
    const name = decodeURIComponent(url.pathname.split('/').at(-1));
    const version = /^torch-([^-]+)-cp3\d+-/.exec(name)?.[1];
    if (version !== PINNED && version !== `${PINNED}+cpu`) continue;
    if (!tag.test(name)) continue;
    const sha256 = KNOWN[name] ?? /sha256=([0-9a-f]{64})/.exec(url.hash)?.[1];
    url.hash = '';
    if (sha256) wheels.push({ name, url: url.href, sha256 });
  }
  // Any Python version will do, for only the C++ part is used; one whose checksum is known is best.
  const best =
    wheels.find(({ name }) => name in KNOWN) ?? wheels.find(({ name }) => /-cp3\d+-cp3\d+-/.test(name));
  return best ?? { why: `${base} lists no checksummed torch ${PINNED} for ${platform}-${arch}` };
}

/** Downloads a file, telling every tenth part, and checks its SHA-256. Throws where it differs. */
export async function downloadChecked({ name, url, sha256 }, folder, say = console.log) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status} ${response.statusText}`);
  const total = Number(response.headers.get('content-length')) || 0;
  const hash = createHash('sha256');
  let done = 0;
  let told = 0;
  const file = join(folder, name);
  const source = Readable.fromWeb(response.body);
  source.on('data', (chunk) => {
    hash.update(chunk);
    done += chunk.length;
    if (total && done / total >= told + 0.1) {
      told = Math.floor((10 * done) / total) / 10;
      say(`litorch: ${name}: ${Math.round(100 * told)} % of ${(total / 1e6).toFixed(0)} MB`);
    }
  });
  await pipeline(source, createWriteStream(file));
  const measured = hash.digest('hex');
  if (measured !== sha256) throw new Error(`${url}: its SHA-256 is ${measured} and must be ${sha256}`);
  return file;
}

/**
 * Downloads the pinned wheel from the archive.
 *
 * @returns {Promise<{ wheel: string } | { why: string }>}
 */
export async function downloadFromArchive(folder, { env = process.env, say = console.log } = {}) {
  const base = env.LITORCH_ARCHIVE || ARCHIVE;
  try {
    const response = await fetch(base, { signal: AbortSignal.timeout(60_000) });
    if (!response.ok) return { why: `${base}: ${response.status} ${response.statusText}` };
    const choice = chooseWheel(await response.text(), base);
    if ('why' in choice) return choice;
    say(`litorch: downloading ${choice.url}`);
    return { wheel: await downloadChecked(choice, folder, say) };
  } catch (error) {
    return { why: `${base}: ${error.cause?.message || error.message}` };
  }
}
