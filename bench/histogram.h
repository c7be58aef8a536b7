// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/time.h"

namespace confab::bench {

/// Durations, counted in buckets less than 1 % wide, so that a million of them cost what one costs. Not thread-safe.
///
/// A value below 256 ns has a bucket of its own. Above, every power of two is cut into 128 buckets: the bucket is named
/// by the value's exponent and the 7 bits behind its highest.
class Histogram {
 public:
  /// A negative duration counts as none.
  void record(base::Duration value);

  std::uint64_t count() const { return count_; }
  /// The smallest value that `percent` of all are not above, rounded up by less than 1 %; zero when there are none.
  base::Duration percentile(double percent) const;
  base::Duration max() const { return max_; }

 private:
  std::vector<std::uint64_t> buckets_;  // up to the highest that was needed
  std::uint64_t count_ = 0;
  base::Duration max_{};
};

}  // namespace confab::bench
