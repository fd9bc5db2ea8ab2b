/** Results that are written to `out`: lists of tensors, and tensors of another shape. */
import { describe, expect, jest, test } from '@jest/globals';
import torch from '../../lib/index.js';

const x = torch.tensor([
  [1, 2],
  [3, 4],
]);

describe('a list of tensors', () => {
  test('is written to, and nothing is returned', () => {
    const out = [torch.zeros([2]), torch.zeros([2])];
    expect(torch.unbindCopy(x, { out })).toBeUndefined();
    expect(out.map((tensor) => tensor.tolist())).toEqual([
      [1, 2],
      [3, 4],
    ]);
    const parts = [torch.empty([0]), torch.empty([0])];
    torch.splitWithSizesCopy(x, [1, 1], { out: parts });
    torch.splitCopy(x, 1, { dim: 1, out: out.map((tensor) => tensor.resize_([2, 1])) });
    expect(parts.map((tensor) => tensor.tolist())).toEqual([[[1, 2]], [[3, 4]]]);
    expect(out.map((tensor) => tensor.tolist())).toEqual([
      [[1], [3]],
      [[2], [4]],
    ]);
  });

  test('is no tensor, and has one for each result', () => {
    const call = (out: unknown) => () => torch.unbindCopy(x, { out: out as torch.Tensor[] });
    expect(call(torch.zeros([2]))).toThrow(
      "unbind_copy(): argument 'out' must be tuple of Tensors, not Tensor",
    );
    expect(call([torch.zeros([2])])).toThrow('expected an out= argument of size 2, got size 1');
    expect(call([1, 2])).toThrow('expected Tensor as element 0 in argument 2, but got int');
  });
});

test('a tensor of another shape is resized, with a warning', () => {
  const out = torch.zeros([3]);
  const warned = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
  expect(torch.add(x, x, { out })).toBe(out);
  expect(out.tolist()).toEqual([
    [2, 4],
    [6, 8],
  ]);
  const messages = warned.mock.calls.map(([message]) => String(message));
  warned.mockRestore();
  expect(messages).toHaveLength(1);
  expect(messages[0]).toMatch(/^An output with one or more elements was resized since it had shape \[3\]/);
});
