// See faults.cpp.
#pragma once

namespace litorch {

// Registers kernels of the addon's where libtorch's own are at fault. Once for the process, whoever asks first.
void replaceFaultyKernels();

}  // namespace litorch
