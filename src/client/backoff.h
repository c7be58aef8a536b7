// SPDX-License-Identifier: MIT
// How long to wait before the next attempt: doubling, with jitter, so that a thousand clients do not come back at once.
#pragma once

#include <algorithm>
#include <chrono>

#include "base/random.h"
#include "base/time.h"

namespace confab::client {

class Backoff {
 public:
  static constexpr base::Duration first = std::chrono::milliseconds(250);
  static constexpr base::Duration longest = std::chrono::seconds(20);

  /// Between half and all of a span that doubles with each call; of at most `span_max` this time.
  base::Duration next(base::Random& random, base::Duration span_max = longest) {
    const base::Duration span = std::min(next_, span_max);
    next_ = std::min(next_ * 2, longest);
    const auto half = static_cast<std::uint64_t>(span.count() / 2);
    return base::Duration(static_cast<base::Duration::rep>(half + random.below(half + 1)));
  }
  void reset() { next_ = first; }

 private:
  base::Duration next_ = first;
};

}  // namespace confab::client
