import torch from 'litorch';
import type { Batch } from '../examples/adversarial-qa/batch.js';

/** A batch for the forum's network, of random words without padding. The twins draw in the same order. */
export function forumBatch(
  vocabSize: number,
  {
    size = 32,
    tokens = 150,
    questionTokens = 15,
  }: { size?: number; tokens?: number; questionTokens?: number } = {},
): Batch {
  return {
    context: torch.randint(1, vocabSize, [size, tokens]),
    question: torch.randint(1, vocabSize, [size, questionTokens]),
    contextPadding: torch.zeros([size, tokens], { dtype: torch.bool }),
    questionPadding: torch.zeros([size, questionTokens], { dtype: torch.bool }),
    features: torch.rand([size, tokens, 6]),
    starts: torch.randint(0, tokens - 5, [size]),
    ends: torch.randint(tokens - 5, tokens, [size]),
  };
}
