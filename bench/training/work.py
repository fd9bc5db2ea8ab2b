"""Steps of training one model, as a contender: the twin of work.ts. Arguments: the model's name, threads."""

import os
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))

import torch
from models import prepare
from serve import serve

name, threads = sys.argv[1:]
torch.set_num_threads(int(threads))
step = prepare(name)


def steps(count):
    losses = [step() for _ in range(count)]
    return lambda: " ".join(str(struct.unpack("<I", struct.pack("<f", loss.item()))[0]) for loss in losses)


serve(steps)
