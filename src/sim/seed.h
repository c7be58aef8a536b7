// SPDX-License-Identifier: MIT
// One number makes a whole run. Each purpose draws from a stream of its own, so that a new fault, client or kind of
// work does not shift the dice of the others: an old seed stays nearly the run it was.
#pragma once

#include <cstdint>
#include <string_view>

namespace confab::sim {

/// Mixes all bits of `value` into each other (the finalizer of splitmix64, Steele et al. 2014).
constexpr std::uint64_t scramble(std::uint64_t value) {
  value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9U;
  value = (value ^ (value >> 27)) * 0x94D049BB133111EBU;
  return value ^ (value >> 31);
}

/// The seed of one purpose ("loss", "workload" …), of the `index`-th of its kind.
constexpr std::uint64_t derive_seed(std::uint64_t seed, std::string_view purpose, std::uint64_t index = 0) {
  for (const char c : purpose) seed = scramble(seed + 0x9E3779B97F4A7C15U + static_cast<unsigned char>(c));
  return scramble(seed ^ scramble(index + 1));
}

}  // namespace confab::sim
