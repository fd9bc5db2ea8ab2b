"""The forum's step, as a contender: the twin of forum.ts. Arguments: vocabulary size, embedding size, threads,
and `frozen` where the embedding is left out of the optimizer."""

import os
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../examples/adversarial-qa/reference"))

import torch
from model import Model, Network
from serve import serve

vocab_size, embedding_dim, threads = (int(argument) for argument in sys.argv[1:4])
batch_size, tokens, question_tokens = 32, 150, 15

torch.set_num_threads(threads)
torch.manual_seed(0)
network = Network(vocab_size, embedding_dim)
model = Model(network, fix_embeddings=sys.argv[4:] == ["frozen"])
batch = {
    "context": torch.randint(1, vocab_size, [batch_size, tokens]),
    "question": torch.randint(1, vocab_size, [batch_size, question_tokens]),
    "context_padding": torch.zeros([batch_size, tokens], dtype=torch.bool),
    "question_padding": torch.zeros([batch_size, question_tokens], dtype=torch.bool),
    "features": torch.rand([batch_size, tokens, 6]),
    "starts": torch.randint(0, tokens - 5, [batch_size]),
    "ends": torch.randint(tokens - 5, tokens, [batch_size]),
}


def steps(count):
    for _ in range(count):
        loss, loss_adv = model.update(batch)
    return " ".join(str(struct.unpack("<I", struct.pack("<f", value.item()))[0]) for value in (loss, loss_adv))


serve(steps)
