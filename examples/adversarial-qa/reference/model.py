"""The Python twin of model.ts and network.ts.

The same network and the same training step, written for PyTorch: test/examples/forum.test.ts holds the two
against each other bit for bit, and the benchmark holds their speed against each other. Parameters are made in
the same order and random numbers drawn in the same order in both.
"""

import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim

NEGATIVE_INFINITY = float("-inf")


class LexiconEncoder(nn.Module):
    """Words to vectors: the word embedding, and for the passage what the question says about each word."""

    def __init__(self, vocab_size, embedding_dim, feature_size, embedding_std, dropout):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, embedding_dim, padding_idx=0)
        with torch.no_grad():
            self.embedding.weight.mul_(embedding_std)
        self.alignment = nn.Linear(embedding_dim, embedding_dim)
        self.dropout = nn.Dropout(dropout)
        self.doc_input_size = 2 * embedding_dim + feature_size
        self.query_input_size = embedding_dim

    def forward(self, batch):
        doc = self.dropout(self.embedding(batch["context"]))
        query = self.dropout(self.embedding(batch["question"]))
        keys = F.relu(self.alignment(query))
        aligned = attend(F.relu(self.alignment(doc)), keys, query, batch["question_padding"])
        return torch.cat([doc, aligned, batch["features"]], 2), query


class BiLSTM(nn.Module):
    """A bidirectional LSTM layer that padding cannot reach.

    The backward direction is a second LSTM over each sequence reversed within its own length, so that it begins
    at the last real token, as with a packed sequence, at a fraction of what packing costs on a CPU.
    """

    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.forwards = nn.LSTM(input_size, hidden_size, batch_first=True)
        self.backwards = nn.LSTM(input_size, hidden_size, batch_first=True)

    def forward(self, x, reversal):
        ahead, _ = self.forwards(x)
        back, _ = self.backwards(rearrange(x, reversal))
        return torch.cat([ahead, rearrange(back, reversal)], 2)


class SelfAttention(nn.Module):
    """A sequence to one vector: the mean of its vectors, weighted by a learned score."""

    def __init__(self, size):
        super().__init__()
        self.score = nn.Linear(size, 1)

    def forward(self, x, mask):
        scores = self.score(x).squeeze(2).masked_fill(mask, NEGATIVE_INFINITY)
        return F.softmax(scores, 1).unsqueeze(1).bmm(x).squeeze(1)


class Pointer(nn.Module):
    """For each token the logit of being the one that the query vector asks for: d W q."""

    def __init__(self, doc_size, query_size):
        super().__init__()
        self.linear = nn.Linear(query_size, doc_size)

    def forward(self, doc, query, mask):
        scores = doc.bmm(self.linear(query).unsqueeze(2)).squeeze(2)
        return scores.masked_fill(mask, NEGATIVE_INFINITY)


class Network(nn.Module):
    """A reader in the family of DrQA and SAN.

    Returns (start, end, pred). `start` and `end` are logits, batch x tokens, minus infinity at padding. `pred`
    stands where SAN has the probability that the question has an answer: batch x 1, the probability that the
    network gives its best span of at most `max_answer_length` tokens. It is computed from the first two, has no
    parameters and carries no gradient.
    """

    def __init__(self, vocab_size, embedding_dim=100, hidden_size=64, feature_size=6, embedding_std=0.5,
                 dropout=0.3, max_answer_length=15):
        super().__init__()
        self.lexicon_encoder = LexiconEncoder(vocab_size, embedding_dim, feature_size, embedding_std, dropout)
        size = 2 * hidden_size
        self.query_encoder = BiLSTM(self.lexicon_encoder.query_input_size, hidden_size)
        self.doc_encoder_low = BiLSTM(self.lexicon_encoder.doc_input_size, hidden_size)
        self.doc_encoder_high = BiLSTM(2 * size, hidden_size)
        self.query_attention = SelfAttention(size)
        self.start = Pointer(2 * size, size)
        self.answer = nn.Linear(2 * size, size)
        self.end = Pointer(2 * size, size)
        self.dropout = nn.Dropout(dropout)
        self.max_answer_length = max_answer_length

    def forward(self, batch):
        doc_mask, query_mask = batch["context_padding"], batch["question_padding"]
        doc_reversal, query_reversal = reversal_within(doc_mask), reversal_within(query_mask)

        doc_input, query_input = self.lexicon_encoder(batch)
        query = self.dropout(self.query_encoder(query_input, query_reversal))
        low = self.dropout(self.doc_encoder_low(doc_input, doc_reversal))
        fused = torch.cat([low, attend(low, query, query, query_mask)], 2)
        high = self.dropout(self.doc_encoder_high(fused, doc_reversal))
        doc = torch.cat([low, high], 2)

        question = self.query_attention(query, query_mask)
        start = self.start(doc, question, doc_mask)
        # The end is asked for by a vector that knows where the answer is expected to begin.
        found = F.softmax(start, 1).unsqueeze(1).bmm(doc).squeeze(1)
        end = self.end(doc, question + torch.tanh(self.answer(found)), doc_mask)
        return start, end, self.confidence(start, end)

    def confidence(self, start, end):
        with torch.no_grad():
            starts, ends = F.softmax(start, 1), F.softmax(end, 1)
            windows = F.pad(ends, (0, self.max_answer_length - 1)).unfold(1, self.max_answer_length, 1)
            return (starts * windows.amax(2)).amax(1, keepdim=True)


def attend(x, keys, values, mask):
    """For each vector of x the mean of `values`, weighted by how well the keys match it; padding weighs nothing."""
    scores = x.bmm(keys.transpose(1, 2)).masked_fill(mask.unsqueeze(1), NEGATIVE_INFINITY)
    return F.softmax(scores, 2).bmm(values)


def reversal_within(mask):
    """The row numbers, in a batch laid out flat, that reverse each sequence within its length; padding stays."""
    batch, length = mask.shape
    positions = torch.arange(length, device=mask.device)
    lengths = length - mask.sum(1, keepdim=True)
    reversed_positions = torch.where(mask, positions, lengths - 1 - positions)
    rows = torch.arange(batch, device=mask.device).unsqueeze(1) * length
    return (rows + reversed_positions).view(-1)


def rearrange(x, rows):
    return x.reshape(-1, x.size(2)).index_select(0, rows).view_as(x)


class Model:
    def __init__(self, network, adversarial=True, epsilon=5.0, learning_rate=2e-3, grad_clipping=None,
                 fix_embeddings=False, observe=None):
        self.network = network
        self.adversarial = adversarial
        self.epsilon = epsilon
        self.grad_clipping = grad_clipping
        self.observe = observe or (lambda name, tensor: None)
        fixed = network.lexicon_encoder.embedding.weight if fix_embeddings else None
        self.parameters = [p for p in network.parameters() if p is not fixed]
        self.optimizer = optim.Adamax(self.parameters, lr=learning_rate)

    def update(self, batch):
        self.network.train()
        y = batch["starts"], batch["ends"]
        # forward propagate: the two ends of the answer span (the third prediction is not trained on).
        start, end, _ = self.network(batch)
        # F(x, θ)
        loss = F.cross_entropy(start, y[0]) + F.cross_entropy(end, y[1])
        loss_total, loss_adv = loss, None
        if self.adversarial:
            # F(x+perturb, θ)
            loss_adv = self.adversarial_loss(batch, loss, y)
            loss_total = loss + loss_adv
        self.optimizer.zero_grad()
        # jointly optimize F(x, θ) + F(x+perturb, θ)
        loss_total.backward(retain_graph=False)
        if self.grad_clipping:
            nn.utils.clip_grad_norm_(self.parameters, self.grad_clipping)
        self.optimizer.step()
        return loss.detach(), None if loss_adv is None else loss_adv.detach()

    def adversarial_loss(self, batch, loss, y):
        self.optimizer.zero_grad()  # Remove accumulated grads from the previous batch.
        loss.backward(retain_graph=True)  # backprop. The graph is retained for loss_total.
        # grad = d(loss)/d(x). Shape: [# of vocab, word emb dimension]
        grad = self.network.lexicon_encoder.embedding.weight.grad.data
        grad.detach_()
        perturb = F.normalize(grad, p=2, dim=1) * self.epsilon  # 5 is the norm of perturbation. Hyperparam.
        self.observe("perturb", perturb)
        adv_embedding = self.network.lexicon_encoder.embedding.weight + perturb
        # cache the original embedding's weight (to revert it back later)
        original_emb = self.network.lexicon_encoder.embedding.weight.data
        self.network.lexicon_encoder.embedding.weight.data = adv_embedding
        # forward propagate for F(x+perturb, θ)
        adv_start, adv_end, adv_pred = self.network(batch)
        # revert x back to the original state before the perturbation.
        self.network.lexicon_encoder.embedding.weight.data = original_emb
        # switch off the embedding training.
        self.network.lexicon_encoder.embedding.training = False
        return F.cross_entropy(adv_start, y[0]) + F.cross_entropy(adv_end, y[1])
