/** Devices. See https://docs.pytorch.org/docs/stable/tensor_attributes.html#torch-device */
import { inspect } from 'node:util';

// The numbers of c10::DeviceType.
const types = [
  'cpu',
  'cuda',
  'mkldnn',
  'opengl',
  'opencl',
  'ideep',
  'hip',
  'fpga',
  'maia',
  'xla',
  'vulkan',
  'metal',
  'xpu',
  'mps',
  'meta',
  'hpu',
  've',
  'lazy',
  'ipu',
  'mtia',
  'privateuseone',
] as const;

export type DeviceType = (typeof types)[number];
/** What names a device: `'cpu'`, `'cuda:0'`, or a {@link Device}. */
export type DeviceLike = Device | string;

/** Where a tensor lives: a type and, for accelerators, an index (`null`: the current one). */
export class Device {
  constructor(
    readonly type: DeviceType,
    readonly index: number | null = null,
  ) {
    if (!types.includes(type)) {
      throw new TypeError(
        `Expected one of ${types.join(', ')} device type at start of device string: ${type}`,
      );
    }
    if (index !== null && !(Number.isInteger(index) && index >= 0 && index < 128)) {
      throw new RangeError(`Device index must be an integer from 0 to 127, got ${index}`);
    }
  }

  /** How it crosses into the addon. @internal */
  get code(): number {
    return types.indexOf(this.type) * 1024 + (this.index ?? -1) + 1;
  }

  /** `cuda:0`, as Python prints it. */
  toString(): string {
    return this.index === null ? this.type : `${this.type}:${this.index}`;
  }

  [inspect.custom](): string {
    const index = this.index === null ? '' : `, index=${this.index}`;
    return `device(type='${this.type}'${index})`;
  }
}

const parsed = new Map<string, Device>();
const decoded = new Map<number, Device>();

/**
 * A device by its name.
 * @throws TypeError where the string names no device.
 */
export function device(name: DeviceLike, index?: number): Device {
  if (name instanceof Device) return name;
  if (typeof name !== 'string')
    throw new TypeError(`device(): expected a string or a Device, not ${typeof name}`);
  if (index !== undefined) return new Device(name as DeviceType, index);
  let result = parsed.get(name);
  if (result === undefined) {
    const match = /^([a-z]+)(?::(0|[1-9][0-9]*))?$/.exec(name);
    if (match === null) throw new TypeError(`Invalid device string: '${name}'`);
    result = new Device(match[1] as DeviceType, match[2] === undefined ? null : Number(match[2]));
    parsed.set(name, result);
  }
  return result;
}

/** @internal */
export function deviceOf(code: number): Device {
  let result = decoded.get(code);
  if (result === undefined) {
    const type = types[Math.floor(code / 1024)];
    if (type === undefined) throw new TypeError(`libtorch's device number ${code} is not known`);
    const index = (code % 1024) - 1;
    result = new Device(type, index < 0 ? null : index);
    decoded.set(code, result);
  }
  return result;
}
