"""Prints, as JSON, the signatures that PyTorch's argument parser has for its functions and methods, in the order in
which it tries them: they are in the message about arguments that fit none of them."""

import json
import re

import torch

torch.set_warn_always(False)
WRONG = {f"no_such_argument_{i}": 1 for i in range(80)}


def signatures(call):
    try:
        call(**WRONG)
    except TypeError as error:
        text = str(error)
    except Exception as error:  # noqa: BLE001
        return f"{type(error).__name__}: {error}"
    else:
        return "took the arguments"
    if "one of:" not in text:
        return text
    return re.findall(r"^ \* (\(.*\))$", text, re.M)


modules = {
    "torch": torch._C._VariableFunctions,
    "linalg": torch._C._linalg,
    "fft": torch._C._fft,
    "special": torch._C._special,
    "nn": torch._C._nn,
}
found = {}
for module, functions in modules.items():
    names = [name for name in dir(functions) if not name.startswith("__") and callable(getattr(functions, name))]
    found[module] = {name: signatures(getattr(functions, name)) for name in names}
methods = [
    name
    for name in dir(torch._C.TensorBase)
    if not name.startswith("_") and callable(getattr(torch._C.TensorBase, name))
]
tensor = torch.ones(2)
found["Tensor"] = {name: signatures(getattr(tensor, name)) for name in methods}
print(json.dumps(found))
