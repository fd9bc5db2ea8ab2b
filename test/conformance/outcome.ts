/** What came of one sample. */
export type Status =
  | 'identical'
  | 'close'
  // Within the tolerance or identical, where PyTorch's own result varies:
  | 'varies'
  | 'wrong'
  | 'raised'
  | 'missing'
  | 'crashed'
  | 'unsupported'
  // Of error inputs:
  | 'matched'
  | 'other message'
  | 'not raised';

export interface Outcome {
  i: number;
  status: Status;
  /** Where it shows: in the result, or in the gradients. */
  phase?: 'forward' | 'backward';
  why?: string;
  /** What PyTorch says, of error inputs. */
  expected?: string;
  /** The call in short. */
  call?: string;
  /** Both sides raise. */
  raising?: true;
  /** The order of elements in memory that differs, though the elements may not. */
  strides?: string;
}
