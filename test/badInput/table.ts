/** All bad calls. */
import { autogradCalls } from './autograd.js';
import type { BadCall } from './badCall.js';
import { creationCalls } from './creation.js';
import { handleCalls } from './handles.js';
import { operatorCalls } from './operators.js';
import { runtimeCalls } from './runtime.js';
import { uncheckedCalls } from './unchecked.js';

export const badCalls: Readonly<Record<string, readonly BadCall[]>> = {
  'tensors that are none': handleCalls,
  'data, views, options and sizes': creationCalls,
  'operators, functions and methods': operatorCalls,
  autograd: autogradCalls,
  'devices, random numbers, memory and settings': runtimeCalls,
  'what libtorch leaves unchecked': uncheckedCalls,
};
