import torch, { type Tensor } from 'litorch';

/** The states of the random number generators that an arm draws from: the CPU's, and its device's where that is another. */
export interface RandomStates {
  cpu: Tensor;
  device: Tensor | null;
}

/** The random numbers that an arm has to itself, on whatever device it is. */
export class Randomness {
  private readonly device: string | null;
  private states: RandomStates;

  /** Goes on from where the generators are now. */
  constructor(device: string) {
    this.device = torch.device(device).type === 'cuda' ? device : null;
    this.states = this.read();
  }

  /** Calls a function that draws from where the last call has ended. */
  within<T>(fn: () => T): T {
    const { cpu, device } = this.states;
    torch.setRngState(cpu);
    if (device !== null) torch.cuda.setRngState(device, this.device!);
    const result = fn();
    this.replace(this.read());
    return result;
  }

  state(): RandomStates {
    return this.states;
  }

  /** A state without the device's, of a run on the CPU, leaves that as it is. */
  load({ cpu, device }: RandomStates): void {
    const own = this.device === null ? null : (device ?? this.states.device);
    this.replace({ cpu: torch.keep(cpu.clone()), device: own === null ? null : torch.keep(own.clone()) });
  }

  private read(): RandomStates {
    return {
      cpu: torch.keep(torch.getRngState()),
      device: this.device === null ? null : torch.keep(torch.cuda.getRngState(this.device)),
    };
  }

  private replace(states: RandomStates): void {
    this.states.cpu.dispose();
    this.states.device?.dispose();
    this.states = states;
  }
}
