"""Prints, as JSON, the bits of the learning rates that PyTorch's schedulers set, epoch by epoch, and their last state."""

import json
import struct
import warnings

import torch
from torch.optim import lr_scheduler as s

warnings.simplefilter("ignore")
EPOCHS = 45

METRICS = [((i * 37 + 11) % 23) / 7 + (40 - min(i, 40)) / 9 for i in range(EPOCHS)]
SCHEDULES = {
    "LambdaLR": lambda o: s.LambdaLR(o, [lambda e: 1 / (e + 1), lambda e: 0.3 * e]),
    "StepLR": lambda o: s.StepLR(o, 4, 0.3),
    "LinearLR": lambda o: s.LinearLR(o),
    "LinearLR down": lambda o: s.LinearLR(o, 0.9, 0.1, 17),
    "CosineAnnealingLR": lambda o: s.CosineAnnealingLR(o, 13),
    "CosineAnnealingLR eta": lambda o: s.CosineAnnealingLR(o, 7, 0.003),
    "ReduceLROnPlateau": lambda o: s.ReduceLROnPlateau(o, patience=1, factor=0.7, cooldown=2),
    "ReduceLROnPlateau max": lambda o: s.ReduceLROnPlateau(
        o, "max", patience=0, factor=0.3, threshold=0.1, threshold_mode="abs", min_lr=[1e-4, 1e-3]
    ),
}


def plain(value):
    """A state as JSON: an infinity as a text."""
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    return str(value) if value in (float("inf"), float("-inf")) else value


result = {}
for name, make in SCHEDULES.items():
    params = [torch.zeros(1), torch.zeros(1)]
    optimizer = torch.optim.SGD([{"params": params[0]}, {"params": params[1], "lr": 0.7}], lr=0.1)
    scheduler = make(optimizer)
    rates = []
    for epoch in range(EPOCHS):
        rates += [group["lr"] for group in optimizer.param_groups]
        optimizer.step()
        scheduler.step(METRICS[epoch]) if "Plateau" in name else scheduler.step()
    result[name] = {
        "rates": struct.pack(f"<{len(rates)}d", *rates).hex(),
        "state": plain(scheduler.state_dict()),
    }
print(json.dumps(result))
