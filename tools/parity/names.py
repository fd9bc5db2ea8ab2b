"""Lists the public names of PyTorch's modules and of its tensors, as JSON: what docs/parity.md goes through."""

import importlib
import json
import sys
import types
import warnings

warnings.filterwarnings("ignore")

import torch  # noqa: E402

MODULES = (
    "torch",
    "torch.linalg",
    "torch.fft",
    "torch.special",
    "torch.nn.functional",
    "torch.sparse",
    "torch.autograd",
    "torch.random",
    "torch.masked",
    "torch.signal.windows",
)
STANDARD = ("typing", "typing_extensions", "collections", "functools", "enum", "dataclasses", "contextlib", "types")


def kind_of(value):
    """What a name stands for, as far as the page tells the kinds apart."""
    if isinstance(value, types.ModuleType):
        return "module"
    if isinstance(value, torch.dtype):
        return "dtype"
    if isinstance(value, type):
        return "class"
    return "function" if callable(value) else "value"


def is_foreign(owner, name, value):
    """What a module merely imports (the standard library's, typing's, torch itself), and texts for its documentation."""
    if owner is not torch and any(value is other for other in (torch, torch.Tensor, torch._VF, int)):
        return True
    if name == "TYPE_CHECKING" or name.endswith(("_args", "_common", "_notes", "_support_notes")):
        return True
    if isinstance(value, types.ModuleType):
        return not value.__name__.startswith("torch")
    module = getattr(value, "__module__", None)
    if isinstance(module, str) and module.split(".")[0] in STANDARD:
        return True
    return type(value).__module__ in ("typing", "typing_extensions", "__future__")


def names_of(owner, with_dunder=False):
    found = {}
    for name in sorted(set(dir(owner))):
        if name.startswith("__") and not with_dunder:
            continue
        if name.startswith("_") and not name.startswith("__"):
            continue
        value = getattr(owner, name, None)
        if isinstance(owner, types.ModuleType) and is_foreign(owner, name, value):
            continue
        found[name] = kind_of(value)
    return found


def main():
    lists = {module: names_of(importlib.import_module(module)) for module in MODULES}
    lists["torch.Tensor"] = names_of(torch.Tensor, with_dunder=True)
    json.dump({"version": torch.__version__.split("+")[0], "names": lists}, sys.stdout, indent=1)
    sys.stdout.write("\n")


main()
