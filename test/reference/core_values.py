"""What PyTorch gives for the expressions of test/tensor.test.ts, creation.test.ts and ops.test.ts.

Prints JSON: for each name the dtype, the shape and the bytes of the result in hexadecimal.
"""

import json

import torch


def described(tensor):
    plain = tensor.detach().contiguous()
    bits = plain.view(torch.uint8) if plain.dim() > 0 else plain.reshape(1).view(torch.uint8)
    return {"dtype": str(tensor.dtype), "shape": list(tensor.shape), "bits": bits.numpy().tobytes().hex()}


def creation():
    f64, i32 = torch.float64, torch.int32
    yield "tensor of fractions", torch.tensor([0.1, -2.5, 1e-45, 3.4e38, float("nan"), float("inf"), -0.0])
    yield "tensor of fractions as float64", torch.tensor([0.1, 1 / 3, 1e-320], dtype=f64)
    yield "tensor of fractions as float16", torch.tensor([0.1, 65504.0, 1e-8, 2049.0, 5.9604645e-08], dtype=torch.float16)
    yield "tensor of fractions as bfloat16", torch.tensor([0.1, 3.3895e38, 1.00390625, 1.01171875], dtype=torch.bfloat16)
    yield "tensor of fractions as int32", torch.tensor([1.9, -1.9, 0.5], dtype=i32)
    yield "tensor of integers as float32", torch.tensor([16777217, 2**53 + 1], dtype=torch.float32)
    yield "tensor of bool", torch.tensor([True, False])
    yield "tensor of numbers as bool", torch.tensor([0.0, 0.5, float("nan"), -1.0], dtype=torch.bool)
    yield "tensor of int64", torch.tensor([2**63 - 1, -(2**63), 0])
    yield "tensor of complex numbers", torch.tensor([1 + 2j, -0.5j])
    yield "tensor of complex numbers as complex128", torch.tensor([0.1 + 0.2j], dtype=torch.complex128)
    yield "tensor of nested lists", torch.tensor([[[1.0, 2.0]], [[3.0, 4.0]]])
    yield "tensor of no elements", torch.tensor([])
    yield "tensor of empty lists", torch.tensor([[], []])
    yield "tensor of uint8", torch.tensor([0, 255], dtype=torch.uint8)
    yield "zeros", torch.zeros(2, 3)
    yield "ones of int32", torch.ones(2, 3, dtype=i32)
    yield "full of a fraction", torch.full((2, 2), 0.1)
    yield "full of an integer", torch.full((2,), 7)
    yield "full of a bool", torch.full((2,), True)
    yield "arange", torch.arange(5)
    yield "arange of fractions", torch.arange(0, 1, 0.1)
    yield "arange from", torch.arange(2, 9, 3)
    yield "arange down", torch.arange(5, 0, -2)
    yield "arange of float64", torch.arange(0, 1, 0.1, dtype=f64)
    yield "linspace", torch.linspace(0, 1, 7)
    yield "logspace", torch.logspace(-2, 2, 5)
    yield "eye", torch.eye(2, 3)
    yield "zerosLike", torch.zeros_like(torch.ones(2, dtype=i32))
    yield "onesLike with a dtype", torch.ones_like(torch.ones(2), dtype=f64)
    yield "fullLike", torch.full_like(torch.ones(2), 3)
    yield "tril", torch.tril(torch.ones(3, 3))
    yield "meshgrid", torch.meshgrid(torch.arange(2), torch.arange(3), indexing="ij")[0]


def operators():
    torch.manual_seed(3)
    x, y, m = torch.randn(4, 5), torch.randn(4, 5), torch.randn(5, 3)
    i = torch.tensor([[0, 2, 1, 3, 3]])
    yield "add", x + y
    yield "add with alpha", torch.add(x, y, alpha=0.3)
    yield "add an integer", x + 3
    yield "add a fraction to integers", torch.arange(3) + 0.5
    yield "add an integer to integers", torch.arange(3) + 2
    yield "sub from a number", torch.rsub(x, 1.5)
    yield "div", x / y
    yield "div of integers", torch.arange(5) / 3
    yield "div rounded", torch.div(x, 0.3, rounding_mode="floor")
    yield "pow", x.abs() ** 1.7
    yield "matmul", x @ m
    yield "addmm", torch.addmm(torch.ones(3), x, m, beta=0.5, alpha=2)
    yield "einsum", torch.einsum("ij,jk->ki", x, m)
    yield "sum", x.sum()
    yield "sum of a dimension", x.sum(1, keepdim=True)
    yield "sum of two dimensions", x.sum((0, 1))
    yield "sum as float64", x.sum(dtype=torch.float64)
    yield "mean", x.mean(0)
    yield "std", x.std(1)
    yield "var without correction", x.var(1, correction=0)
    yield "softmax", x.softmax(-1)
    yield "logSoftmax", torch.log_softmax(x, 0)
    yield "logsumexp", torch.logsumexp(x, 1)
    yield "max values", x.max(1).values
    yield "max indices", x.max(1).indices
    yield "max of two", torch.max(x, y)
    yield "max of all", x.max()
    yield "sort", x.sort(1, descending=True)[0]
    yield "argsort", x.argsort(0)
    yield "topk", x.topk(2).indices
    yield "cumsum", x.cumsum(1)
    yield "norm", torch.norm(x, 2, 1)
    yield "clamp", x.clamp(-0.5, 0.5)
    yield "clamp from below", x.clamp(min=0.1)
    yield "where", torch.where(x > 0, x, y)
    yield "where with a number", torch.where(x > 0, x, -1.0)
    yield "gather", x.gather(0, i)
    yield "indexSelect", x.index_select(1, torch.tensor([4, 0]))
    yield "maskedFill", x.masked_fill(x > 0, float("-inf"))
    yield "scatterAdd", torch.zeros(4, 5).scatter_add(0, i, y)
    yield "cat", torch.cat([x, y], 1)
    yield "stack", torch.stack([x, y], dim=-1)
    yield "split", x.split(2)[1]
    yield "split by sizes", x.split([1, 3])[1]
    yield "chunk", x.chunk(3, dim=1)[2]
    yield "unbind", x.unbind(1)[3]
    yield "transpose", x.transpose(0, 1)
    yield "permute", x.view(2, 2, 5).permute(2, 0, 1)
    yield "reshape", x.reshape(-1, 10)
    yield "flatten", x.view(2, 2, 5).flatten(1)
    yield "squeeze", x.unsqueeze(0).squeeze(0)
    yield "repeat", x.repeat(2, 1)
    yield "expand", x[:1].expand(3, -1)
    yield "flip", x.flip(0)
    yield "roll", x.roll(2, 1)
    yield "narrow", x.narrow(1, 1, 3)
    yield "select", x.select(0, -1)
    yield "unique", torch.unique(torch.tensor([3, 1, 3, 2]))
    yield "nonzero", (x > 0).nonzero()
    yield "bincount", torch.bincount(torch.tensor([1, 1, 4]))
    yield "comparison", x > y
    yield "logical", (x > 0) & (y > 0)
    yield "argmax", x.argmax()
    yield "argmax of a dimension", x.argmax(1)
    yield "median", x.median()
    yield "quantile", torch.quantile(x, 0.3)
    yield "conv1d", torch.conv1d(x.view(1, 4, 5), torch.ones(2, 4, 3), padding=1)
    yield "layerNorm", torch.layer_norm(x, [5])
    yield "embedding", torch.embedding(x, torch.tensor([3, 0]))
    yield "solve", torch.linalg.solve(torch.eye(4) * 2, x)
    yield "svd values", torch.linalg.svdvals(x)
    yield "fft", torch.fft.fft(x)
    yield "erfinv", torch.special.erfinv(x / 10)
    yield "float64", x.double().exp()
    yield "promotion of int64 and float32", torch.arange(5) * x
    yield "promotion of float16 and a number", x.half() * 2.5
    yield "promotion of bool and an integer", (x > 0) + 1
    yield "complex", torch.complex(x, y).abs()
    yield "lerp", torch.lerp(x, y, 0.25)
    yield "addcmul", torch.addcmul(x, x, y, value=0.1)
    yield "tensordot", torch.tensordot(x, m, dims=([1], [0]))


print(json.dumps({name: described(tensor) for make in (creation, operators) for name, tensor in make()}))
