// What libtorch holds on the CPU that no table knows: activations that graphs have saved, gradients that nobody has
// looked at. A small tensor of JavaScript's can hold a large graph, so this counts as pressure as well.
//
// libtorch's memory is the process's, tables are of threads. So each table says how much of the allocator's memory is
// behind its tensors, and what is left is divided among the tables.
#pragma once

#include <cstdint>

namespace litorch {

class Pressure {
 public:
  Pressure();
  ~Pressure();
  Pressure(const Pressure&) = delete;
  Pressure& operator=(const Pressure&) = delete;

  // So many bytes of a storage are behind this table's tensors from now on, or no longer are.
  void add(int64_t bytes);
  // This table's part of what no table knows.
  int64_t unseen() const;
  // How many threads have a table.
  static int64_t threads();

 private:
  int64_t known_ = 0;
};

}  // namespace litorch
