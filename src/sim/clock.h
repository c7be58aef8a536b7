// SPDX-License-Identifier: MIT
// The time of a simulated world: it stands still until somebody moves it.
#pragma once

#include <cassert>
#include <chrono>

#include "base/time.h"

namespace confab::sim {

class Clock {
 public:
  /// Neither timeline begins at zero, as no real one does: code that takes zero for "not yet" is found out.
  static constexpr base::Instant start{std::chrono::hours(100)};
  static constexpr base::WallTime wall_start{1'750'000'000'000};

  base::Instant instant() const { return instant_; }
  base::Duration elapsed() const { return instant_ - start; }
  base::Now now() const {
    return {instant_, {wall_start.unix_ms + std::chrono::floor<std::chrono::milliseconds>(elapsed()).count()}};
  }

  void advance(base::Instant to) {
    assert(to >= instant_);
    instant_ = to;
  }

 private:
  base::Instant instant_ = start;
};

}  // namespace confab::sim
