// SPDX-License-Identifier: MIT
// Dice with the faces that plans need.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/random.h"
#include "base/time.h"

namespace confab::sim {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : random_(seed) {}

  bool coin() { return random_.chance(1, 2); }
  bool one_in(std::uint64_t count) { return random_.chance(1, count); }
  bool permille(std::uint32_t chance) { return random_.chance(chance, 1000); }
  /// Both ends may come.
  std::uint64_t between(std::uint64_t min, std::uint64_t max) { return min + random_.below(max - min + 1); }
  std::uint32_t between(std::uint32_t min, std::uint32_t max) {
    return static_cast<std::uint32_t>(between(std::uint64_t{min}, std::uint64_t{max}));
  }
  base::Duration between(base::Duration min, base::Duration max) {
    return base::Duration(static_cast<base::Duration::rep>(
        between(static_cast<std::uint64_t>(min.count()), static_cast<std::uint64_t>(max.count()))));
  }
  std::size_t below(std::size_t end) { return random_.below(end); }
  const std::string& pick(const std::vector<std::string>& from) { return from[random_.below(from.size())]; }

 private:
  base::SeededRandom random_;
};

}  // namespace confab::sim
