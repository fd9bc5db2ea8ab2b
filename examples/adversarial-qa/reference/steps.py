"""Trains the twin on batches written by litorch and prints what each step gave, bit for bit, as JSON lines.

    python steps.py BATCHES.npz OPTIONS.json

The options are the seed, the threads and the arguments of Network and Model, as test/examples/forum.test.ts writes
them. Each line holds the bytes of the two losses in hexadecimal and the SHA-256 of the perturbation, of the gradient
of the embedding and of each parameter.
"""

import hashlib
import json
import sys

import numpy
import torch

from model import Model, Network

BATCH_KEYS = ("context", "question", "context_padding", "question_padding", "features", "starts", "ends")


def load_batches(path):
    arrays = numpy.load(path)
    for i in range(int(arrays["count"])):
        yield {key: torch.from_numpy(arrays[f"{i}/{key}"]) for key in BATCH_KEYS}


def raw(tensor):
    return tensor.detach().cpu().contiguous().numpy().tobytes()


def sha256(tensor):
    return hashlib.sha256(raw(tensor)).hexdigest()


def main(batches_path, options_path):
    with open(options_path) as file:
        options = json.load(file)
    torch.set_num_threads(options["threads"])
    torch.manual_seed(options["seed"])
    network = Network(**options["network"]).to(options.get("device", "cpu"))
    seen = {}
    model = Model(network, observe=lambda name, tensor: seen.update({name: sha256(tensor)}), **options["model"])
    embedding = network.lexicon_encoder.embedding.weight
    for batch in load_batches(batches_path):
        batch = {key: tensor.to(embedding.device) for key, tensor in batch.items()}
        loss, loss_adv = model.update(batch)
        print(json.dumps({
            "loss": raw(loss).hex(),
            "lossAdv": raw(loss_adv).hex(),
            "perturb": seen["perturb"],
            "grad": sha256(embedding.grad),
            "parameters": [sha256(parameter) for parameter in network.parameters()],
        }))


if __name__ == "__main__":
    main(*sys.argv[1:])
