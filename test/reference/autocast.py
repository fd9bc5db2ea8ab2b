"""Mixed precision on the CPU: dtypes of results, and the SHA-256 of the gradients of a small network."""

import hashlib
import json

import torch
import torch.nn.functional as F
from torch import nn

torch.set_num_threads(1)


def digest(tensor):
    return hashlib.sha256(tensor.detach().float().contiguous().numpy().tobytes()).hexdigest()


def network():
    torch.manual_seed(5)
    return nn.ModuleDict(
        {
            "embedding": nn.Embedding(30, 8),
            "lstm": nn.LSTM(8, 12, batch_first=True),
            "hidden": nn.Linear(12, 16),
            "norm": nn.LayerNorm(16),
            "head": nn.Linear(16, 4),
        }
    )


def run(dtype, cache):
    model = network()
    tokens = torch.arange(24).view(4, 6)
    labels = torch.tensor([0, 3, 1, 2])
    dtypes = []
    with torch.autocast("cpu", dtype=dtype, cache_enabled=cache):
        vectors = model["embedding"](tokens)
        # oneDNN trains no LSTM in float16.
        with torch.autocast("cpu", enabled=dtype == torch.bfloat16, dtype=dtype):
            out, _ = model["lstm"](vectors)
        hidden = torch.relu(model["hidden"](out[:, -1]))
        normed = model["norm"](hidden)
        with torch.autocast("cpu", enabled=False):
            product = hidden.float() @ hidden.float().t()
        logits = model["head"](normed)
        loss = F.cross_entropy(logits, labels)
        dtypes = [str(t.dtype) for t in (vectors, out, hidden, normed, product, logits, loss)]
    loss.backward()
    return {
        "dtypes": dtypes,
        "loss": digest(loss),
        "gradients": {name: digest(p.grad) for name, p in model.named_parameters()},
    }


print(
    json.dumps(
        {
            "bfloat16": run(torch.bfloat16, None),
            "float16": run(torch.float16, None),
            "bfloat16 without cache": run(torch.bfloat16, False),
        }
    )
)
