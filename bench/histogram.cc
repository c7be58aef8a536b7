// SPDX-License-Identifier: MIT
#include "histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace confab::bench {

namespace {

constexpr unsigned mantissa_bits = 7;
constexpr std::uint64_t buckets_per_octave = 1u << mantissa_bits;

/// How many low bits a value of this size loses.
unsigned shift_of(std::uint64_t value) {
  const auto width = static_cast<unsigned>(std::bit_width(value));
  return width > mantissa_bits + 1 ? width - mantissa_bits - 1 : 0;
}

std::size_t bucket_of(std::uint64_t value) {
  const unsigned shift = shift_of(value);
  return shift * buckets_per_octave + (value >> shift);
}

/// The largest value in the bucket.
std::uint64_t upper_edge(std::size_t bucket) {
  if (bucket < 2 * buckets_per_octave) return bucket;
  const std::size_t shift = bucket / buckets_per_octave - 1;
  const std::uint64_t mantissa = bucket - shift * buckets_per_octave;
  return ((mantissa + 1) << shift) - 1;
}

}  // namespace

void Histogram::record(base::Duration value) {
  value = std::max(value, base::Duration::zero());
  const std::size_t bucket = bucket_of(static_cast<std::uint64_t>(value.count()));
  if (bucket >= buckets_.size()) buckets_.resize(bucket + 1);
  ++buckets_[bucket];
  ++count_;
  max_ = std::max(max_, value);
}

base::Duration Histogram::percentile(double percent) const {
  const double share = static_cast<double>(count_) * percent / 100;
  const auto wanted = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::ceil(share)));
  std::uint64_t seen = 0;
  for (std::size_t bucket = 0; bucket < buckets_.size(); ++bucket) {
    seen += buckets_[bucket];
    if (seen >= wanted) return std::min(max_, base::Duration(upper_edge(bucket)));
  }
  return max_;
}

}  // namespace confab::bench
