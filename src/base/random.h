// SPDX-License-Identifier: MIT
// Randomness as the state machines see it: handed in from outside, so that a simulated run is repeated from its seed.
#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace confab::base {

/// A source of random bytes. Not thread-safe: one source a machine.
class Random {
 public:
  virtual ~Random() = default;
  virtual void fill(std::span<std::uint8_t> out) = 0;

  std::uint64_t next();
  /// Uniform in [0, bound); bound > 0. (The standard library's distributions differ from one library to the next.)
  std::uint64_t below(std::uint64_t bound);
  /// True with the probability numerator / denominator.
  bool chance(std::uint64_t numerator, std::uint64_t denominator) { return below(denominator) < numerator; }
};

/// Repeatable: xoshiro256** (Blackman and Vigna, 2018), seeded through splitmix64. For simulation and tests, never for
/// keys.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed);
  void fill(std::span<std::uint8_t> out) override;

 private:
  std::uint64_t step();
  std::array<std::uint64_t, 4> state_;
};

}  // namespace confab::base
