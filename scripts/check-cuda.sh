#!/usr/bin/env bash
# Checks litorch on CUDA: builds against the torch package of this machine's python3, runs the tests with their device
# set to CUDA (the forum's training step against its Python twin is one of them) and prints a table.
#
#   scripts/check-cuda.sh            check on this machine
#   scripts/check-cuda.sh --pack     pack Node, node_modules and dist into .carry/, for a machine without a network
#
# Exit status: 0 all passed, 1 something failed, 2 a wrong call or a missing tool, 3 no CUDA here.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 2
root=$PWD
carry=$root/.carry
scratch=${TMPDIR:-/tmp}/litorch-check-cuda

say() { printf 'check-cuda: %s\n' "$*"; }
die() {
  local status=$1
  shift
  printf 'check-cuda: %s\n' "$@" >&2
  exit "$status"
}

pack() {
  command -v xz >/dev/null || die 2 'xz is missing (Debian: apt-get install xz-utils)'
  [ -d node_modules ] || die 2 'node_modules is missing: run npm ci first'
  [ -f dist/lib/index.js ] || die 2 'dist is missing: run npm run build:ts first'
  mkdir -p "$carry" || exit 2
  say 'packing the Node binary, node_modules and dist into .carry/'
  xz -T0 -6 -c "$(node -p process.execPath)" >"$carry/node.xz" || exit 1
  # What only compiles, formats or lints stays behind.
  tar -cf - --exclude='node_modules/@biomejs' --exclude='node_modules/@typescript' --exclude='node_modules/typescript' \
    --exclude='node_modules/node-gyp' --exclude='node_modules/@types' --exclude='*.map' node_modules |
    xz -T0 -6 >"$carry/node_modules.tar.xz" || exit 1
  tar -cf - --exclude='*.map' --exclude='*.d.ts' dist | xz -T0 -6 >"$carry/dist.tar.xz" || exit 1
  du -ch "$carry"/*.xz
}

# unxz_to ARCHIVE FILE: python3 unpacks where there is no xz.
unxz_to() {
  if command -v xz >/dev/null; then
    xz -dc "$1" >"$2"
  else
    python3 -c 'import lzma, shutil, sys; shutil.copyfileobj(lzma.open(sys.argv[1]), open(sys.argv[2], "wb"))' "$1" "$2"
  fi
}

untar() {
  unxz_to "$1" "$scratch/archive.tar" && tar -xf "$scratch/archive.tar" -C "$root" && rm -f "$scratch/archive.tar"
}

# What python3's torch says of CUDA, as lines "key value".
torch_facts() {
  python3 - <<'PYTHON'
import importlib.util
import sys

spec = importlib.util.find_spec("torch")
if spec is None:
    print("missing torch")
    sys.exit()
import torch

print("version", torch.__version__)
print("folder", torch.__path__[0])
print("cuda", torch.version.cuda or "none")
print("available", "yes" if torch.cuda.is_available() else "no")
if torch.cuda.is_available():
    print("device", torch.cuda.get_device_name(0))
    print("cudnn", torch.backends.cudnn.version())
PYTHON
}

fact() { sed -n "s/^$1 //p" <<<"$facts" | head -n 1; }

case "${1-}" in
  '') ;;
  --pack)
    pack
    exit 0
    ;;
  *) die 2 "unknown argument '$1'; see the head of this script" ;;
esac

mkdir -p "$scratch"
command -v python3 >/dev/null || die 2 'there is no python3 on PATH'
facts=$(torch_facts 2>"$scratch/torch.err") || die 2 'python3 could not import torch:' "$(tail -n 3 "$scratch/torch.err")"
[ -z "$(fact missing)" ] || die 3 'no CUDA here: python3 has no torch package'
if [ "$(fact cuda)" = none ]; then die 3 "no CUDA here: torch $(fact version) of python3 is built without it"; fi
if [ "$(fact available)" != yes ]; then
  die 3 "no CUDA here: torch $(fact version) has CUDA $(fact cuda) but finds no device" \
    "$(nvidia-smi -L 2>&1 | head -n 2)"
fi
say "torch $(fact version), CUDA $(fact cuda), cuDNN $(fact cudnn), $(fact device)"

if ! command -v node >/dev/null; then
  [ -f "$carry/node.xz" ] || die 2 'there is no node on PATH and no .carry/node.xz (made by --pack elsewhere)'
  mkdir -p "$scratch/bin"
  unxz_to "$carry/node.xz" "$scratch/bin/node" || die 2 'could not unpack .carry/node.xz'
  chmod +x "$scratch/bin/node"
  export PATH=$scratch/bin:$PATH
fi
say "Node $(node --version) at $(command -v node)"
if [ ! -d node_modules ]; then
  [ -f "$carry/node_modules.tar.xz" ] || die 2 'there is no node_modules and no .carry/node_modules.tar.xz'
  untar "$carry/node_modules.tar.xz" || die 2 'could not unpack .carry/node_modules.tar.xz'
fi
if [ -d node_modules/typescript ]; then
  node scripts/compile.mjs || die 1 'the TypeScript did not compile'
else
  [ -f "$carry/dist.tar.xz" ] || die 2 'there is no TypeScript and no .carry/dist.tar.xz'
  rm -rf dist
  untar "$carry/dist.tar.xz" || die 2 'could not unpack .carry/dist.tar.xz'
fi

LIBTORCH=$(fact folder)
export LIBTORCH
node scripts/build.mjs || die 1 'the addon did not build'
node bin/litorch.js doctor || die 1 'the doctor finds litorch unusable'

# Both sides get the same deterministic matrix products; without this, cuBLAS may choose another way on each stream.
export CUBLAS_WORKSPACE_CONFIG=:4096:8
LITORCH_TEST_PYTHON=$(command -v python3)
export LITORCH_TEST_PYTHON LITORCH_TEST_DEVICE=cuda
results=$root/build/cuda-results.json
rm -f "$results"
# One process: each has a CUDA context of its own, which takes memory and seconds.
NODE_OPTIONS='--experimental-vm-modules --disable-warning=ExperimentalWarning' \
  node node_modules/jest/bin/jest.js --runInBand --json --outputFile="$results" >"$scratch/jest.log" 2>&1
status=$?
tail -n 100 "$scratch/jest.log"
node scripts/cuda-table.mjs "$results" "torch $(fact version), CUDA $(fact cuda), cuDNN $(fact cudnn), $(fact device)" |
  tee "$root/build/check-cuda.md" || status=1
exit "$status"
