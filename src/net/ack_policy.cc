// SPDX-License-Identifier: MIT
#include "net/ack_policy.h"

#include <algorithm>

namespace confab::net {

namespace {

/// The longer a path has lost nothing, the longer acknowledgements wait: so many datagrams in order earn so much.
constexpr unsigned in_order_for_medium = 8;
constexpr unsigned in_order_for_long = 32;
constexpr base::Duration delay_short = std::chrono::milliseconds(25);
constexpr base::Duration delay_medium = std::chrono::milliseconds(100);

}  // namespace

void AckPolicy::received(const Arrival& arrival, base::Instant now) {
  const bool closed_gap = arrival.delivered_bytes > arrival.datagram_bytes;
  const bool small_rest = arrival.datagram_bytes <= arrival.delivered_bytes + overhead_bytes_max;
  const bool came_twice = arrival.delivered_bytes == 0 && !small_rest && !arrival.urgent;
  if (closed_gap || came_twice) lost(now);
  const bool waits = small_rest && (arrival.delivered_bytes > 0 || (quiet_waits_ && now < company_until_));
  waiting_bytes_ += arrival.datagram_bytes;
  if (arrival.urgent || !waits || waiting_bytes_ >= waiting_bytes_max || now < prompt_until_) {
    due_ = base::at_once;
  } else {
    due_ = std::min(due_, now + delay());
  }
  if (waits && !closed_gap) in_order_ = std::min(in_order_ + 1, in_order_for_long);
}

void AckPolicy::lost(base::Instant now) {
  prompt_until_ = now + prompt_time;
  in_order_ = 0;
}

void AckPolicy::settled() {
  due_ = base::never;
  waiting_bytes_ = 0;
}

base::Duration AckPolicy::delay() const {
  if (in_order_ < in_order_for_medium) return std::min(delay_short, delay_max_);
  if (in_order_ < in_order_for_long) return std::min(delay_medium, delay_max_);
  return delay_max_;
}

}  // namespace confab::net
