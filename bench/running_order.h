// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <set>

namespace confab::bench {

/// What one member hears of a series of numbers that is to come 1 by 1. Costs a number while it does so, and what is
/// missing when it does not.
class RunningOrder {
 public:
  enum class Verdict {
    next,   ///< as it should be
    ahead,  ///< numbers before it were left out: lost, unless they still come
    late,   ///< one of those: out of order
    again   ///< heard before
  };

  explicit RunningOrder(std::uint64_t first = 0) : first_(first), next_(first) {}

  Verdict hear(std::uint64_t number);

  bool has_heard(std::uint64_t number) const {
    return number >= first_ && number < next_ && !missing_.contains(number);
  }
  /// The number that should come.
  std::uint64_t next() const { return next_; }
  std::size_t missing() const { return missing_.size(); }

 private:
  /// A leap beyond this is no loss but nonsense, and is not to fill the memory.
  static constexpr std::uint64_t leap_max = 1'000'000;

  std::uint64_t first_;
  std::uint64_t next_;
  std::set<std::uint64_t> missing_;  // below next_, not heard
};

}  // namespace confab::bench
