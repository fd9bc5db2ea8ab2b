/** Devices. See https://docs.pytorch.org/docs/2.13/tensor_attributes.html#torch-device */
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

  /** @internal */
  [inspect.custom](): string {
    const index = this.index === null ? '' : `, index=${this.index}`;
    return `device(type='${this.type}'${index})`;
  }
}

const parsed = new Map<string, Device>();
/** One object for each device, so that devices can be compared with `===`. */
const interned = new Map<number, Device>();

function intern(made: Device): Device {
  const { code } = made;
  const known = interned.get(code);
  if (known === undefined) interned.set(code, made);
  return known ?? made;
}

/**
 * A device by its name, or by its type and index: always the same object, so that `x.device === torch.device('cpu')`.
 * See https://docs.pytorch.org/docs/2.13/tensor_attributes.html#torch-device
 * @throws TypeError where the string names no device, RangeError for an index that no device has.
 */
export function device(name: DeviceLike, index?: number): Device {
  if (name instanceof Device) return name;
  if (typeof name !== 'string')
    throw new TypeError(`device(): expected a string or a Device, not ${typeof name}`);
  if (index !== undefined) return intern(new Device(name as DeviceType, index));
  let result = parsed.get(name);
  if (result === undefined) {
    const match = /^([a-z]+)(?::(0|[1-9][0-9]*))?$/.exec(name);
    if (match === null) throw new TypeError(`Invalid device string: '${name}'`);
    result = intern(new Device(match[1] as DeviceType, match[2] === undefined ? null : Number(match[2])));
    parsed.set(name, result);
  }
  return result;
}

/** A device by name, or an accelerator by its index. @internal */
export function deviceLike(where: DeviceLike | number): Device {
  return device(typeof where === 'number' ? `cuda:${where}` : where);
}

/** @internal */
export function deviceOf(code: number): Device {
  const known = interned.get(code);
  if (known !== undefined) return known;
  const type = types[Math.floor(code / 1024)];
  if (type === undefined) throw new TypeError(`libtorch's device number ${code} is not known`);
  const index = (code % 1024) - 1;
  return intern(new Device(type, index < 0 ? null : index));
}
