/** The operators for which Python's front end takes a number as a tensor, and so finds the overload for tensors. */
export const numbersAsTensors =
  /^(add|sub|subtract|mul|multiply|div|divide|true_divide|floor_divide|copy)_?$/;
