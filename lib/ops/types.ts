/** Argument types that the generated signatures use. */

/** An integer; a bigint where a number would not hold it exactly. */
export type Int = number | bigint;
/** A number for elements: integral numbers and bigints count as int64, other numbers as float64. */
export type Num = number | bigint | boolean;
/** A complex number. */
export interface Complex {
  re: number;
  im: number;
}
