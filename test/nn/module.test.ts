import { inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import torch, { nn, type Tensor } from '../../lib/index.js';
import { expectNoLeaks } from '../../lib/jest/index.js';
import { settled, unfreed } from '../support/counts.js';
import { runPython } from '../support/python.js';
import { testWithPython } from '../support/withPython.js';
import { bits, messageOf, recorded } from './compare.js';

class Child extends nn.Module {
  fc = new nn.Linear(2, 2);
  declare mean: Tensor;

  constructor() {
    super();
    this.registerBuffer('mean', torch.zeros([2]));
  }
}

class Parent extends nn.Module {
  a = new Child();
  w = new nn.Parameter(torch.ones([3]));
  b = new nn.Sequential(new nn.Linear(2, 3), new nn.ReLU());
  a_again = this.a;
}

class Extra extends nn.Module {
  fc = new nn.Linear(1, 1);

  override extraRepr(): string {
    return 'one=1\ntwo=2';
  }
}

/** Calls a module with arguments that its type refuses. */
function run(module: nn.Module, ...args: unknown[]): unknown {
  return module(...args);
}

const names = (members: Iterable<[string, unknown]>): string[] => [...members].map(([name]) => name);

describe('against PyTorch', () => {
  const expected = recorded<Record<string, unknown>>('nnModule.json');

  function load(change: (state: Record<string, Tensor>) => void, options = {}): string | null {
    const model = new Parent();
    const state = model.stateDict();
    change(state);
    return messageOf(() => model.loadStateDict(state, options));
  }

  const model = new Parent();
  const lstm = new nn.LSTM(3, 4);
  const projected = new nn.LSTM(3, 4, { projSize: 2 });
  const layers = new nn.ModuleList<nn.Module>([
    new nn.Linear(2, 2),
    new nn.Linear(2, 2),
    new nn.Sequential(new nn.ReLU(), new nn.Tanh()),
    new nn.Linear(2, 2),
  ]);
  const z = (...shape: number[]): Tensor => torch.zeros(shape);

  const cases: Record<string, () => unknown> = {
    load: () =>
      load((state) => {
        delete state['a.fc.weight'];
        delete state.w;
        state['b.0.weight'] = z(4, 2);
        state['b.0.more'] = z(1);
        state.other = z(1);
        state['zip.zap'] = z(1);
        state['a.mean'] = z(2, 1);
      }),
    'load missing': () =>
      load((state) => {
        delete state.w;
      }),
    'load unexpected': () =>
      load((state) => {
        state.other = z(1);
      }),
    'load size': () =>
      load(
        (state) => {
          state.w = z(2);
        },
        { strict: false },
      ),
    names: () => names(model.namedParameters()),
    'names with duplicates': () => names(model.namedParameters({ removeDuplicate: false })),
    'names with prefix': () => names(model.namedParameters({ prefix: 'x', recurse: false })),
    modules: () => names(model.namedModules()),
    'modules with duplicates': () => names(model.namedModules({ removeDuplicate: false })),
    children: () => names(model.namedChildren()),
    buffers: () => names(model.namedBuffers()),
    state: () => Object.keys(model.stateDict({ prefix: 'net.' })),
    repr: () => inspect(model),
    'repr extra': () => String(new Extra()),
    'repr list': () => String(layers),
    'repr empty': () =>
      [new nn.ModuleList(), new nn.Sequential(), new nn.ModuleDict(), new Child()].map(String),
    'repr dict': () =>
      String(new nn.ModuleDict({ x: new nn.Linear(1, 2, false), y: new nn.ModuleList([new nn.Identity()]) })),
    'repr parameters': () => String(new nn.ParameterList([z(2, 3), new nn.Parameter(z(1))])),
    'repr named': () => String(new nn.Sequential({ fc: new nn.Linear(1, 1), act: new nn.ReLU() })),
    'repr sublist': () => String(layers.slice(1)),
    submodule: () => messageOf(() => model.getSubmodule('a.nothing')),
    'submodule of a parameter': () => messageOf(() => model.getSubmodule('w')),
    parameter: () => messageOf(() => model.getParameter('a.mean')),
    buffer: () => messageOf(() => model.getBuffer('a.fc.weight')),
    'buffer name': () => messageOf(() => model.registerBuffer('a.b', null)),
    'buffer taken': () => messageOf(() => model.registerBuffer('w', null)),
    'buffer empty': () => messageOf(() => model.registerBuffer('', null)),
    'module name': () => messageOf(() => model.addModule('a.b', null)),
    'module taken': () => messageOf(() => model.addModule('w', new nn.ReLU())),
    'parameter taken': () => messageOf(() => model.registerParameter('a', null)),
    to: () => messageOf(() => model.to(torch.int64)),
    forward: () => messageOf(() => new nn.Module()()),
    padding: () => messageOf(() => new nn.Embedding(3, 2, { paddingIdx: 3 })),
    dropout: () => messageOf(() => new nn.Dropout(1.5)),
    groups: () => messageOf(() => new nn.GroupNorm(2, 3)),
    bilinear: () => messageOf(() => new nn.Bilinear(0, 1, 1)),
    pretrained: () => messageOf(() => nn.Embedding.fromPretrained(z(3))),
    index: () => messageOf(() => layers.at(7)),
    'lstm dims': () => messageOf(() => lstm(z(3))),
    'lstm size': () => messageOf(() => lstm(z(2, 1, 4))),
    'lstm dtype': () => messageOf(() => lstm(z(2, 1, 3).double())),
    'lstm state dims': () => messageOf(() => lstm(z(2, 1, 3), [z(1, 4), z(1, 4)])),
    'lstm unbatched state': () => messageOf(() => lstm(z(2, 3), [z(1, 1, 4), z(1, 1, 4)])),
    'lstm state': () => messageOf(() => lstm(z(2, 1, 3), [z(2, 1, 4), z(1, 1, 4)])),
    'lstm cell state': () => messageOf(() => projected(z(2, 1, 3), [z(1, 1, 2), z(1, 1, 2)])),
    'lstm dropout': () => messageOf(() => new nn.LSTM(3, 4, { dropout: 2 })),
    'lstm projection': () => messageOf(() => new nn.LSTM(3, 4, { projSize: 4 })),
    'gru dims': () => messageOf(() => new nn.GRU(3, 4)(z(3))),
    'gru state': () => messageOf(() => new nn.GRU(3, 4)(z(2, 1, 3), z(1, 2, 4))),
    'gru state dims': () => messageOf(() => new nn.GRU(3, 4)(z(2, 1, 3), z(1, 4))),
    'rnn dims': () => messageOf(() => new nn.RNN(3, 4)(z(3))),
    'rnn nonlinearity': () => messageOf(() => new nn.RNN(3, 4, { nonlinearity: 'exp' as 'tanh' })),
    'cell dims': () => messageOf(() => new nn.GRUCell(3, 4)(z(1, 1, 3))),
    'lstm cell dims': () => messageOf(() => new nn.LSTMCell(3, 4)(z(3), [z(1, 1, 4), z(4)])),
    dropout1d: () => messageOf(() => new nn.Dropout1d()(z(3))),
    'group norm dims': () => messageOf(() => new nn.GroupNorm(1, 3)(z(3))),
    'group norm values': () => messageOf(() => new nn.GroupNorm(3, 3)(z(1, 3))),
    reduction: () => messageOf(() => new nn.MSELoss({ reduction: 'max' as 'mean' })(z(1), z(1))),
    'bce size': () => messageOf(() => new nn.BCELoss()(z(2), z(1))),
    'bce logits size': () => messageOf(() => new nn.BCEWithLogitsLoss()(z(2), z(1))),
    'cross entropy': () => messageOf(() => new nn.CrossEntropyLoss()(z(2, 3), torch.tensor([0n, 3n]))),
    cast: () => {
      const cast = new nn.Sequential({
        '0': new nn.Linear(2, 2),
        '1': new nn.BCEWithLogitsLoss({ posWeight: torch.ones([2]) }) as nn.Module as nn.TensorModule,
      });
      torch.manualSeed(5);
      const parameters = [...cast.parameters()];
      for (const parameter of parameters) nn.init.uniform_(parameter);
      cast
        .at(0)(torch.ones([1, 2]))
        .sum()
        .backward();
      const grads = parameters.map(({ grad }) => grad);
      expect(cast.double()).toBe(cast);
      expect([...cast.parameters()].every((parameter, i) => parameter === parameters[i])).toBe(true);
      expect(parameters.every(({ grad }, i) => grad === grads[i])).toBe(true);
      return [
        ...Object.values(cast.stateDict()).map(bits),
        ...parameters.map(({ grad }) => bits(grad as Tensor)),
      ];
    },
  };

  testWithPython('what was recorded is what Python gives now', () => {
    expect(expected).toEqual(JSON.parse(runPython('nn_module.py')));
  });

  test('all that was recorded is tried', () => {
    expect(Object.keys(cases)).toEqual(Object.keys(expected));
    expect(Object.values(expected)).not.toContain(null);
  });

  test.each(Object.entries(cases))('%s', (name, make) => {
    expect(make()).toEqual(expected[name]);
  });
});

describe('a module', () => {
  test('is called like a function, and typed by forward', () => {
    class Add extends nn.Module {
      forward(x: Tensor, y: number): [sum: Tensor, twice: number] {
        return [x.add(y), 2 * y];
      }
    }
    const add = new Add();
    const [sum, twice] = add(torch.ones([1]), 2);
    expect([sum.item(), twice.toFixed()]).toEqual([3, '4']);
    // @ts-expect-error a string is no Tensor
    expect(() => add('x', 2)).toThrow();
    // @ts-expect-error an argument is missing
    void (() => add(torch.ones([1])));
    // @ts-expect-error one tensor in, one tensor out
    void (() => new nn.Sequential(add));
    expect(add).toBeInstanceOf(Add);
    expect(add).toBeInstanceOf(nn.Module);
    expect(typeof add).toBe('function');
  });

  test('has plain properties only, also of the names that a function has', () => {
    class Named extends nn.Module {
      constructor() {
        super();
        Object.assign(this, { name: 'n', length: 3 });
      }
    }
    const named = new Named();
    expect(Object.entries(named)).toEqual([
      ['training', true],
      ['name', 'n'],
      ['length', 3],
    ]);
    expect(Object.getOwnPropertyNames(new nn.Tanh())).toEqual(['training']);
  });

  test('may have private fields and methods, also in a class of a class', () => {
    class Base extends nn.Module {
      #count = 1;

      get count(): number {
        return this.#count;
      }

      forward(): number {
        this.#count++;
        return this.#next();
      }

      #next(): number {
        return this.#count;
      }
    }
    class Derived extends Base {
      #own = new nn.Linear(1, 1);

      get own(): nn.Linear {
        return this.#own;
      }
    }
    const module = new Derived();
    expect(module()).toBe(2);
    expect(module.count).toBe(2);
    expect(module.own.bias).toBeInstanceOf(nn.Parameter);
    expect([...module.parameters()]).toHaveLength(0);
  });

  test('finds what is assigned, replaced and taken away', () => {
    const module = new (class extends nn.Module {
      first: nn.Module | null = new nn.Linear(1, 2);
      weight: unknown = null;
    })();
    expect(names(module.namedParameters())).toEqual(['first.weight', 'first.bias']);
    module.weight = new nn.Parameter(torch.ones([1]));
    module.first = null;
    expect(names(module.namedParameters())).toEqual(['weight']);
    module.weight = torch.ones([1]);
    expect(names(module.namedParameters())).toEqual([]);
  });

  test('train and eval reach everything below', () => {
    const net = new nn.Sequential(new nn.Dropout(), new nn.Sequential(new nn.Dropout()));
    expect(net.eval()).toBe(net);
    expect([...net.modules()].map(({ training }) => training)).toEqual([false, false, false, false]);
    net.train();
    expect([...net.modules()].every(({ training }) => training)).toBe(true);
    expect(() => net.train(1 as unknown as boolean)).toThrow('training mode is expected to be boolean');
  });

  test('apply goes from the leaves up', () => {
    const seen: string[] = [];
    new Parent().apply((module) => void seen.push(module.constructor.name));
    expect(seen).toEqual(['Linear', 'Child', 'Linear', 'ReLU', 'Sequential', 'Parent']);
  });

  test('zeroGrad takes gradients away, or fills them with zeros', () => {
    const net = new nn.Linear(2, 1);
    net(torch.ones([1, 2]))
      .sum()
      .backward();
    const { grad } = net.weight;
    net.zeroGrad({ setToNone: false });
    expect(net.weight.grad).toBe(grad);
    expect(grad?.tolist()).toEqual([[0, 0]]);
    net.zeroGrad();
    expect([net.weight.grad, net.bias?.grad]).toEqual([null, null]);
  });

  test('zeroGrad frees the memory of gradients at once', () => {
    const net = new nn.Linear(1000, 100);
    torch.tidy(() =>
      net(torch.ones([1, 1000]))
        .sum()
        .backward(),
    );
    torch.tidy(() => nn.utils.clipGradNorm_(net.parameters(), 1).item());
    const tensors = settled();
    net.zeroGrad({ setToNone: false });
    net.zeroGrad();
    expect(unfreed()).toBe(tensors);
  });

  test('requiresGrad_ freezes and thaws', () => {
    const net = new nn.Linear(2, 1).requiresGrad_(false);
    expect([...net.parameters()].some(({ requiresGrad }) => requiresGrad)).toBe(false);
    expect(net(torch.ones([1, 2])).requiresGrad).toBe(false);
    net.requiresGrad_();
    expect(net.weight.requiresGrad).toBe(true);
  });

  test('gives submodules, parameters and buffers by their paths', () => {
    const model = new Parent();
    expect(model.getSubmodule('')).toBe(model);
    expect(model.getSubmodule('b.0')).toBe(model.b[0]);
    expect(model.getParameter('a.fc.weight')).toBe(model.a.fc.weight);
    expect(model.getParameter('w')).toBe(model.w);
    expect(model.getBuffer('a.mean')).toBe(model.a.mean);
  });

  test('disposes its parameters and buffers', () => {
    const model = new Parent();
    const { mean } = model.a;
    model.dispose();
    expect([model.w.disposed, mean.disposed]).toEqual([true, true]);
  });
});

describe('stateDict', () => {
  test('shares memory with the parameters, without their graph', () => {
    const net = new nn.Linear(2, 1);
    const state = net.stateDict();
    expect(state.weight?.dataPtr()).toBe(net.weight.dataPtr());
    expect(state.weight?.requiresGrad).toBe(false);
    expect(net.stateDict({ keepVars: true }).weight).toBe(net.weight);
  });

  test('is loaded into another module, from an object or a Map', () => {
    const [from, into] = [new Parent(), new Parent()];
    from.a.mean.fill_(3);
    expect(into.loadStateDict(from.stateDict())).toEqual({ missingKeys: [], unexpectedKeys: [] });
    expect(Object.values(into.stateDict()).map(bits)).toEqual(Object.values(from.stateDict()).map(bits));
    from.a.mean.fill_(4);
    into.loadStateDict(new Map(Object.entries(from.stateDict())));
    expect(into.a.mean.tolist()).toEqual([4, 4]);
  });

  test('copies into the parameters, which stay the same objects; assign puts others in their place', () => {
    const [from, into] = [new nn.Linear(2, 1), new nn.Linear(2, 1)];
    const { weight } = into;
    const [address, version] = [weight.dataPtr(), weight._version];
    into.loadStateDict(from.stateDict());
    expect(into.weight).toBe(weight);
    expect([weight.dataPtr(), weight._version]).toEqual([address, version + 1]);
    into.requiresGrad_(false);
    into.loadStateDict(from.stateDict(), { assign: true });
    expect(into.weight).not.toBe(weight);
    expect(into.weight).toBeInstanceOf(nn.Parameter);
    expect([into.weight.dataPtr(), into.weight.requiresGrad]).toEqual([from.weight.dataPtr(), false]);
  });

  test('leaves everything as it was when something does not match', () => {
    const [from, into] = [new Parent(), new Parent()];
    const before = Object.values(into.stateDict()).map(bits);
    expect(() => into.loadStateDict({ ...from.stateDict(), w: torch.zeros([9]) })).toThrow(
      'size mismatch for w',
    );
    expect(Object.values(into.stateDict()).map(bits)).toEqual(before);
  });

  test('reports what does not match when it is not strict', () => {
    const into = new nn.Linear(2, 1);
    expect(
      into.loadStateDict({ weight: torch.ones([1, 2]), more: torch.ones([1]) }, { strict: false }),
    ).toEqual({
      missingKeys: ['bias'],
      unexpectedKeys: ['more'],
    });
    expect(into.weight.tolist()).toEqual([[1, 1]]);
  });

  test('takes nothing else', () => {
    const net = new nn.Linear(1, 1);
    for (const bad of [null, 3, [], torch.ones([1])]) {
      expect(() => net.loadStateDict(bad as never)).toThrow('Expected state_dict to be dict-like');
    }
    expect(() => net.loadStateDict({ weight: 3, bias: torch.ones([1]) } as never)).toThrow(
      'While copying the parameter named "weight", expected torch.Tensor or Tensor-like object',
    );
  });
});

describe('hooks', () => {
  class Double extends nn.Module {
    forward(x: Tensor): Tensor {
      if (x.numel() > 5) throw new Error('too large');
      return x.mul(2);
    }
  }

  test('run around forward in order, see and replace arguments and results', () => {
    const module = new Double();
    const seen: string[] = [];
    module.registerForwardPreHook((self, args) => {
      seen.push(`pre ${self === module} ${args[0].item()}`);
      return args[0].add(1);
    });
    module.registerForwardPreHook(
      (_, [x]) => {
        seen.push('first');
        return [x.add(10)];
      },
      { prepend: true },
    );
    module.registerForwardHook((_, [x], output) => {
      seen.push(`post ${x.item()} ${output.item()}`);
      return output.neg();
    });
    const handle = module.registerForwardHook((_, __, output) => void seen.push(`last ${output.item()}`));
    expect(module(torch.ones([1])).item()).toBe(-24);
    expect(seen).toEqual(['first', 'pre true 11', 'post 12 24', 'last -24']);
    handle.remove();
    handle.remove();
    seen.length = 0;
    module(torch.ones([1]));
    expect(seen).toHaveLength(3);
  });

  test('are taken away by `using`, and one function may be there twice', () => {
    const module = new Double();
    let count = 0;
    const hook = (): void => void count++;
    {
      using _first = module.registerForwardHook(hook);
      using _second = module.registerForwardPreHook(hook);
      module.registerForwardPreHook(hook);
      module(torch.ones([1]));
      expect(count).toBe(3);
    }
    module(torch.ones([1]));
    expect(count).toBe(4);
  });

  test('may run although forward throws', () => {
    const module = new Double();
    const seen: unknown[] = [];
    module.registerForwardHook(() => void seen.push('usual'));
    module.registerForwardHook((_, __, output) => void seen.push(output), { alwaysCall: true });
    expect(() => module(torch.ones([6]))).toThrow('too large');
    expect(seen).toEqual([undefined]);
  });

  test('are functions', () => {
    expect(() => new Double().registerForwardHook(3 as never)).toThrow(TypeError);
  });

  test('run in a Sequential as well', () => {
    const net = new nn.Sequential(new Double(), new Double());
    net.at(0).registerForwardHook(() => torch.zeros([1]));
    expect(net(torch.ones([1])).item()).toBe(0);
  });
});

describe('containers', () => {
  test('Sequential is indexed, extended and cut', () => {
    const [a, b, c] = [new nn.ReLU(), new nn.Tanh(), new nn.Sigmoid()];
    const net = new nn.Sequential(a, b);
    expect([net.length, net[0], net.at(-1), [...net]]).toEqual([2, a, b, [a, b]]);
    net.append(c).insert(0, c);
    expect([...net]).toEqual([c, a, b, c]);
    expect(net.pop(0)).toBe(c);
    expect(names(net.namedChildren())).toEqual(['0', '1', '2']);
    expect([...net.slice(1)]).toEqual([b, c]);
    net[1] = c;
    expect([...net]).toEqual([a, c, c]);
    expect(() => net.at(3)).toThrow('index 3 is out of range');
    expect(() => net.insert(9, a)).toThrow(RangeError);
    expect(() => net.append(3 as never)).toThrow(TypeError);
  });

  test('ModuleList keeps the type of its modules', () => {
    const list = new nn.ModuleList([new nn.Linear(1, 2), new nn.Linear(2, 3)]);
    const sizes: number[] = [...list].map(({ outFeatures }) => outFeatures);
    expect(sizes).toEqual([2, 3]);
    list.extend([new nn.Linear(3, 4)]);
    expect(list.at(-1).inFeatures).toBe(3);
    expect(() => list.extend(3 as never)).toThrow('ModuleList.extend should be called with an iterable');
  });

  test('ModuleDict keeps the type of each module', () => {
    const heads = new nn.ModuleDict({ start: new nn.Linear(1, 2), act: new nn.Tanh() });
    const width: number = heads.get('start').outFeatures;
    expect([width, heads.length, [...heads], heads.has('act'), heads.has('no')]).toEqual([
      2,
      2,
      ['start', 'act'],
      true,
      false,
    ]);
    // @ts-expect-error there is no such module
    expect(() => heads.get('no')).toThrow("ModuleDict has no module 'no'");
    expect(heads.pop('act')).toBeInstanceOf(nn.Tanh);
    heads.set('start', new nn.Linear(1, 5));
    expect(names(heads.items())).toEqual(['start']);
    const more = new nn.ModuleDict<Record<string, nn.Module>>();
    more.update([['a', new nn.ReLU()]]).update({ b: new nn.Tanh() });
    expect([...more.keys()]).toEqual(['a', 'b']);
    expect(() => more.set('keys', new nn.ReLU())).toThrow("attribute 'keys' already exists");
    more.clear();
    expect([...more.values()]).toEqual([]);
  });

  test('ParameterList makes parameters of tensors', () => {
    const list = new nn.ParameterList([torch.ones([1])]);
    list.append(torch.zeros([2]));
    expect([...list].every((parameter) => parameter instanceof nn.Parameter)).toBe(true);
    expect([list.length, list.at(-1).shape, names(list.namedParameters())]).toEqual([2, [2], ['0', '1']]);
    expect(() => list.append(3 as never)).toThrow(TypeError);
  });
});

describe('Parameter', () => {
  test('shares memory, requires a gradient, and survives scopes', () => {
    const data = torch.ones([2]);
    const parameter = torch
      .tidy(() => {
        const made = new nn.Parameter(data);
        return { made: () => made };
      })
      .made();
    expect(parameter.disposed).toBe(false);
    expect(parameter.dataPtr()).toBe(data.dataPtr());
    expect([parameter.requiresGrad, parameter.isLeaf, data.requiresGrad]).toEqual([true, true, false]);
    expect(new nn.Parameter(data, { requiresGrad: false }).requiresGrad).toBe(false);
    expect(torch.noGrad(() => new nn.Parameter(data)).requiresGrad).toBe(true);
    expect(new nn.Parameter(parameter.mul(2)).isLeaf).toBe(true);
    expect(inspect(parameter)).toBe('Parameter containing:\ntensor([1., 1.], requires_grad=True)');
    expect(() => new nn.Parameter(3 as never)).toThrow(TypeError);
  });

  test('gives plain tensors, not parameters, where it is computed with', () => {
    const parameter = new nn.Parameter(torch.ones([2]));
    expect(parameter.add(1)).not.toBeInstanceOf(nn.Parameter);
    expect(parameter.detach()).not.toBeInstanceOf(nn.Parameter);
    expect(parameter.add_).toBeDefined();
    expect(torch.noGrad(() => parameter.add_(1))).toBe(parameter);
  });
});

describe('arguments', () => {
  test('go by position, by name, or both', () => {
    const texts = [
      new nn.LSTM(3, 4, 2, true, true),
      new nn.LSTM(3, 4, { numLayers: 2, batchFirst: true }),
      new nn.LSTM(3, 4, 2, { batchFirst: true }),
    ].map(String);
    expect(new Set(texts).size).toBe(1);
  });

  test('that nobody knows are named', () => {
    expect(() => new nn.Linear(1, 1, { biass: false } as never)).toThrow(
      "Linear: unknown option 'biass'; the options are bias, device, dtype",
    );
    expect(() => new nn.Linear(1, 1, true, { bias: true })).toThrow(/given both by position and by name/);
    expect(() => nn.functional.normalize(torch.ones([1, 1]), ...([1, 2, 3, null, 4] as never))).toThrow(
      'normalize(): takes at most 5 positional arguments',
    );
    expect(() => nn.functional.mseLoss(torch.ones([1]), torch.ones([1]), 'sum' as never)).toThrow(TypeError);
  });

  test('of the wrong kind are errors', () => {
    expect(() => run(new nn.Linear(2, 2), 'x')).toThrow(TypeError);
    expect(() => run(new nn.LSTM(2, 2), null)).toThrow();
    expect(() => run(new nn.Embedding(2, 2), torch.ones([1]))).toThrow();
    expect(() => new nn.LSTM(2.5, 2)).toThrow(TypeError);
  });
});

describe('what a module keeps', () => {
  test('is nothing of a call, of its state dict, of a conversion, or of hooks that are gone', () => {
    const parent = new Parent();
    expectNoLeaks(() => {
      const state = parent.stateDict();
      parent.loadStateDict(state);
      parent.double();
      parent.float();
      // A conversion puts new buffers in the place of the old.
      return [...parent.buffers()];
    });
    const layer = new nn.Linear(2, 2);
    expectNoLeaks(() => {
      const seen: Tensor[] = [];
      const hook = layer.registerForwardHook((_module, _args, output) => void seen.push(output));
      layer(torch.ones([1, 2]))
        .sum()
        .backward();
      hook.remove();
      layer.zeroGrad();
    });
    expectNoLeaks(() => void new Parent());
  });
});

describe('Sequential frees what lies between its layers', () => {
  const x = torch.randn([3, 4]);
  const layers = (): nn.Sequential =>
    new nn.Sequential(new nn.Linear(4, 4), new nn.Tanh(), new nn.Identity(), new nn.Linear(4, 4));

  test('where nobody can have seen it', () => {
    const net = layers();
    const output = expectNoLeaks(() => net(x), { collect: false });
    const nested = new nn.Sequential(layers(), new nn.ReLU({ inplace: true }), layers());
    expectNoLeaks(() => nested(x), { collect: false });
    expect(x.disposed).toBe(false);
    output.sum().backward();
    expect([...net.parameters()].every(({ grad }) => grad !== null)).toBe(true);
  });

  test('but not what a hook has seen', () => {
    const net = layers();
    const seen: Tensor[] = [];
    net.at(1).registerForwardHook((_module, _args, output) => void seen.push(output as Tensor));
    net.at(3).registerForwardPreHook((_module, args) => void seen.push(args[0] as Tensor));
    net(x);
    expect(seen.map((tensor) => tensor.shape)).toEqual([
      [3, 4],
      [3, 4],
    ]);
    expect(seen.every((tensor) => !tensor.disposed)).toBe(true);
  });

  test('but not what a module of the user keeps, as it is or as a subclass', () => {
    class Keeps extends nn.Module {
      last: Tensor[] = [];
      forward(input: Tensor): Tensor {
        const output = input.mul(2);
        this.last = [input, output];
        return output;
      }
    }
    class KeepingTanh extends nn.Tanh {
      last: Tensor[] = [];
      override forward(input: Tensor): Tensor {
        this.last = [input, super.forward(input)];
        return this.last[1] as Tensor;
      }
    }
    const [keeps, tanh] = [new Keeps(), new KeepingTanh()];
    const net = new nn.Sequential(
      new nn.Linear(4, 4),
      keeps,
      new nn.Linear(4, 4),
      new nn.Sequential(new nn.Linear(4, 4), tanh),
      new nn.Linear(4, 4),
    );
    net(x);
    for (const tensor of [...keeps.last, ...tanh.last]) expect(tensor.disposed).toBe(false);
  });

  test('and never its input or its output', () => {
    const identity = new nn.Sequential(new nn.Identity(), new nn.Identity());
    expect(identity(x)).toBe(x);
    expect(x.disposed).toBe(false);
    const inplace = new nn.Sequential(new nn.Identity(), new nn.ReLU({ inplace: true }), new nn.Tanh());
    const y = x.clone();
    inplace(y);
    expect(y.disposed).toBe(false);
    expect(new nn.Sequential()(x)).toBe(x);
  });
});
