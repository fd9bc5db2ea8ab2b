"""torch.nn.utils.spectral_norm: forward passes, gradients and state, as hexadecimal bytes."""

import json

import torch
from torch import nn


def hexes(tensor):
    return tensor.detach().contiguous().numpy().tobytes().hex()


def run(make, shape, **options):
    torch.manual_seed(2)
    module = nn.utils.spectral_norm(make(), **options)
    x = torch.randn(shape)
    outputs = []
    for i in range(4):
        module.train(i < 3)
        out = module(x)
        outputs.append(hexes(out))
        out.pow(2).sum().backward()
    state = {name: hexes(value) for name, value in module.state_dict().items()}
    gradients = {name: hexes(p.grad) for name, p in module.named_parameters()}
    nn.utils.remove_spectral_norm(module)
    removed = {name: hexes(value) for name, value in module.state_dict().items()}
    return {"outputs": outputs, "state": state, "gradients": gradients, "removed": removed}


print(
    json.dumps(
        {
            "linear": run(lambda: nn.Linear(5, 4), (3, 5)),
            "three iterations, other dimension": run(lambda: nn.Linear(5, 4), (3, 5), n_power_iterations=3, dim=1),
            "embedding": run(lambda: nn.Linear(7, 2, bias=False), (3, 7), eps=1e-6),
        }
    )
)
