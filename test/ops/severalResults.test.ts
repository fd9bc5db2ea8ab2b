/** Several tensors as results: few of them cross the boundary by the shared numbers, many as a list. */
import { describe, expect, test } from '@jest/globals';
import torch from 'litorch';
import { settled, unfreed } from '../support/counts.js';

describe('several results', () => {
  test.each([1, 2, 255, 256, 257, 300])('a list of %d tensors', (count) => {
    const parts = torch.arange(count).split(1);
    expect(parts.map((part) => part.item())).toEqual(Array.from({ length: count }, (_, i) => i));
    expect(new Set(parts).size).toBe(count);
  });

  test('results with names are arrays whose copies are plain', () => {
    const found = torch.tensor([[1, 5, 3]]).max(1);
    expect(found).toBeInstanceOf(Array);
    expect(found.values).toBe(found[0]);
    expect(found.indices).toBe(found[1]);
    expect(found.indices.item()).toBe(1);
    expect(found.slice().constructor).toBe(Array);
    expect([...found]).toHaveLength(2);
  });

  test('a scope frees them all', () => {
    const x = torch.arange(6);
    const before = settled();
    torch.tidy(() => {
      x.chunk(3);
      x.reshape(2, 3).max(1);
    });
    expect(unfreed()).toBe(before);
    x.dispose();
  });

  test('they keep their elements when others are collected', () => {
    const kept = torch.arange(4).chunk(2);
    for (let i = 0; i < 20; i++) torch.arange(100).split(1);
    torch.memory.collect();
    expect(kept.map((part) => part.tolist())).toEqual([
      [0, 1],
      [2, 3],
    ]);
  });

  test('sizes spread over the arguments, also after a dtype among the overloads', () => {
    const x = torch.arange(6);
    expect(x.view(2, -1).shape).toEqual([2, 3]);
    expect(x.view(-1).shape).toEqual([6]);
    expect(x.view(torch.float64).dtype).toBe(torch.float64);
    expect(() => x.view(4, -1)).toThrow('invalid for input of size 6');
    expect(() => x.view(1.5)).toThrow(TypeError);
    expect(torch.zeros(2, 3).sum(0).shape).toEqual([3]);
  });
});
