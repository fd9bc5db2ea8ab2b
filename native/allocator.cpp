#include "allocator.h"

#include <c10/core/Allocator.h>
#include <c10/core/CPUAllocator.h>
#include <c10/core/impl/alloc_cpu.h>
#include <c10/util/Exception.h>

#if defined(__linux__) || defined(__APPLE__)
#include <sys/mman.h>
#define LITORCH_HAS_MMAP 1
#endif

#ifdef __GLIBC__
#include <malloc.h>
#endif

#include <algorithm>
#include <array>
#include <mutex>
#include <unordered_map>
#include <utility>
#include <vector>

namespace litorch {

#ifdef LITORCH_HAS_MMAP
namespace {

// Blocks from this size on are mapped.
constexpr size_t kLarge = size_t{1} << 20;
// What may be kept: as much as brings the total to the most that has lately been in use, and this much at least.
constexpr size_t kKeepLeast = size_t{128} << 20;
// How slowly that most is forgotten: by this part with every block taken.
constexpr size_t kForget = 4096;

struct Block {
  void* data;
  size_t size;
};

// Sizes are rounded up to an eighth of their power of two, so that tensors of nearly the same size share blocks.
size_t roundSize(size_t bytes) {
  size_t step = kLarge / 8;
  while (step * 16 <= bytes) step *= 2;
  return (bytes + step - 1) / step * step;
}

class BlockCache {
 public:
  void* take(size_t bytes) {
    const size_t size = roundSize(bytes);
    {
      std::lock_guard<std::mutex> lock(mutex_);
      for (size_t i = kept_.size(); i-- > 0;) {
        if (kept_[i].size != size) continue;
        void* data = kept_[i].data;
        kept_.erase(kept_.begin() + static_cast<std::ptrdiff_t>(i));
        keptBytes_ -= size;
        use(data, size);
        return data;
      }
    }
    void* data = map(size);
    if (data == nullptr) {
      release();
      data = map(size);
    }
    if (data == nullptr) return nullptr;
    std::lock_guard<std::mutex> lock(mutex_);
    use(data, size);
    return data;
  }

  // False where the block is not one of ours.
  bool give(void* data) {
    std::vector<Block> evicted;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      const auto found = live_.find(data);
      if (found == live_.end()) return false;
      const size_t size = found->second;
      live_.erase(found);
      liveBytes_ -= size;
      kept_.push_back({data, size});
      keptBytes_ += size;
      // The longest kept goes first.
      size_t oldest = 0;
      const size_t limit = std::max(kKeepLeast, mostLive_ > liveBytes_ ? mostLive_ - liveBytes_ : 0);
      while (keptBytes_ > limit) {
        keptBytes_ -= kept_[oldest].size;
        evicted.push_back(kept_[oldest++]);
      }
      kept_.erase(kept_.begin(), kept_.begin() + static_cast<std::ptrdiff_t>(oldest));
    }
    for (const Block& block : evicted) munmap(block.data, block.size);
    return true;
  }

  void release() {
    std::vector<Block> blocks;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      blocks.swap(kept_);
      keptBytes_ = 0;
    }
    for (const Block& block : blocks) munmap(block.data, block.size);
  }

 private:
  static void* map(size_t size) {
    void* data = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return data == MAP_FAILED ? nullptr : data;
  }

  void use(void* data, size_t size) {
    live_.emplace(data, size);
    liveBytes_ += size;
    mostLive_ = std::max(liveBytes_, mostLive_ - mostLive_ / kForget);
  }

  std::mutex mutex_;
  std::vector<Block> kept_;  // the longest kept first
  size_t keptBytes_ = 0;
  size_t liveBytes_ = 0;
  size_t mostLive_ = 0;
  std::unordered_map<void*, size_t> live_;
};

// Tensors may outlive every environment, so the cache is never destroyed.
BlockCache& cache() {
  static auto* instance = new BlockCache();
  return *instance;
}

void deleteLarge(void* data) { cache().give(data); }

void deleteAny(void* data) {
  if (!cache().give(data)) c10::free_cpu(data);
}

// Small blocks come from libtorch's own allocator, whose aligned blocks the C library takes long to find and cannot
// keep at hand. So each thread keeps some of what it frees, by size. Such a block may be freed by anyone in any way.
constexpr size_t kSmallStep = 64;
constexpr size_t kSmallClasses = 16;
constexpr size_t kSmallMost = kSmallStep * kSmallClasses;
constexpr size_t kKeepSmall = 256;

class SmallBlocks {
 public:
  ~SmallBlocks() {
    alive = false;
    for (Class& one : classes_) {
      while (one.count > 0) c10::free_cpu(one.blocks[--one.count]);
    }
  }

  void* take(size_t index) {
    Class& one = classes_[index];
    return one.count > 0 ? one.blocks[--one.count] : c10::alloc_cpu((index + 1) * kSmallStep);
  }

  void give(size_t index, void* data) {
    Class& one = classes_[index];
    if (one.count < kKeepSmall) {
      one.blocks[one.count++] = data;
    } else {
      c10::free_cpu(data);
    }
  }

  // Tensors may die after their thread's blocks have gone.
  static thread_local bool alive;

 private:
  struct Class {
    size_t count = 0;
    void* blocks[kKeepSmall];
  };
  Class classes_[kSmallClasses];
};

thread_local bool SmallBlocks::alive = true;
thread_local SmallBlocks smallBlocks;

template <size_t index>
void deleteSmall(void* data) {
  if (SmallBlocks::alive) {
    smallBlocks.give(index, data);
  } else {
    c10::free_cpu(data);
  }
}

template <size_t... indices>
constexpr std::array<c10::DeleterFnPtr, sizeof...(indices)> smallDeleters(std::index_sequence<indices...>) {
  return {&deleteSmall<indices>...};
}

constexpr auto kDeleteSmall = smallDeleters(std::make_index_sequence<kSmallClasses>());

class CachingAllocator final : public c10::Allocator {
 public:
  explicit CachingAllocator(c10::Allocator* small) : small_(small) {}

  c10::DataPtr allocate(size_t bytes) override {
    if (bytes - 1 < kSmallMost && SmallBlocks::alive) {
      const size_t index = (bytes - 1) / kSmallStep;
      void* data = smallBlocks.take(index);
      return {data, data, kDeleteSmall[index], c10::Device(c10::DeviceType::CPU)};
    }
    if (bytes < kLarge) return small_->allocate(bytes);
    // Absurd sizes overflow when rounded; libtorch's allocator has the message for them.
    void* data = bytes < (size_t{1} << 46) ? cache().take(bytes) : nullptr;
    if (data == nullptr) return small_->allocate(bytes);
    return {data, data, &deleteLarge, c10::Device(c10::DeviceType::CPU)};
  }

  c10::DeleterFnPtr raw_deleter() const override { return &deleteAny; }

  void copy_data(void* target, const void* source, std::size_t count) const override {
    default_copy_data(target, source, count);
  }

 private:
  c10::Allocator* small_;
};

}  // namespace

void installAllocator() {
  static std::once_flag once;
  std::call_once(once, [] {
#ifdef __GLIBC__
    // The C library comes to these limits by itself once a large block has been freed. Now that it sees none, it would
    // go on giving the top of its heap back to the system after every few small tensors, and fault it in again.
    mallopt(M_MMAP_THRESHOLD, 32 << 20);
    mallopt(M_TRIM_THRESHOLD, 64 << 20);
#endif
    c10::SetCPUAllocator(new CachingAllocator(c10::GetDefaultCPUAllocator()), /*priority=*/1);
  });
}

void releaseCachedBlocks() { cache().release(); }

#else

void installAllocator() {}
void releaseCachedBlocks() {}

#endif

}  // namespace litorch
