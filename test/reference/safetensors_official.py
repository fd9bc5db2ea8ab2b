"""Records test/fixtures/official.safetensors with the format's own library (pip install safetensors).

Usage: python safetensors_official.py PATH
"""

import sys

import torch
from safetensors.torch import save_file

NAMES = (
    "bool", "uint8", "int8", "int16", "float16", "bfloat16", "int32", "float32", "complex64", "float64", "int64",
    "uint16", "uint32", "uint64", "float8_e4m3fn", "float8_e5m2",
)

tensors = {"scalar": torch.tensor(1.5), "empty": torch.zeros(0, 3), 'a"b\\\u00e9': torch.arange(3)}
for i, name in enumerate(NAMES):
    dtype = getattr(torch, name)
    count = 6 * torch.empty((), dtype=dtype).element_size()
    content = [(k * 29 + i) % (2 if name == "bool" else 251) for k in range(count)]
    tensors[f"layer.{name}"] = torch.tensor(content, dtype=torch.uint8).view(dtype).reshape(3, 2)
save_file(tensors, sys.argv[1], metadata={"format": "pt"})
