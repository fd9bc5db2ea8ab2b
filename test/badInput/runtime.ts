/** Devices, random numbers, memory and settings. */
import torch from '../../lib/index.js';
import { type BadCall, bad, loose } from './badCall.js';

const ones = () => torch.ones([2, 3]);
const noCuda = torch.cuda.isAvailable()
  ? []
  : [
      bad('a tensor moved to cuda', 'TorchError', /Torch not compiled with CUDA enabled/, () =>
        ones().cuda(),
      ),
      bad('a tensor moved to cuda:0', 'TorchError', /Torch not compiled with CUDA enabled/, () =>
        ones().to('cuda:0'),
      ),
      bad('a tensor moved to cuda by its number', 'TorchError', /Torch not compiled with CUDA enabled/, () =>
        ones().cuda(0),
      ),
      bad('zeros on cuda', 'TorchError', /Torch not compiled with CUDA enabled/, () =>
        torch.zeros([2], { device: 'cuda' }),
      ),
      bad('a tensor of numbers on cuda', 'TorchError', /Torch not compiled with CUDA enabled/, () =>
        torch.tensor([1], { device: 'cuda' }),
      ),
      bad(
        'a generator on cuda',
        'TorchError',
        /Torch not compiled with CUDA enabled/,
        () => new torch.Generator('cuda'),
      ),
      bad('cuda.synchronize()', 'TorchError', /Torch not compiled with CUDA enabled/, () =>
        torch.cuda.synchronize(),
      ),
      bad('cuda.currentDevice()', 'TorchError', /Torch not compiled with CUDA enabled/, () =>
        torch.cuda.currentDevice(),
      ),
      bad('cuda.setDevice(0)', 'TorchError', /Torch not compiled with CUDA enabled/, () =>
        torch.cuda.setDevice(0),
      ),
      bad('cuda.memoryAllocated()', 'TorchError', /Torch not compiled with CUDA enabled/, () =>
        torch.cuda.memoryAllocated(),
      ),
      bad('cuda.maxMemoryAllocated()', 'TorchError', /Torch not compiled with CUDA enabled/, () =>
        torch.cuda.maxMemoryAllocated(),
      ),
      bad('cuda.memoryReserved()', 'TorchError', /Torch not compiled with CUDA enabled/, () =>
        torch.cuda.memoryReserved(),
      ),
      bad('cuda.resetPeakMemoryStats()', 'TorchError', /Torch not compiled with CUDA enabled/, () =>
        torch.cuda.resetPeakMemoryStats(),
      ),
      bad('cuda.getRngState()', 'TorchError', /Torch not compiled with CUDA enabled/, () =>
        torch.cuda.getRngState(),
      ),
      bad('cuda.setRngState() of a device by its number', 'TorchError', /Torch not compiled with CUDA/, () =>
        torch.cuda.setRngState(torch.getRngState(), 0),
      ),
      bad('cuda.setRngStateAll() of one state', 'TorchError', /Torch not compiled with CUDA enabled/, () =>
        torch.cuda.setRngStateAll([torch.getRngState()]),
      ),
      bad('cuda.initialSeed()', 'TorchError', /Torch not compiled with CUDA enabled/, () =>
        torch.cuda.initialSeed(),
      ),
    ];

const devices: BadCall[] = [
  ...noCuda,
  bad('cuda.getRngState() of the CPU', 'TypeError', /expected a cuda device, not cpu/, () =>
    torch.cuda.getRngState('cpu'),
  ),
  bad('cuda.setRngState() of the CPU', 'TypeError', /expected a cuda device, not cpu/, () =>
    torch.cuda.setRngState(torch.getRngState(), 'cpu'),
  ),
  bad('cuda.manualSeed() of a fraction', 'TypeError', /seed must be an integer/, () =>
    torch.cuda.manualSeed(0.5),
  ),
  bad('cuda.manualSeedAll() of 65 bits', 'RangeError', /does not fit in 64 bits/, () =>
    torch.cuda.manualSeedAll(2n ** 64n),
  ),
  bad('a device of no name', 'TypeError', /Invalid device string: ''/, () => torch.device('')),
  bad(
    'a device of an unknown name',
    'TypeError',
    /Expected one of cpu, cuda.* device type at start of device string: gpu/,
    () => torch.device('gpu'),
  ),
  bad('a device of a negative number', 'TypeError', /Invalid device string: 'cuda:-1'/, () =>
    torch.device('cuda:-1'),
  ),
  bad('a device with a fraction', 'TypeError', /Invalid device string: 'cuda:0.5'/, () =>
    torch.device('cuda:0.5'),
  ),
  bad('a device with a space', 'TypeError', /Invalid device string: 'cuda: 0'/, () =>
    torch.device('cuda: 0'),
  ),
  bad('a device of number 128', 'RangeError', /Device index must be an integer from 0 to 127, got 128/, () =>
    torch.device('cuda:128'),
  ),
  bad('a device of a huge number', 'RangeError', /Device index must be an integer from 0 to 127/, () =>
    torch.device(`cuda:${'9'.repeat(40)}`),
  ),
  bad('a device of null', 'TypeError', /device\(\): expected a string or a Device, not object/, () =>
    loose(torch.device)(null),
  ),
  bad('a device of a number', 'TypeError', /device\(\): expected a string or a Device, not number/, () =>
    loose(torch.device)(0),
  ),
  bad('a Device of an unknown type', 'TypeError', /Expected one of/, () => new torch.Device(loose('gpu'))),
  bad(
    'a Device of a fraction',
    'RangeError',
    /Device index must be an integer/,
    () => new torch.Device('cuda', 0.5),
  ),
  bad('to() of nothing', 'TypeError', /to\(\): expected a dtype, a device or a tensor/, () =>
    loose(ones()).to(),
  ),
  bad('to() of a number', 'TorchError', /CUDA|accelerator/, () => loose(ones()).to(5)),
  bad('to() with an unknown option', 'TypeError', /to\(\): got an unexpected option 'type'/, () =>
    loose(ones()).to({ type: torch.float32 }),
  ),
  bad('to() with a string for copy', 'TypeError', /to\(\): argument 'copy' must be bool, not string/, () =>
    loose(ones()).to(torch.float64, false, 'yes'),
  ),
  bad('to() with too many arguments', 'TypeError', /to\(\): too many arguments/, () =>
    loose(ones()).to(torch.float64, false, false, 1),
  ),
  bad(
    'to() with a string for a memory format',
    'TypeError',
    /to\(\): 'memoryFormat' must be a memory format/,
    () => loose(ones()).to({ memoryFormat: 'channels_last' }),
  ),
  bad(
    'to() a memory format that does not fit',
    'TorchError',
    /required rank 4 tensor to use channels_last format/,
    () => ones().to({ memoryFormat: torch.channelsLast }),
  ),
  bad(
    'to() of a device that libtorch has no code for',
    'TorchError',
    /PyTorch is not linked with support for xla devices/,
    () => ones().to('xla'),
  ),
  bad(
    'zeros on a device that libtorch has no code for',
    'NotImplementedError',
    /Could not run 'aten::empty.memory_format' with arguments from the 'PrivateUse1' backend/,
    () => torch.zeros([1], { device: 'privateuseone' }),
  ),
  bad(
    'a meta tensor moved to the CPU',
    'NotImplementedError',
    /Cannot copy out of meta tensor; no data!/,
    () => torch.zeros([1], { device: 'meta' }).to('cpu'),
  ),
  bad(
    'tensors of two devices added',
    'TorchError',
    /Expected all tensors to be on the same device, but found at least two devices, meta and cpu!/,
    () => ones().add(torch.ones([2, 3], { device: 'meta' }).mul(torch.ones([2, 3]))),
  ),
  bad(
    'cuda.synchronize of a negative number',
    'RangeError',
    /cuda.synchronize\(\): not a device's index: -1/,
    () => torch.cuda.synchronize(-1),
  ),
  bad('cuda.setDevice of a fraction', 'RangeError', /cuda.setDevice\(\): not a device's index/, () =>
    torch.cuda.setDevice(0.5),
  ),
  bad(
    'cuda.synchronize of the CPU',
    'TypeError',
    /cuda.synchronize\(\): expected a cuda device, not cpu/,
    () => torch.cuda.synchronize('cpu'),
  ),
];

const random: BadCall[] = [
  bad(
    'manualSeed without a seed',
    'TypeError',
    /manualSeed\(\): the seed must be an integer, not undefined/,
    () => loose(torch.manualSeed)(),
  ),
  bad('manualSeed of a fraction', 'TypeError', /the seed must be an integer, not 0.5/, () =>
    torch.manualSeed(0.5),
  ),
  bad('manualSeed of NaN', 'TypeError', /the seed must be an integer, not NaN/, () =>
    torch.manualSeed(Number.NaN),
  ),
  bad('manualSeed of 2^53', 'TypeError', /the seed must be an integer/, () => torch.manualSeed(2 ** 53)),
  bad('manualSeed of 2^64', 'RangeError', /the seed does not fit in 64 bits/, () =>
    torch.manualSeed(2n ** 64n),
  ),
  bad('manualSeed of -2^63 - 1', 'RangeError', /the seed does not fit in 64 bits/, () =>
    torch.manualSeed(-(2n ** 63n) - 1n),
  ),
  bad('manualSeed of a string', 'TypeError', /the seed must be an integer, not 1/, () =>
    loose(torch.manualSeed)('1'),
  ),
  bad('manualSeed of a symbol', 'TypeError', /the seed must be an integer, not Symbol\(x\)/, () =>
    loose(torch.manualSeed)(Symbol('x')),
  ),
  bad(
    'a generator on a device of no name',
    'TypeError',
    /Invalid device string/,
    () => new torch.Generator(''),
  ),
  bad(
    'a generator on meta',
    'TorchError',
    /META device type not an accelerator/,
    () => new torch.Generator('meta'),
  ),
  bad('a forged generator', 'TypeError', /expected a Generator/, () =>
    new (loose(torch.Generator))('cpu', {}).getState(),
  ),
  bad('a forged generator of a string', 'TypeError', /expected a Generator/, () =>
    new (loose(torch.Generator))('cpu', 'x').manualSeed(1),
  ),
  bad(
    'a generator without its constructor',
    'TypeError',
    /expected a Generator|Cannot convert undefined/,
    () => Object.create(torch.Generator.prototype).seed(),
  ),
  bad('a generator seeded with NaN', 'TypeError', /the seed must be an integer/, () =>
    new torch.Generator().manualSeed(Number.NaN),
  ),
  bad('setRngState of nothing', 'TypeError', /Tensor/, () => loose(torch.setRngState)()),
  bad('setRngState of a number', 'TypeError', /Tensor/, () => loose(torch.setRngState)(1)),
  bad('setRngState of floats', 'TypeError', /RNG state must be a torch.ByteTensor/, () =>
    torch.setRngState(ones()),
  ),
  bad(
    'setRngState of too few bytes',
    'TorchError',
    /Expected a CPUGeneratorImplState of size 5056 but found the input RNG state size to be 5/,
    () => torch.setRngState(torch.zeros([5], { dtype: torch.uint8 })),
  ),
  bad('setRngState of bytes that are no state', 'TorchError', /Invalid mt19937 state/, () =>
    torch.setRngState(torch.full([5056], 255, { dtype: torch.uint8 })),
  ),
  bad('setRngState of a disposed tensor', 'DisposedError', /disposed/, () => {
    const state = torch.getRngState();
    state.dispose();
    torch.setRngState(state);
  }),
];

const memory: BadCall[] = [
  bad('tidy without a function', 'TypeError', /tidy\(\): expected a function, not undefined/, () =>
    loose(torch.tidy)(),
  ),
  bad('tidy of a string', 'TypeError', /tidy\(\): expected a function, not string/, () =>
    loose(torch.tidy)('x'),
  ),
  bad('tidy of an async function', 'TypeError', /tidy\(\): the callback is asynchronous/, () =>
    torch.tidy(async () => ones()),
  ),
  bad('tidy of a rejected promise', 'TypeError', /tidy\(\): the callback is asynchronous/, () =>
    torch.tidy(async () => {
      throw new Error('lost');
    }),
  ),
  bad('tidy of a function that throws', 'Error', /^inside$/, () =>
    torch.tidy(() => {
      ones();
      throw new Error('inside');
    }),
  ),
  bad('tidy of a function whose result throws when read', 'Error', /^unreadable$/, () =>
    torch.tidy(() => ({
      kept: ones(),
      get lost() {
        throw new Error('unreadable');
      },
    })),
  ),
  bad('tidy of a tensor disposed inside and used', 'DisposedError', /disposed/, () =>
    torch
      .tidy(() => {
        const x = ones();
        x.dispose();
        return x;
      })
      .sum(),
  ),
  bad('a tensor used after its scope', 'DisposedError', /disposed/, () => {
    let lost: torch.Tensor | undefined;
    torch.tidy(() => {
      lost = ones();
    });
    return lost?.sum();
  }),
  bad('keep of nothing', 'TypeError', /keep\(\): expected a Tensor/, () => loose(torch.keep)()),
  bad('keep of a number', 'TypeError', /keep\(\): expected a Tensor/, () => loose(torch.keep)(1)),
  bad('keep of an object with a handle', 'TypeError', /keep\(\): expected a Tensor/, () =>
    loose(torch.keep)({ handle: 5 }),
  ),
];

const settings: BadCall[] = [
  bad(
    'setNumThreads of 0',
    'RangeError',
    /setNumThreads\(\): expected a positive number of threads, got 0/,
    () => torch.setNumThreads(0),
  ),
  bad('setNumThreads of -1', 'RangeError', /expected a positive number of threads, got -1/, () =>
    torch.setNumThreads(-1),
  ),
  bad('setNumThreads of a fraction', 'TypeError', /setNumThreads\(\): expected an integer, not 1.5/, () =>
    torch.setNumThreads(1.5),
  ),
  bad('setNumThreads of NaN', 'TypeError', /expected an integer, not NaN/, () =>
    torch.setNumThreads(Number.NaN),
  ),
  bad('setNumThreads of Infinity', 'TypeError', /expected an integer, not Infinity/, () =>
    torch.setNumThreads(Number.POSITIVE_INFINITY),
  ),
  bad('setNumThreads of a billion', 'RangeError', /expected a positive number of threads|threads/, () =>
    torch.setNumThreads(1e9),
  ),
  bad('setNumThreads of a string', 'TypeError', /expected an integer, not 2/, () =>
    loose(torch.setNumThreads)('2'),
  ),
  bad('setNumThreads of nothing', 'TypeError', /expected an integer, not undefined/, () =>
    loose(torch.setNumThreads)(),
  ),
  bad('setNumInteropThreads of 0', 'RangeError', /setNumInteropThreads\(\): expected a positive number/, () =>
    torch.setNumInteropThreads(0),
  ),
  bad('setNumInteropThreads of a billion', 'RangeError', /setNumInteropThreads\(\)/, () =>
    torch.setNumInteropThreads(1e9),
  ),
  bad('setDefaultDtype of a string', 'TypeError', /setDefaultDtype\(\): expected a dtype/, () =>
    loose(torch.setDefaultDtype)('float64'),
  ),
  bad(
    'setDefaultDtype of integers',
    'TypeError',
    /only floating-point types are supported as the default type/,
    () => torch.setDefaultDtype(torch.int64),
  ),
  bad('setDefaultDtype of a complex dtype', 'TypeError', /only floating-point types are supported/, () =>
    torch.setDefaultDtype(torch.complex64),
  ),
  bad('setDefaultDtype of an 8-bit float', 'TypeError', /torch.float8_e5m2 cannot be the default type/, () =>
    torch.setDefaultDtype(torch.float8_e5m2),
  ),
  bad('useDeterministicAlgorithms of a string', 'TypeError', /useDeterministicAlgorithms\(\)/, () =>
    loose(torch.useDeterministicAlgorithms)('yes'),
  ),
  bad(
    'setPrintoptions of a negative precision',
    'RangeError',
    /precision must be a non-negative integer/,
    () => torch.setPrintoptions({ precision: -1 }),
  ),
  bad('setPrintoptions of an unknown option', 'TypeError', /unknown option 'digits'/, () =>
    loose(torch.setPrintoptions)({ digits: 3 }),
  ),
  bad(
    'a dtype made by hand',
    'TypeError',
    /there is one DType for each type/,
    () => new (loose(torch.DType))('float32', 6, 4, 'float'),
  ),
  bad('a dtype of a number that libtorch lacks', 'TypeError', /there is one DType for each type/, () =>
    torch.zeros([2], { dtype: new (loose(torch.DType))('nothing', 1000, 4, 'float') }),
  ),
];

export const runtimeCalls: BadCall[] = [...devices, ...random, ...memory, ...settings];
