/** What a message calls a value: as PyTorch does, in Python's names. */
import { types } from 'node:util';
import { Device } from '../device.js';
import { DType } from '../dtype.js';
import { Generator } from '../generator.js';
import { Layout, MemoryFormat } from '../layout.js';
import { isComplexNumber } from './scalar.js';

/** `int`, `float`, `str`, `list`, `NoneType`, ...; an object of another class has its class's name. */
export function describeValue(value: unknown): string {
  switch (typeof value) {
    case 'number':
      return Number.isInteger(value) ? 'int' : 'float';
    case 'bigint':
      return 'int';
    case 'boolean':
      return 'bool';
    case 'string':
      return 'str';
    case 'object':
      break;
    default:
      return typeof value;
  }
  if (value === null) return 'NoneType';
  if (Array.isArray(value)) return 'list';
  if (value instanceof DType) return 'torch.dtype';
  if (value instanceof Layout) return 'torch.layout';
  if (value instanceof MemoryFormat) return 'torch.memory_format';
  if (value instanceof Device) return 'torch.device';
  if (value instanceof Generator) return 'torch.Generator';
  if (isComplexNumber(value)) return 'complex';
  if (types.isProxy(value)) return 'object';
  const name: unknown = (value as { constructor?: { name?: unknown } }).constructor?.name;
  return typeof name !== 'string' || name === '' || name === 'Object' ? 'dict' : name;
}
