// SPDX-License-Identifier: MIT
#include "running_order.h"

namespace confab::bench {

RunningOrder::Verdict RunningOrder::hear(std::uint64_t number) {
  if (number == next_) {
    ++next_;
    return Verdict::next;
  }
  if (number < next_) {
    // Before its time it was not to hear anything: that, too, is out of order.
    return missing_.erase(number) > 0 || number < first_ ? Verdict::late : Verdict::again;
  }
  if (number - next_ > leap_max) return Verdict::ahead;
  for (; next_ < number; ++next_) missing_.insert(next_);
  ++next_;
  return Verdict::ahead;
}

}  // namespace confab::bench
