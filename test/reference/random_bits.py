"""Random numbers as PyTorch draws them from given seeds, and what it draws from a state that it is given.

Reads JSON {"seeds": [...], "sizes": [...], "state": hex} and prints, for each seed and size, the bytes of one call of
each random function after another, in hexadecimal; then what follows from the state, and the state afterwards.
"""

import json
import sys

import torch
import torch.nn.functional as F


def hexed(tensor):
    return tensor.contiguous().numpy().tobytes().hex()


def draws(n):
    return {
        "rand": hexed(torch.rand(n)),
        "rand float64": hexed(torch.rand(n, dtype=torch.float64)),
        "randn": hexed(torch.randn(n)),
        "randn float64": hexed(torch.randn(n, dtype=torch.float64)),
        "randint": hexed(torch.randint(-5, 1000, (n,))),
        "randint wide": hexed(torch.randint(0, 2**40, (n,))),
        "randperm": hexed(torch.randperm(n)),
        "bernoulli": hexed(torch.bernoulli(torch.full((n,), 0.3))),
        "bernoulli_": hexed(torch.empty(n).bernoulli_(0.7)),
        "normal": hexed(torch.normal(2.0, 3.0, (n,))),
        "dropout": hexed(F.dropout(torch.ones(n), 0.4)),
        "uniform_": hexed(torch.empty(n).uniform_(-2, 2)),
        "normal_": hexed(torch.empty(n).normal_(1, 2)),
        "exponential_": hexed(torch.empty(n).exponential_(1.5)),
        "multinomial": hexed(torch.multinomial(torch.arange(1.0, n + 1), 3, replacement=True)),
        "random_": hexed(torch.empty(n, dtype=torch.int64).random_()),
    }


def main():
    given = json.load(sys.stdin)
    result = {}
    for seed in given["seeds"]:
        for size in given["sizes"]:
            torch.manual_seed(int(seed))
            result[f"{seed} {size}"] = draws(size)
    torch.set_rng_state(torch.frombuffer(bytearray.fromhex(given["state"]), dtype=torch.uint8))
    continued = hexed(torch.randn(37))
    generator = torch.Generator().manual_seed(7)
    print(
        json.dumps(
            {
                "draws": result,
                "continued": continued,
                "state": hexed(torch.get_rng_state()),
                "next": hexed(torch.randn(21)),
                "generator": hexed(torch.randn(20, generator=generator)),
                "generator permutation": hexed(torch.randperm(20, generator=generator)),
                "initial seeds": {str(seed): str(torch.manual_seed(int(seed)).initial_seed()) for seed in given["seeds"]},
            }
        )
    )


main()
