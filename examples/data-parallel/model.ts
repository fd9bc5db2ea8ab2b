import { nn, type Tensor } from 'litorch';

/** What all threads must agree on. */
export interface Sizes {
  readonly features: number;
  readonly hidden: number;
  readonly classes: number;
}

/** A classifier of two hidden layers. */
export class Classifier extends nn.Module {
  readonly input: nn.Linear;
  readonly hidden: nn.Linear;
  readonly output: nn.Linear;

  constructor({ features, hidden, classes }: Sizes) {
    super();
    this.input = new nn.Linear(features, hidden);
    this.hidden = new nn.Linear(hidden, hidden);
    this.output = new nn.Linear(hidden, classes);
  }

  forward(x: Tensor): Tensor {
    return this.output(this.hidden(this.input(x).relu()).relu());
  }
}
