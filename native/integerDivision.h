#pragma once

namespace litorch {

// Puts loops in the place of libtorch's that divide 32 and 64 bit integers. Must run once, before tensors are made.
void replaceIntegerDivision();

}  // namespace litorch
