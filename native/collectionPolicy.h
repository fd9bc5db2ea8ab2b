// When a thread's garbage is collected: decided from the bytes that tensors hold and from the processor time that
// collections take. Time on the clock would not do: on a busy machine everything looks dear, and memory would grow.
#pragma once

#include <cstdint>

namespace litorch {

// Processor time of this thread, in nanoseconds.
int64_t threadTime();

class CollectionPolicy {
 public:
  // Whether so much is held that the young generation is worth a look.
  bool isYoungDue(int64_t held) const { return grown(held) >= youngStep(); }
  // Something may have been freed by hand.
  void see(int64_t held) {
    if (held < least_) least_ = held;
  }
  // How much more is held than the least since the last collection.
  int64_t grown(int64_t held) const { return held - least_; }
  // So much of what was found alive was so for the second time, and is in the old generation from now on.
  void promoted(int64_t bytes) { promoted_ += bytes; }
  // A collection of the young generation, by this table, which began at the time `start`.
  void youngDone(int64_t grown, int64_t freed, int64_t start);
  // Whether what is left then has to be looked through as a whole: tensors that have outlived two collections of the
  // young generation are found dead by a full one only.
  bool isFullDue(int64_t held) const;
  // A full collection by V8 itself, or by this table, which began at the time `start`.
  void fullDone(int64_t after);
  void fullDone(int64_t before, int64_t after, int64_t start);
  // What is left after any collection.
  void left(int64_t held) { least_ = held; }

 private:
  // A full collection may take this part of the time.
  static constexpr int64_t kFullShare = 6;

  int64_t youngStep() const;

  int64_t least_ = 0;
  // How many times the least step; see youngStep.
  int64_t youngScale_ = 1;
  int64_t youngEnd_ = 0;
  int64_t promoted_ = 0;
  // How many collections in a row have given no reason for a longer step.
  int64_t calm_ = 0;
  int64_t afterFull_ = 0;
  int64_t fullCost_ = 0;
  int64_t fullShare_ = kFullShare;
  int64_t fullEnd_ = 0;
};

}  // namespace litorch
