"""Python's side of the operator benchmark: the twin of work.ts. Argument: threads.

A request holds the statement; the loop is compiled with the statement in it, as it would be written.
"""

import json
import sys
import time
from types import SimpleNamespace

import torch
import torch.nn.functional as F


def operands(n):
    torch.manual_seed(0)
    m = min(n, 64)
    return dict(
        n=n,
        a=torch.randn([n, n]),
        b=torch.randn([n, n]),
        mask=torch.randn([n, n]).gt(0),
        v=torch.randn([n]),
        index=torch.randint(0, n, [n]),
        indices=torch.randint(0, n, [n, n]),
        row=torch.randn([1, n]),
        batch=torch.randn([4, m, m]),
        out=torch.ones([n, n]),
        w=torch.randn([n, n], requires_grad=True),
        scalar=torch.ones([]),
        image=torch.randn([1, 3, 4, 4]),
        kernel=torch.randn([3, 3, 3, 3]),
    )


torch.set_num_threads(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
sizes = {}
loops = {}


def loop_of(statement, x):
    """A function of the operands, which are its locals, as they would be in a function that is written by hand."""
    namespace = {"torch": torch, "F": F}
    source = f"def loop(count, {', '.join(x)}):\n    for _ in range(count):\n        {statement}\n"
    exec(source, namespace)
    return namespace["loop"]


for line in sys.stdin:
    request = SimpleNamespace(**json.loads(line))
    if request.n not in sizes:
        sizes[request.n] = operands(request.n)
    x = sizes[request.n]
    if request.statement not in loops:
        loops[request.statement] = loop_of(request.statement, x)
    loop = loops[request.statement]
    start = time.perf_counter()
    loop(request.count, **x)
    seconds = time.perf_counter() - start
    x["out"].fill_(1)
    x["w"].grad = None
    print(json.dumps({"seconds": seconds}), flush=True)
