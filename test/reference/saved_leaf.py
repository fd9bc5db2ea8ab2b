"""What PyTorch does when a leaf's data is swapped, and given back, between a forward and its backward pass.

Prints JSON: for each operation and each order of events the gradients of the leaf and of the operation's other input
as hexadecimal bytes, and what happens where the data is changed in place instead.
"""

import json

import torch
import torch.nn.functional as F

OPERATIONS = {
    "matmul": ((6, 12), lambda w, x: x @ w),
    "mul": ((12, 5), lambda w, x: w * x),
    "linear": ((6, 5), lambda w, x: F.linear(x, w)),
    "embedding": ((12, 5), lambda w, x: F.embedding(torch.tensor([3, 0, 7, 3]), w) * x[:4]),
}


def inputs(shape):
    torch.manual_seed(0)
    weight = torch.randn(12, 5, requires_grad=True)
    x = torch.randn(shape, requires_grad=True)
    perturbation = torch.randn(12, 5) * 5.0
    return weight, x, perturbation


def gradients(weight, x):
    return {"weight": weight.grad.numpy().tobytes().hex(), "x": x.grad.numpy().tobytes().hex()}


def functional(shape, operation):
    weight, x, perturbation = inputs(shape)
    moved = (weight + perturbation).detach().requires_grad_()
    operation(moved, x).pow(2).sum().backward()
    return gradients(moved, x)


def swapped(shape, operation, backward_first):
    weight, x, perturbation = inputs(shape)
    original = weight.data
    weight.data = weight + perturbation
    loss = operation(weight, x).pow(2).sum()
    if backward_first:
        loss.backward()
    weight.data = original
    if not backward_first:
        loss.backward()
    return gradients(weight, x)


def changed_in_place(shape, operation, through_data):
    weight, x, perturbation = inputs(shape)
    loss = operation(weight, x).pow(2).sum()
    if through_data:
        weight.data.add_(perturbation)
    else:
        with torch.no_grad():
            weight.add_(perturbation)
    try:
        loss.backward()
    except RuntimeError as error:
        return {"error": str(error)}
    return gradients(weight, x)


print(json.dumps({
    name: {
        "functional": functional(*case),
        "restored first": swapped(*case, backward_first=False),
        "backward first": swapped(*case, backward_first=True),
        "changed under no_grad": changed_in_place(*case, through_data=False),
        "changed through data": changed_in_place(*case, through_data=True),
    }
    for name, case in OPERATIONS.items()
}))
