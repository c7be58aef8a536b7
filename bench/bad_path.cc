// SPDX-License-Identifier: MIT
#include "bad_path.h"

#include <cmath>
#include <utility>

#include <fmt/format.h>

namespace confab::bench {

std::string PathConditions::to_string() const {
  std::string text = fmt::format("{} %", loss_permille / 10.0);
  if (burst > base::Duration::zero()) text += fmt::format(", bursts of {} ms", burst / std::chrono::milliseconds(1));
  return text;
}

bool LossDice::loses(base::Instant now) {
  if (conditions_.burst == base::Duration::zero()) return random_.chance(conditions_.loss_permille, 1000);
  while (changes_at_ <= now) {
    if (changes_at_ == base::at_once) changes_at_ = now;  // the first packet finds a good time
    const double pause = (1000.0 - conditions_.loss_permille) / conditions_.loss_permille;
    in_burst_ = changes_at_ != now && !in_burst_;
    const auto mean_pause = std::chrono::duration_cast<base::Duration>(conditions_.burst * pause);
    changes_at_ += draw(in_burst_ ? conditions_.burst : mean_pause);
  }
  return in_burst_;
}

/// Exponential: what has no memory.
base::Duration LossDice::draw(base::Duration mean) {
  constexpr std::uint64_t steps = 1 << 20;
  const double uniform = static_cast<double>(random_.below(steps) + 1) / steps;
  return std::chrono::duration_cast<base::Duration>(mean * -std::log(uniform)) + base::Duration(1);
}

std::optional<DelayLine::Packet> DelayLine::pop(base::Instant now) {
  if (next_due() > now) return std::nullopt;
  Packet packet = std::move(packets_.front());
  packets_.pop_front();
  return packet;
}

}  // namespace confab::bench
