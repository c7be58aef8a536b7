// SPDX-License-Identifier: MIT
#include "net/loss_watch.h"

#include <algorithm>

namespace confab::net {

void LossWatch::saw(std::uint64_t number, base::Instant now) {
  if (!newest_) settled_at_ = now + settling_time;
  if (now < settled_at_) judged_from_ = std::max(judged_from_, number + 1);
  if (!newest_ || (number > *newest_ && number - *newest_ > window)) return begin(number);
  while (*newest_ < number) advance();
  arrive(number);
  decide();
}

void LossWatch::forget(base::Instant now) {
  settled_at_ = now + settling_time;
  if (newest_) begin(*newest_);
  copies_wanted_ = 0;
}

/// What came before the first one nobody knows, nor what was lost in a hole that is longer than the memory.
void LossWatch::begin(std::uint64_t number) {
  newest_ = number;
  judged_from_ = std::max(judged_from_, number + settling);
  arrived_.set();
  lost_ = 0;
}

/// The window moves on by one: its oldest number is forgotten, its newest not there yet, and one more can be judged.
void LossWatch::advance() {
  const std::uint64_t number = ++*newest_;
  if (!arrived_[number % window]) --lost_;
  arrived_[number % window] = number < judged_from_;
  if (!arrived_[(number - reordering) % window]) ++lost_;
}

void LossWatch::arrive(std::uint64_t number) {
  const std::uint64_t age = *newest_ - number;
  if (age >= window || arrived_[number % window]) return;
  arrived_[number % window] = true;
  if (age >= reordering) --lost_;
}

void LossWatch::decide() {
  if (lost_ == 0) {
    copies_wanted_ = 0;
  } else if (copies_wanted_ == 2) {
    if (lost_ < lost_to_halve && lost_pairs() < pairs_to_halve) copies_wanted_ = 1;
  } else if (lost_ >= lost_to_begin || suspicious_) {
    copies_wanted_ = lost_ >= lost_to_double || lost_pairs() >= pairs_to_double ? 2 : 1;
  }
}

std::size_t LossWatch::lost_pairs() const {
  std::bitset<window> lost = ~arrived_;
  for (std::size_t i = 0; i < reordering; ++i) lost[(*newest_ - i) % window] = false;  // not judged yet
  const std::bitset<window> behind = lost << 1 | lost >> (window - 1);
  return (lost & behind).count();
}

}  // namespace confab::net
