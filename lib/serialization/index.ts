/** Tensors and training states in files. */
export { type CheckpointValue, loadCheckpoint, saveCheckpoint } from './checkpoint.js';
export {
  type LoadedTensors,
  loadFile,
  type NamedTensors,
  readHeader,
  SafetensorsError,
  saveFile,
  type TensorInfo,
} from './safetensors.js';
