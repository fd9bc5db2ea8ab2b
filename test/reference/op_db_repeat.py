"""Whether PyTorch itself gives the same bits again, with other contents in memory that it does not initialise."""

import ctypes
import json
import random

# Where there is no C library to ask, the contents are whatever they are.
try:
    LIBRARY = ctypes.CDLL(None)
    LIBRARY.malloc.restype = ctypes.c_void_p
    LIBRARY.malloc.argtypes = [ctypes.c_size_t]
    LIBRARY.free.argtypes = [ctypes.c_void_p]
except (OSError, TypeError, AttributeError):
    LIBRARY = None

PATTERNS = (0, 255)
SIZES = (*range(24, 281, 16), 520, 1032, 4104)


class Memory:
    """What the next calls shall find in memory: a byte, or whatever there is."""

    byte = None
    order = random.Random(0)


def fill_free_memory():
    """Small free blocks of the heap hold the byte that is asked for. More of each size than the C library caches."""
    byte = Memory.byte
    if LIBRARY is None or byte is None:
        return
    blocks = []
    for size in SIZES:
        for _ in range(24):
            block = LIBRARY.malloc(size)
            ctypes.memset(block, byte, size)
            blocks.append(block)
    # Another order each time, since the C library aligns what PyTorch asks for, and writes to what is free itself.
    Memory.order.shuffle(blocks)
    for block in blocks:
        LIBRARY.free(block)


def varying(samples_again, run, repeat):
    """The numbers of the samples whose results differ among `repeat` runs. `run` gives a header and bytes."""
    first = {}
    found = set()
    for turn in range(repeat):
        Memory.byte = PATTERNS[turn % len(PATTERNS)]
        for i, sample in samples_again():
            if i in found:
                continue
            header, parts = run(sample)
            digest = hash((json.dumps(header), b"".join(parts)))
            if first.setdefault(i, digest) != digest:
                found.add(i)
    Memory.byte = None
    return found
