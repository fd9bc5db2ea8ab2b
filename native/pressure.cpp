#include "pressure.h"

#include "allocator.h"

#include <algorithm>
#include <atomic>

namespace litorch {
namespace {

// The allocator is the process's, and so is what all tables know of it.
std::atomic<int64_t> known{0};
std::atomic<int64_t> tables{0};

}  // namespace

Pressure::Pressure() { tables.fetch_add(1, std::memory_order_relaxed); }

Pressure::~Pressure() {
  known.fetch_sub(known_, std::memory_order_relaxed);
  tables.fetch_sub(1, std::memory_order_relaxed);
}

void Pressure::add(int64_t bytes) {
  if (bytes == 0) return;
  known_ += bytes;
  known.fetch_add(bytes, std::memory_order_relaxed);
}

int64_t Pressure::threads() { return tables.load(std::memory_order_relaxed); }

int64_t Pressure::unseen() const {
  // Threads that share a storage both know it: what is left may seem less than nothing.
  const int64_t rest = std::max<int64_t>(0, allocatedBytes() - known.load(std::memory_order_relaxed));
  return rest / std::max<int64_t>(1, tables.load(std::memory_order_relaxed));
}

}  // namespace litorch
