"""Prints, for every case of optim_cases.py, the digests of parameters and state after the steps; one JSON a line."""

import json
import warnings

import torch
from optim_cases import cases, encode, run

warnings.simplefilter("ignore")
torch.set_num_threads(1)

for item in cases():
    print(json.dumps({**item, "options": encode(item["options"]), "expected": run(item)}))
