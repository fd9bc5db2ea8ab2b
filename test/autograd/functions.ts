/** The functions of test/reference/autograd_functions.py. */
import torch, { type autograd, type Tensor } from '../../lib/index.js';

const { Function: AutogradFunction, onceDifferentiable } = torch.autograd;
type Ctx<
  State extends object = object,
  Saved extends readonly (Tensor | null)[] = Tensor[],
> = autograd.FunctionCtx<State, Saved>;

export class Exp extends AutogradFunction {
  static forward(ctx: Ctx, x: Tensor): Tensor {
    const result = x.exp();
    ctx.saveForBackward(result);
    return result;
  }
  static backward(ctx: Ctx<object, [Tensor]>, grad: Tensor): Tensor {
    const [result] = ctx.savedTensors;
    return grad.mul(result);
  }
}

export class Cube extends AutogradFunction {
  static forward(x: Tensor): Tensor {
    return x.mul(x).mul(x);
  }
  static setupContext(ctx: Ctx<{ three: number }>, inputs: readonly [Tensor], _output: Tensor): void {
    ctx.saveForBackward(inputs[0]);
    ctx.three = 3;
  }
  static backward(ctx: Ctx<{ three: number }, [Tensor]>, grad: Tensor): Tensor {
    const [x] = ctx.savedTensors;
    return x.mul(ctx.three).mul(x).mul(grad);
  }
}

export class ScaledSum extends AutogradFunction {
  static forward(ctx: Ctx<{ scale: number }>, a: Tensor, scale: number, b: Tensor): [Tensor, Tensor, string] {
    ctx.scale = scale;
    ctx.saveForBackward(a, null, b);
    return [a.mul(scale).add(b), a.max(), 'text'];
  }
  static backward(
    ctx: Ctx<{ scale: number }, [Tensor, null, Tensor]>,
    first: Tensor,
    second: Tensor,
    third: null,
  ): (Tensor | null)[] {
    const [a, none] = ctx.savedTensors;
    if (none !== null || third !== null) throw new Error('expected null');
    return [first.mul(ctx.scale).add(second.mul(a)), null, first.add(second)];
  }
}

export class Unmaterialized extends AutogradFunction {
  static forward(ctx: Ctx, x: Tensor): [Tensor, Tensor] {
    ctx.setMaterializeGrads(false);
    return [x.mul(2), x.mul(3)];
  }
  static backward(_ctx: Ctx, first: Tensor, second: Tensor | null): Tensor {
    return first.mul(second === null ? 2 : 5);
  }
}

export class Sorted extends AutogradFunction {
  static forward(ctx: Ctx, x: Tensor): [Tensor, Tensor] {
    const [values, indices] = x.sort();
    ctx.markNonDifferentiable(indices);
    ctx.saveForBackward(indices);
    return [values, indices];
  }
  static backward(ctx: Ctx<object, [Tensor]>, grad: Tensor, _none: Tensor): Tensor {
    const [indices] = ctx.savedTensors;
    return torch.zerosLike(grad).scatter(0, indices, grad);
  }
}

export class Doubled extends AutogradFunction {
  static forward(ctx: Ctx, x: Tensor): Tensor {
    x.mul_(2);
    ctx.markDirty(x);
    return x;
  }
  static backward(_ctx: Ctx, grad: Tensor): Tensor {
    return grad.mul(2);
  }
}

export class Identity extends AutogradFunction {
  static forward(_ctx: Ctx, x: Tensor): Tensor {
    return x;
  }
  static backward(_ctx: Ctx, grad: Tensor): Tensor {
    return grad.mul(7);
  }
}

export class Once extends AutogradFunction {
  static forward(ctx: Ctx, x: Tensor): Tensor {
    ctx.saveForBackward(x);
    return x.mul(x);
  }
  static backward = onceDifferentiable((ctx: Ctx<object, [Tensor]>, grad: Tensor) => {
    const [x] = ctx.savedTensors;
    return x.mul(2).mul(grad);
  });
}

/** One whose backward gives what `gradient` does. */
export function gives(
  gradient: (grad: Tensor) => autograd.FunctionGradients,
): (x: Tensor, n: number) => Tensor {
  class Gives extends AutogradFunction {
    static forward(_ctx: Ctx, x: Tensor, _n: number): Tensor {
      return x.clone();
    }
    static backward(_ctx: Ctx, grad: Tensor): autograd.FunctionGradients {
      return gradient(grad);
    }
  }
  return (x, n) => Gives.apply(x, n);
}

export class Neither extends AutogradFunction {
  static forward(_ctx: Ctx, x: Tensor): Tensor {
    return x.mul(2);
  }
}

export class SavedInput extends AutogradFunction {
  static forward(x: Tensor): Tensor {
    return x;
  }
  static setupContext(ctx: Ctx, inputs: readonly [Tensor], _output: Tensor): void {
    ctx.saveForBackward(inputs[0]);
  }
  static backward(_ctx: Ctx, grad: Tensor): Tensor {
    return grad;
  }
}
