/** Learning rate schedulers, laid out as `torch.optim.lr_scheduler` is. */
export {
  CosineAnnealingLR,
  LambdaLR,
  LinearLR,
  LRScheduler,
  type LrLambda,
  type SchedulerStateDict,
  StepLR,
} from './lrScheduler.js';
export { type PlateauOptions, ReduceLROnPlateau } from './reduceLROnPlateau.js';
