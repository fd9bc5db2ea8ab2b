"""Reference for printed tensors and numbers.

    tensor_str.py tensors < cases.json     -> JSON list: repr() of each case, null where PyTorch cannot print it
    tensor_str.py numbers < numbers.json   -> JSON list: [fixed, exponential] of each {bits, precision}
    tensor_str.py record                   -> JSON list: the table of cases, each with its `expected`

A case is {dtype, shape, bits, options?, transform?}. `bits` is the hex of the elements' little-endian bytes;
`options` are those of torch.set_printoptions; `transform` names an entry of TRANSFORMS, applied to the tensor.
"""

import json
import math
import struct
import sys
import warnings

import torch

warnings.filterwarnings("ignore")


def in_place_view(t):
    leaf = t.detach().clone().requires_grad_()
    copy = leaf.clone()
    copy[0].mul_(2)
    return copy


def invalid_history(t):
    base = t.requires_grad_().clone()
    with torch.no_grad():
        view = base.view(-1)
    base.mul_(2)
    return view


def inference(t):
    with torch.inference_mode():
        return t + 1


def sparse_coo(t):
    return t.to_sparse()


def uncoalesced(t):
    indices = torch.zeros(t.dim(), 2, dtype=torch.int64)
    return torch.sparse_coo_tensor(indices, torch.ones(2, dtype=t.dtype), t.shape)


TRANSFORMS = {
    "requires_grad": lambda t: t.requires_grad_(),
    "add": lambda t: t.requires_grad_().add(torch.ones([], dtype=t.dtype)),
    "log_softmax": lambda t: t.requires_grad_().log_softmax(-1),
    "max": lambda t: t.requires_grad_().max(),
    "mean": lambda t: t.requires_grad_().mean(),
    "view": lambda t: t.requires_grad_().clone().view(-1),
    "in_place_view": in_place_view,
    "invalid_history": invalid_history,
    "inference": inference,
    "parameter": lambda t: torch.nn.Parameter(t),
    "transpose": lambda t: t.transpose(0, 1),
    "stride_2": lambda t: t[::2],
    "expand": lambda t: t.expand(50, 40),
    "conj": lambda t: t.conj(),
    "imag": lambda t: t.imag,
    "conj_imag": lambda t: t.conj().imag,
    "zerotensor": lambda t: torch._efficientzerotensor(t.shape, dtype=t.dtype),
    "meta": lambda t: t.to("meta"),
    "meta_requires_grad": lambda t: t.to("meta").requires_grad_(),
    "sparse_coo": sparse_coo,
    "sparse_coo_requires_grad": lambda t: sparse_coo(t).requires_grad_(),
    "sparse_hybrid": lambda t: t.to_sparse(1),
    "uncoalesced": uncoalesced,
    "sparse_coo_meta": lambda t: t.to_sparse().to("meta"),
    "sparse_csr_meta": lambda t: t.to_sparse_csr().to("meta"),
    "sparse_csr_requires_grad": lambda t: t.to_sparse_csr().requires_grad_(t.dtype.is_floating_point),
    "sparse_csr_batched": lambda t: torch.stack([t, t]).to_sparse_csr(),
    "sparse_csr": lambda t: t.to_sparse_csr(),
    "sparse_csc": lambda t: t.to_sparse_csc(),
    "sparse_bsr": lambda t: t.to_sparse_bsr((2, 2)),
    "sparse_bsc": lambda t: t.to_sparse_bsc((2, 2)),
    "mkldnn": lambda t: t.to_mkldnn(),
    "nested": lambda t: torch.ops.aten._nested_tensor_from_tensor_list.default([t, t[:1]]),
    "quint8": lambda t: torch.quantize_per_tensor(t, 0.1, 3, torch.quint8),
    "qint8": lambda t: torch.quantize_per_tensor(t, 1e-5, 0, torch.qint8),
    "qint32": lambda t: torch.quantize_per_tensor(t, 2, 7, torch.qint32),
    "quint8_channel_float": lambda t: torch.quantize_per_channel(
        t, torch.tensor([0.1, 0.25]), torch.tensor([0.5, 1.5]), 0, torch.quint8
    ),
    "qint8_channel": lambda t: torch.quantize_per_channel(
        t, torch.tensor([0.1, 0.25], dtype=torch.float64), torch.tensor([0, 1]), 0, torch.qint8
    ),
}


def build(case):
    dtype = getattr(torch, case["dtype"])
    data = bytearray.fromhex(case["bits"])
    flat = torch.frombuffer(data, dtype=torch.uint8).view(dtype) if data else torch.empty(0, dtype=dtype)
    tensor = flat.reshape(case["shape"])
    transform = case.get("transform")
    return TRANSFORMS[transform](tensor) if transform else tensor


def printed(case):
    options = case.get("options", {})
    torch.set_printoptions(profile="default")
    torch.set_printoptions(**{{"sciMode": "sci_mode"}.get(k, k): v for k, v in options.items()})
    try:
        return repr(build(case))
    except RuntimeError:
        # Operators that PyTorch has not for a dtype, those that its printing needs among them.
        return None
    finally:
        torch.set_printoptions(profile="default")


def number(entry):
    value = struct.unpack("<d", bytes.fromhex(entry["bits"]))[0]
    precision = entry["precision"]
    return [f"{value:.{precision}f}", f"{value:.{precision}e}"]


# --- the table ---------------------------------------------------------------------------------------------


def hex_of(tensor):
    flat = tensor.detach().contiguous().reshape(-1)
    return bytes(flat.view(torch.uint8).tolist()).hex() if flat.numel() else ""


def table():
    cases = []

    def add(tensor, **extra):
        cases.append(
            {
                "dtype": str(tensor.dtype).removeprefix("torch."),
                "shape": list(tensor.shape),
                "bits": hex_of(tensor),
                **{k: v for k, v in extra.items() if v},
            }
        )

    generator = torch.Generator().manual_seed(0)
    inf, nan = math.inf, math.nan

    def randn(*shape, dtype=torch.float32):
        return torch.randn(*shape, generator=generator, dtype=torch.float64).to(dtype)

    floats = [
        [1.0],
        [0.0],
        [-0.0, 0.0],
        [1.5],
        [1.0, 2.0, 3.0],
        [-1.0, 10.0, 100.0],
        [0.1, 0.2, 0.3],
        [1e-5],
        [1e-4],
        [0.0001, 1.0],
        [1e8],
        [1.5e8],
        [2e8],
        [1e8, 1e5 + 0.5],
        [1.0, 1000.0],
        [1.0, 1001.0],
        [0.5, 500.0],
        [0.5, 500.5],
        [0.001, 1.0],
        [0.00099, 1.0],
        [nan],
        [inf],
        [-inf],
        [nan, 1.0],
        [nan, 1.5],
        [inf, 1.0, -inf],
        [inf, -0.25, nan],
        [-inf, 1e-9],
        [nan, inf, -inf, 0.0, -0.0],
        [0.03125, 0.09375, 0.15625, -0.03125, -0.09375],
        [0.00005, 0.00015, 0.5],
        [1.00005, 9.99995, 9.99994],
        [1e30, -1e-30],
        [1e-40, 1.0],
        [123456.789, 0.5],
        [99999.99999, 1.0],
        [16777216.0, 16777217.0],
        [3.0, -4.0, 0.0],
        [1e9, 1.0],
        [12345678.0, 23456789.0],
    ]
    for values in floats:
        add(torch.tensor(values, dtype=torch.float32))
        add(torch.tensor(values, dtype=torch.float64))
    for values in floats[::4]:
        add(torch.tensor(values, dtype=torch.float16))
        add(torch.tensor(values, dtype=torch.bfloat16))
    add(torch.tensor([1e300, 1e-300, 5e-324], dtype=torch.float64))
    add(torch.tensor([1e22, 3e22], dtype=torch.float64), options={"sci_mode": False})
    add(torch.tensor([1e22, 0.5], dtype=torch.float64), options={"sci_mode": False})
    for dtype in (torch.float8_e5m2, torch.float8_e4m3fn, torch.float8_e5m2fnuz, torch.float8_e4m3fnuz):
        add(torch.tensor([1.0, -2.5, 0.125, 0.0], dtype=torch.float32).to(dtype))
    add(torch.tensor([1.0, 2.0, 0.5], dtype=torch.float32).to(torch.float8_e8m0fnu))

    # Scalars, empty tensors, shapes.
    for value in (1.0, 0.5, -0.0, nan, inf, 1e-10, 123456789.0):
        add(torch.tensor(value, dtype=torch.float32))
    add(torch.tensor(7))
    add(torch.tensor(True))
    add(torch.tensor(1.5, dtype=torch.float64))
    add(torch.tensor(1 - 2j, dtype=torch.complex64))
    for shape in ([0], [0, 3], [2, 0], [2, 0, 3], [0, 0]):
        add(torch.empty(shape))
        add(torch.empty(shape, dtype=torch.int64))
    add(torch.empty(0, dtype=torch.float64))
    add(torch.empty(0, dtype=torch.bool))
    add(torch.empty(0, dtype=torch.complex64))
    for shape in ((1,), (30,), (1, 1), (2, 3), (3, 30), (2, 2, 2), (2, 1, 3, 2), (1, 2, 1, 2, 1), (5, 1), (1, 25)):
        add(randn(*shape))
        add((randn(*shape) * 100).round())
        add(randn(*shape, dtype=torch.float64) * 1e6)

    # Integers and booleans.
    for dtype in (torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64):
        add(torch.tensor([[1, 20, 100], [0, 3, 4]], dtype=dtype))
    for dtype in (torch.int8, torch.int16, torch.int32, torch.int64):
        info = torch.iinfo(dtype)
        add(torch.tensor([info.min, -1, 0, info.max], dtype=dtype))
    for dtype in (torch.uint16, torch.uint32, torch.uint64):
        add(torch.tensor([0, 1, torch.iinfo(dtype).max], dtype=dtype))
    add(torch.tensor([2**53, 2**53 + 1, -(2**53) - 1]))
    add(torch.tensor([True, False]))
    add(torch.tensor([[True, True], [False, True]]))
    add(torch.arange(40))
    add(torch.ones(30, dtype=torch.bool))

    # Complex.
    for dtype in (torch.complex64, torch.complex128):
        add(torch.tensor([1 + 2j, -0.5 - 0.25j], dtype=dtype))
        add(torch.tensor([1 + 2j, 3 - 4j], dtype=dtype))
        add(torch.tensor([complex(nan, inf), complex(-inf, -0.0), complex(0, nan)], dtype=dtype))
        add(torch.tensor([[1e10 + 1j, 1 - 1e-10j]], dtype=dtype))
        add(torch.complex(randn(4, 5), randn(4, 5)).to(dtype))
        add(torch.complex(randn(12, 9), randn(12, 9)).to(dtype), options={"edgeitems": 2, "threshold": 90})
    add(torch.tensor([1 + 2j, -0.5 - 0.25j], dtype=torch.complex32))

    # Summaries.
    add(torch.arange(1000))
    add(torch.arange(1001))
    add(torch.arange(1001, dtype=torch.float32))
    add(randn(1001))
    add(randn(34, 34))
    add(randn(4, 7, 50))
    add(randn(9, 8, 7, 2), options={"threshold": 900})
    add(randn(3, 334, 1))
    add(torch.arange(2000).reshape(1000, 2) % 7 == 0)
    for place, value in (((10, 10), 1e12), ((1, 19), 0.5)):
        big = torch.ones(20, 20)
        big[place] = value
        add(big, options={"threshold": 300})

    # Options.
    some, grid = randn(12), randn(6, 6)
    for options in (
        {"precision": 0},
        {"precision": 1},
        {"precision": 2},
        {"precision": 8},
        {"precision": 17},
        {"precision": 120},
        {"profile": "short"},
        {"profile": "full"},
        {"sci_mode": True},
        {"sci_mode": False},
        {"linewidth": 20},
        {"linewidth": 5},
        {"linewidth": 200},
        {"threshold": 5},
        {"threshold": 5, "edgeitems": 1},
        {"threshold": 5, "edgeitems": 0},
        {"edgeitems": 0},
        {"threshold": 0, "edgeitems": 10},
        {"threshold": 5, "linewidth": 30},
        {"profile": "short", "precision": 6, "sci_mode": True},
    ):
        add(some, options=options)
        add(grid, options=options)
        add(torch.arange(20).reshape(2, 10), options=options)
        add(torch.tensor([1.0, 2.0, 3.0]), options=options)
        add(torch.tensor(2.5), options=options)
    add(torch.tensor([0.5, 1.5, 2.5, 3.5, -0.5]), options={"precision": 0})
    add(torch.tensor([0.125, 0.375, 0.625, 2.675]), options={"precision": 2})
    add(torch.tensor([1.25e10, 1.35e10, 2.5]), options={"precision": 1, "sci_mode": True})
    add(torch.tensor([25.0, 35.0, 95.0]), options={"precision": 0, "sci_mode": True})
    add(torch.tensor([0.0, inf]), options={"sci_mode": True})

    # What follows the elements, and tensors that are not plain.
    names = ("requires_grad", "add", "log_softmax", "max", "mean", "view", "in_place_view", "invalid_history")
    for name in (*names, "inference", "parameter", "transpose", "stride_2"):
        add(randn(3, 4), transform=name)
        add(randn(2, 3, dtype=torch.float64), transform=name)
    add(randn(3, 10), transform="log_softmax")
    add(randn(7), transform="requires_grad")
    add(randn(6), transform="add")
    add(randn(8), transform="add")
    add(torch.empty(0, 3, dtype=torch.float64), transform="requires_grad")
    add(torch.tensor([0.5]), transform="expand")
    add(randn(20, 20), transform="transpose", options={"edgeitems": 2, "threshold": 300})
    for name in ("conj", "imag", "conj_imag"):
        add(torch.complex(randn(2, 3), randn(2, 3)), transform=name)
        add(torch.complex(randn(8, 9), randn(8, 9)), transform=name, options={"edgeitems": 1, "threshold": 70})
    add(torch.zeros(2, 3), transform="zerotensor")
    add(torch.zeros(2, 3, dtype=torch.complex64), transform="zerotensor")
    for tensor in (torch.zeros(2, 3), torch.zeros(2, 3, dtype=torch.int64), torch.zeros(4), torch.tensor(0.0)):
        add(tensor, transform="meta")
    add(torch.zeros(0, 3), transform="meta")
    add(torch.zeros(2, 3, dtype=torch.float64), transform="meta_requires_grad")
    sparse = torch.tensor([[0.0, 1.0, 0.0, 0.0], [2.5, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, -1.0], [0.0, 3.0, 0.0, 0.0]])
    names = ("sparse_coo", "sparse_coo_requires_grad", "sparse_hybrid", "uncoalesced")
    for name in (*names, "sparse_csr", "sparse_csc", "sparse_bsr", "sparse_bsc"):
        add(sparse, transform=name)
        add(sparse.double(), transform=name)
        add(torch.zeros(4, 4), transform=name)
    many = (torch.arange(300) % 3 == 0).reshape(30, 10)
    add(many.half(), transform="sparse_coo", options={"threshold": 90})
    add(many, transform="sparse_csr", options={"threshold": 90})
    add(randn(2, 3), transform="mkldnn")
    add(randn(2, 3), transform="nested")
    add(torch.tensor([[0.5, -0.25], [1.0, 3.0]]), transform="quint8")
    add(torch.tensor([[0.5, -0.25], [1.0, 3.0]]), transform="qint8_channel")

    for case in cases:
        if "options" in case:
            case["options"] = {{"sci_mode": "sciMode"}.get(k, k): v for k, v in case["options"].items()}
        case["expected"] = printed(case)
    return cases


def main():
    mode = sys.argv[1]
    if mode == "record":
        lines = ",\n".join(json.dumps(case) for case in table())
        sys.stdout.write(f"[\n{lines}\n]\n")
        return
    function = {"tensors": printed, "numbers": number}[mode]
    json.dump([function(case) for case in json.load(sys.stdin)], sys.stdout)


main()
