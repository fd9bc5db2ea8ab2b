#include "collectionPolicy.h"

#include "pressure.h"

#include <algorithm>
#include <chrono>
#include <ctime>

namespace litorch {
namespace {

// So many new bytes are worth a collection of the young generation: most of them are dead, and still in the cache when
// they are used again. All threads together have no more than this, lest ten workers have ten times as much garbage.
constexpr int64_t kYoungBytes = 8 << 20;
constexpr int64_t kYoungLeast = 1 << 20;
// More where that has found little, or where tensors live too long for it: what outlives two collections ends in the
// old generation, where it is found late. But no more than the memory is worth.
constexpr int64_t kYoungMostScale = 2;
constexpr int64_t kLeftPart = 4;
// Less again after so many collections without a reason for more.
constexpr int64_t kCalm = 8;
// And more still where a collection takes so many nanoseconds, since JavaScript itself has much that is young.
constexpr int64_t kLongMostScale = 32;
constexpr int64_t kLong = 2'000'000;
// A young collection may take this part of the time.
constexpr int64_t kYoungShare = 3;
// So much more than after the last full collection, or this part more, is worth the next.
constexpr int64_t kFullBytes = 24 << 20;
constexpr int64_t kFullPart = 4;
// A full collection takes a smaller part of the time where the last ones have found little: then what is held is in
// use.
constexpr int64_t kFullShareLeast = 96;
constexpr int64_t kFullFound = 4;

int64_t share(int64_t bytes) { return bytes / std::max<int64_t>(1, Pressure::threads()); }

}  // namespace

int64_t threadTime() {
#ifdef CLOCK_THREAD_CPUTIME_ID
  timespec time{};
  if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time) == 0) {
    return static_cast<int64_t>(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
  }
#endif
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

int64_t CollectionPolicy::youngStep() const { return std::max(kYoungLeast, share(kYoungBytes)) * youngScale_; }

void CollectionPolicy::youngDone(int64_t grown, int64_t freed, int64_t start) {
  const int64_t end = threadTime();
  const bool isCheap = (end - start) * kYoungShare < end - youngEnd_;
  const bool isUseful = grown - freed <= grown / kLeftPart;
  youngEnd_ = end;
  if (!isCheap || !isUseful) {
    calm_ = 0;
    const int64_t most = end - start < kLong ? kYoungMostScale : kLongMostScale;
    youngScale_ = std::max(youngScale_ / 2, std::min(most, youngScale_ * 2));
  } else if (++calm_ == kCalm) {
    calm_ = 0;
    youngScale_ = std::max<int64_t>(1, youngScale_ / 2);
  }
}

bool CollectionPolicy::isFullDue(int64_t held) const {
  const int64_t more = held - afterFull_;
  const int64_t worth = std::max(share(kFullBytes), afterFull_ / kFullPart);
  // What is still young, or is only in use until a backward, needs none.
  if (more < worth || promoted_ < worth / 2) return false;
  // So much garbage is not left lying, whatever a collection takes; more where such collections have found little.
  if (more >= 2 * share(kFullBytes) * (fullShare_ / kFullShare)) return true;
  return threadTime() - fullEnd_ >= fullCost_ * (fullShare_ - 1);
}

// One by V8 itself may leave much that has died while it went on, so that it can only show that less is in use.
void CollectionPolicy::fullDone(int64_t after) { afterFull_ = std::min(afterFull_, after); }

void CollectionPolicy::fullDone(int64_t before, int64_t after, int64_t start) {
  const bool hasFound = before - after >= (before - afterFull_) / kFullFound;
  fullShare_ = hasFound ? std::max(kFullShare, fullShare_ / 2) : std::min(kFullShareLeast, fullShare_ * 2);
  afterFull_ = after;
  promoted_ = 0;
  fullEnd_ = threadTime();
  fullCost_ = fullEnd_ - start;
}

}  // namespace litorch
