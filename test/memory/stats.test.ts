/** `torch.memory.stats()` by device, and what libtorch holds besides. */
import { describe, expect, test } from '@jest/globals';
import torch, { nn } from '../../lib/index.js';

const MiB = 1 << 20;

describe('by device', () => {
  test('the CPU is always there', () => {
    torch.memory.collect();
    const { devices } = torch.memory.stats();
    const x = torch.ones([1]);
    expect(torch.memory.stats().devices.cpu.tensors - devices.cpu.tensors).toBe(1);
    x.dispose();
    expect(torch.memory.stats().devices.cpu.tensors).toBe(devices.cpu.tensors);
  });

  test('others are told apart, and the sums are those of all', () => {
    torch.memory.collect();
    // Another suite in this process may have had some.
    const before = torch.memory.stats();
    const nothing = { tensors: 0, bytes: 0 };
    const { tensors: count, bytes: size } = before.devices.meta ?? nothing;
    const meta = { tensors: count, bytes: size };
    const { cpu } = before.devices;
    const x = torch.empty([1 << 20], { device: 'meta' });
    const y = torch.ones([1 << 18]);
    const { tensors, bytes, devices } = torch.memory.stats();
    expect(Object.keys(devices).sort()).toEqual(['cpu', 'meta']);
    expect((devices.meta?.tensors ?? 0) - meta.tensors).toBe(1);
    // Its elements take no memory.
    expect((devices.meta?.bytes ?? 0) - meta.bytes).toBeLessThan(2048);
    expect(devices.cpu.tensors - cpu.tensors).toBe(1);
    expect(devices.cpu.bytes - cpu.bytes).toBeGreaterThanOrEqual(MiB);
    expect(devices.cpu.tensors + (devices.meta?.tensors ?? 0)).toBe(tensors);
    expect(devices.cpu.bytes + (devices.meta?.bytes ?? 0)).toBe(bytes);
    x.dispose();
    y.dispose();
    const after = torch.memory.stats();
    expect(after.devices.meta).toMatchObject(meta);
    expect(after.devices.meta?.peakBytes).toBeGreaterThan(0);
    expect(after.devices.cpu).toMatchObject({ tensors: cpu.tensors, bytes: cpu.bytes });
    expect(after.bytes).toBe(before.bytes);
  });
});

describe('unseenBytes', () => {
  const unseen = (): number => torch.memory.stats().unseenBytes;

  test('is what a graph has saved, until it is gone', () => {
    const x = torch.randn([512, 512], { requiresGrad: true });
    torch.memory.collect();
    const before = unseen();
    const loss = torch.tidy(() => x.sigmoid().tanh().exp().sum());
    // The results of sigmoid, tanh and exp, of a mebibyte each.
    expect(unseen() - before).toBeGreaterThanOrEqual(3 * MiB);
    expect(unseen() - before).toBeLessThan(3.2 * MiB);
    loss.dispose();
    expect(Math.abs(unseen() - before)).toBeLessThan(0.1 * MiB);
  });

  test('is a gradient that nobody has looked at', () => {
    const x = torch.randn([512, 512], { requiresGrad: true });
    torch.memory.collect();
    const before = unseen();
    torch.tidy(() => x.mul(2).sum().backward());
    expect(unseen() - before).toBeGreaterThanOrEqual(MiB);
    // Now JavaScript has it.
    const { grad } = x;
    expect(Math.abs(unseen() - before)).toBeLessThan(0.1 * MiB);
    expect(grad?.shape).toEqual([512, 512]);
  });

  test('has nothing of what tensors show, of whatever size, shared or not', () => {
    torch.memory.collect();
    const before = unseen();
    const held = [3, 700, 5000, 70_000, 300_000, 3_000_000].flatMap((size) => {
      const x = torch.ones([size]);
      return [x, x.view(-1, 1), torch.ones([size]), torch.fromTypedArray(new Float32Array(size))];
    });
    const arrays = held.slice(0, 3).map((x) => x.asTypedArray());
    held.push(torch.empty([0]).resize_([1 << 20]));
    expect(Math.abs(unseen() - before)).toBeLessThan(0.2 * MiB);
    for (const x of held) x.dispose();
    expect(arrays.length).toBe(3);
    torch.memory.collect();
    expect(Math.abs(unseen() - before)).toBeLessThan(0.2 * MiB);
  });

  test('is not the weights of a model', () => {
    torch.memory.collect();
    const before = unseen();
    const model = new nn.Sequential(new nn.Linear(1024, 1024), new nn.Linear(1024, 512));
    expect(Math.abs(unseen() - before)).toBeLessThan(0.2 * MiB);
    expect([...model.parameters()].length).toBe(4);
  });
});
