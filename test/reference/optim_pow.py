"""Prints the bits of `base ** exponent`, a Python float each, for the bases given as arguments: 1,000 exponents each."""

import struct
import sys

for base in map(float, sys.argv[1:]):
    steps = [*range(1, 901), *range(1000, 100001, 1000)]
    powers = [base ** float(step) for step in steps]
    roots = [(1 - power) ** 0.5 for power in powers]
    print(struct.pack(f"<{2 * len(steps)}d", *powers, *roots).hex())
