#include "allocator.h"

#include <c10/core/Allocator.h>
#include <c10/core/CPUAllocator.h>
#include <c10/core/impl/alloc_cpu.h>
#include <c10/util/Exception.h>

#if defined(__linux__) || defined(__APPLE__)
#include <sys/mman.h>
#define LITORCH_HAS_MMAP 1
#endif

#if defined(__linux__)
#include <malloc.h>
#elif defined(__APPLE__)
#include <malloc/malloc.h>
#endif

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <deque>
#include <mutex>
#include <unordered_map>
#include <utility>
#include <vector>

namespace litorch {
namespace {

std::atomic<int64_t> allocated{0};
thread_local Reclaimer* reclaimer = nullptr;

}  // namespace

int64_t allocatedBytes() { return allocated.load(std::memory_order_relaxed); }

Reclaimer* setReclaimer(Reclaimer* next) { return std::exchange(reclaimer, next); }

#ifdef LITORCH_HAS_MMAP
namespace {

void countAllocated(int64_t bytes) { allocated.fetch_add(bytes, std::memory_order_relaxed); }

// What the C library's block counts as, the same number from when it is made to when it is freed.
int64_t countedSize(void* data) {
#ifdef __APPLE__
  const size_t size = malloc_size(data);
#else
  const size_t size = malloc_usable_size(data);
#endif
  return size > kUncounted ? static_cast<int64_t>(size) : 0;
}

// Blocks from this size on are mapped.
constexpr int kLargeBits = 16;
constexpr size_t kLarge = size_t{1} << kLargeBits;
// What may be kept: as much as brings the total to so many halves of the most that has lately been in use, and this
// much at least. More than that most itself, since phases of a step need different sizes.
constexpr size_t kKeepHalves = 3;
constexpr size_t kKeepLeast = size_t{64} << 20;
// How slowly that most is forgotten: by this part with every block taken.
constexpr size_t kForget = 65536;

// Sizes are rounded up to an eighth of their power of two, so that tensors of nearly the same size share blocks.
constexpr size_t kParts = 8;
constexpr size_t kAbsurd = size_t{1} << 46;

struct SizeClass {
  size_t index;
  size_t bytes;
};

// For sizes from kLarge to kAbsurd.
constexpr SizeClass sizeClass(size_t bytes) {
  const auto power = static_cast<size_t>(std::bit_width(bytes - 1) - 1);
  const size_t step = (size_t{1} << power) / kParts;
  const size_t steps = (bytes + step - 1) / step;  // more than 8, and 16 at most
  return {(power + 1 - kLargeBits) * kParts + steps - kParts - 1, steps * step};
}

class BlockCache {
 public:
  void* take(size_t bytes) {
    const SizeClass wanted = sizeClass(bytes);
    {
      std::lock_guard<std::mutex> lock(mutex_);
      std::deque<Kept>& blocks = kept_[wanted.index];
      if (!blocks.empty()) {
        // What was given last may still be in the processor's cache.
        void* data = blocks.back().data;
        blocks.pop_back();
        keptBytes_ -= wanted.bytes;
        use(data, wanted, bytes);
        return data;
      }
    }
    void* data = map(wanted.bytes);
    if (data == nullptr) {
      release();
      data = map(wanted.bytes);
    }
    if (data == nullptr) return nullptr;
    std::lock_guard<std::mutex> lock(mutex_);
    use(data, wanted, bytes);
    return data;
  }

  // False where the block is not one of ours.
  bool give(void* data) {
    std::vector<Mapped> evicted;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      const auto found = live_.find(data);
      if (found == live_.end()) return false;
      const Use use = found->second;
      countAllocated(-static_cast<int64_t>(use.wanted));
      live_.erase(found);
      liveBytes_ -= use.of.bytes;
      kept_[use.of.index].push_back({data, count_++});
      keptBytes_ += use.of.bytes;
      const size_t most = mostLive_ / 2 * kKeepHalves;
      const size_t limit = std::max(kKeepLeast, most > liveBytes_ ? most - liveBytes_ : 0);
      while (keptBytes_ > limit) evicted.push_back(evict());
    }
    for (const Mapped& block : evicted) munmap(block.data, block.size);
    return true;
  }

  void release() {
    std::vector<Mapped> blocks;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      while (keptBytes_ > 0) blocks.push_back(evict());
    }
    for (const Mapped& block : blocks) munmap(block.data, block.size);
  }

 private:
  struct Mapped {
    void* data;
    size_t size;
  };
  struct Kept {
    void* data;
    uint64_t since;
  };
  struct Use {
    SizeClass of;
    // What was asked for, and so what the storage says it has.
    size_t wanted;
  };

  static void* map(size_t size) {
    void* data = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return data == MAP_FAILED ? nullptr : data;
  }

  void use(void* data, SizeClass of, size_t wanted) {
    live_.emplace(data, Use{of, wanted});
    countAllocated(static_cast<int64_t>(wanted));
    liveBytes_ += of.bytes;
    mostLive_ = std::max(liveBytes_, mostLive_ - mostLive_ / kForget);
  }

  // The longest kept goes first.
  Mapped evict() {
    size_t oldest = kept_.size();
    for (size_t i = 0; i < kept_.size(); i++) {
      if (kept_[i].empty()) continue;
      if (oldest == kept_.size() || kept_[i].front().since < kept_[oldest].front().since) oldest = i;
    }
    void* data = kept_[oldest].front().data;
    kept_[oldest].pop_front();
    // Of the class's index, what sizeClass makes it of.
    const size_t power = oldest / kParts + kLargeBits - 1;
    const size_t size = ((size_t{1} << power) / kParts) * (oldest % kParts + kParts + 1);
    keptBytes_ -= size;
    return {data, size};
  }

  std::mutex mutex_;
  // By class, in each the longest kept first.
  std::array<std::deque<Kept>, sizeClass(kAbsurd).index + 1> kept_;
  uint64_t count_ = 0;
  size_t keptBytes_ = 0;
  size_t liveBytes_ = 0;
  size_t mostLive_ = 0;
  std::unordered_map<void*, Use> live_;
};

// Tensors may outlive every environment, so the cache is never destroyed.
BlockCache& cache() {
  static auto* instance = new BlockCache();
  return *instance;
}

void deleteLarge(void* data) { cache().give(data); }

void deleteMedium(void* data) {
  countAllocated(-countedSize(data));
  c10::free_cpu(data);
}

void deleteAny(void* data) {
  if (!cache().give(data)) deleteMedium(data);
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
    // Nothing at all, or a size that overflows when rounded: libtorch's allocator has the answer for them.
    if (bytes - 1 >= kAbsurd) return small_->allocate(bytes);
    if (bytes < kLarge) return allocateMedium(bytes);
    void* data = cache().take(bytes);
    if (data == nullptr && reclaim()) data = cache().take(bytes);
    // It has the message as well.
    if (data == nullptr) return small_->allocate(bytes);
    return {data, data, &deleteLarge, c10::Device(c10::DeviceType::CPU)};
  }

  c10::DeleterFnPtr raw_deleter() const override { return &deleteAny; }

  void copy_data(void* target, const void* source, std::size_t count) const override {
    default_copy_data(target, source, count);
  }

 private:
  static c10::DataPtr allocateMedium(size_t bytes) {
    void* data;
    try {
      data = c10::alloc_cpu(bytes);
    } catch (const c10::Error&) {
      if (!reclaim()) throw;
      data = c10::alloc_cpu(bytes);
    }
    countAllocated(countedSize(data));
    return {data, data, &deleteMedium, c10::Device(c10::DeviceType::CPU)};
  }

  // False where nobody can.
  static bool reclaim() {
    if (reclaimer == nullptr) return false;
    reclaimer->reclaim();
    cache().release();
    return true;
  }

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
