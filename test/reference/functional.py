"""Evaluates expressions with PyTorch, each from the same seed, for the tests in test/functional/.

Reads a JSON list of Python expressions from the standard input. Prints for each what `torch` gives: the tensors in it
(dtype, shape, bits, name of the gradient function) and the gradients of those that `x` has made, or the error.
"""

import json
import math
import sys
import warnings

import torch

warnings.simplefilter("ignore")
inf, nan = math.inf, math.nan
f64, i64, c64 = torch.float64, torch.int64, torch.complex64
leaves = []


def x(*shape, dtype=torch.float32):
    """A leaf of random numbers."""
    leaf = torch.randn(shape, dtype=dtype, requires_grad=True)
    leaves.append(leaf)
    return leaf


def ints(*values):
    return torch.tensor(values, dtype=i64)


def symmetric(n, dtype=torch.float64):
    """A positive definite matrix."""
    a = torch.randn(n, n, dtype=dtype)
    return a.matmul(a.mT)


def bits(tensor):
    dense = tensor.detach()
    if dense.layout != torch.strided:
        dense = dense.to_dense()
    dense = dense.resolve_conj().resolve_neg().contiguous()
    flat = dense.reshape(-1).view(torch.uint8) if dense.numel() > 0 else dense.new_empty(0, dtype=torch.uint8)
    return f"{str(tensor.dtype)[6:]}[{','.join(map(str, tensor.shape))}] {bytes(flat.numpy()).hex()}"


def tensors_in(value):
    if isinstance(value, torch.Tensor):
        return [value]
    if isinstance(value, (list, tuple)):
        return [tensor for item in value for tensor in tensors_in(item)]
    return []


def described(tensor):
    return [bits(tensor), tensor.grad_fn.name() if tensor.grad_fn is not None else None]


def evaluate(expression):
    leaves.clear()
    torch.manual_seed(0)
    try:
        value = eval(expression, globals())
    except Exception as error:
        return {"error": str(error)}
    outputs = tensors_in(value)
    result = {"outputs": [described(tensor) for tensor in outputs]}
    if isinstance(value, (list, tuple)) and not outputs:
        result["value"] = list(value)
    differentiable = [tensor for tensor in outputs if tensor.requires_grad]
    if leaves and differentiable:
        try:
            total = sum(tensor.abs().sum() for tensor in differentiable)
            gradients = torch.autograd.grad(total, leaves, allow_unused=True)
            result["gradients"] = [None if gradient is None else bits(gradient) for gradient in gradients]
        except Exception:
            result["gradients"] = "error"
    return result


print(json.dumps([evaluate(expression) for expression in json.load(sys.stdin)]))
