"""A reader and a writer of safetensors files in a few lines, on their own, to check litorch's against.

`read PATH`: prints the tensors as JSON: dtype, shape and bytes of each, and the metadata.
`write PATH`: writes a file of fixed tensors, of every dtype that PyTorch has, and prints the same JSON of it.
"""

import json
import struct
import sys

import torch

DTYPES = {
    "BOOL": torch.bool, "U8": torch.uint8, "I8": torch.int8, "F8_E5M2": torch.float8_e5m2,
    "F8_E4M3": torch.float8_e4m3fn, "I16": torch.int16, "U16": torch.uint16, "F16": torch.float16,
    "BF16": torch.bfloat16, "I32": torch.int32, "U32": torch.uint32, "F32": torch.float32,
    "C64": torch.complex64, "F64": torch.float64, "I64": torch.int64, "U64": torch.uint64,
}


def describe(path, aligned):
    with open(path, "rb") as file:
        content = file.read()
    (length,) = struct.unpack("<Q", content[:8])
    assert length % 8 == 0 or not aligned, "the data isn't aligned"
    header = json.loads(content[8 : 8 + length])
    metadata = header.pop("__metadata__", {})
    data = content[8 + length :]
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        itemsize = torch.empty((), dtype=DTYPES[entry["dtype"]]).element_size()
        assert begin % itemsize == 0 or not aligned, f"{name} isn't aligned"
        tensors[name] = {
            "dtype": str(DTYPES[entry["dtype"]]).removeprefix("torch."),
            "shape": entry["shape"],
            "hex": data[begin:end].hex(),
        }
    return {"tensors": tensors, "metadata": metadata}


def write(path):
    header = {"__metadata__": {"made by": "Python", "\u03c0": "\u2248 3.14"}}
    data = b""
    for name, dtype in reversed(DTYPES.items()):
        itemsize = torch.empty((), dtype=dtype).element_size()
        piece = bytes((i * 37 + itemsize) % 2 if name == "BOOL" else (i * 37 + itemsize) % 251 for i in range(6 * itemsize))
        header[f"a {name}"] = {"dtype": name, "shape": [2, 3], "data_offsets": [len(data), len(data) + len(piece)]}
        data += piece
    header["empty"] = {"dtype": "F32", "shape": [0, 4], "data_offsets": [len(data), len(data)]}
    header["scalar"] = {"dtype": "U8", "shape": [], "data_offsets": [len(data), len(data) + 1]}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data + b"\x07")


if sys.argv[1] == "write":
    write(sys.argv[2])
print(json.dumps(describe(sys.argv[2], aligned=sys.argv[1] == "read")))
