/** Makes the library's layers known to `Sequential`. */
import * as activation from './activation.js';
import * as container from './container.js';
import * as dropout from './dropout.js';
import * as linear from './linear.js';
import * as loss from './loss.js';
import { Module } from './module.js';
import * as normalization from './normalization.js';
import { addLayers } from './quiet.js';
import * as sparse from './sparse.js';

for (const file of [activation, container, dropout, linear, loss, normalization, sparse])
  addLayers(file, Module);
