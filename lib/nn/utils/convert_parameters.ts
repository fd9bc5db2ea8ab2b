import { tensorsOf } from '../../arguments.js';
import { cat } from '../../functions.js';
import { tidy } from '../../memory.js';
import { Tensor } from '../../tensor.js';

function checkDevices(parameters: readonly Tensor[]): void {
  const [first] = parameters;
  if (first && parameters.some(({ device }) => String(device) !== String(first.device))) {
    throw new TypeError('Found two parameters on different devices, this is currently not supported.');
  }
}

/**
 * All elements of the parameters in one vector. Gradients flow through it.
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.utils.parameters_to_vector.html
 *
 * @throws TypeError if they are on different devices.
 */
export function parametersToVector(parameters: Iterable<Tensor>): Tensor {
  const list = tensorsOf('parametersToVector', parameters, 'parameters');
  checkDevices(list);
  return tidy(() => cat(list.map((parameter) => parameter.view(-1))));
}

/**
 * Makes slices of `vector` the data of the parameters, one after the other; they share its memory from then
 * on.
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.nn.utils.vector_to_parameters.html
 *
 * @throws TypeError if `vector` is not a tensor, or if the parameters are on different devices.
 */
export function vectorToParameters(vector: Tensor, parameters: Iterable<Tensor>): void {
  if (!(vector instanceof Tensor)) throw new TypeError(`expected torch.Tensor, but got: ${typeof vector}`);
  const list = tensorsOf('vectorToParameters', parameters, 'parameters');
  checkDevices(list);
  tidy(() => {
    let start = 0;
    for (const parameter of list) {
      const size = parameter.numel();
      parameter.data = vector.narrow(0, start, size).viewAs(parameter).data;
      start += size;
    }
  });
}
