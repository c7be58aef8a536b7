// SPDX-License-Identifier: MIT
#include "shaper.h"

#include <algorithm>
#include <utility>

namespace confab::bench {

void Shaper::receive(const base::Datagram& datagram, base::Now now) {
  if (!options_ || datagram.path.local != options_->slow) return inner_.receive(datagram, now);
  if (queued_bytes_ + datagram.bytes.size() > options_->queue_bytes_max) {
    ++dropped_;
    return;
  }
  const base::Instant begins = queue_.empty() ? now.instant : std::max(now.instant, queue_.back().due);
  const base::Duration takes(datagram.bytes.size() * 8 * std::nano::den / options_->bits_per_s);
  queue_.push_back({.due = begins + takes,
                    .path = datagram.path,
                    .bytes = {datagram.bytes.begin(), datagram.bytes.end()},
                    .ecn = datagram.ecn});
  queued_bytes_ += datagram.bytes.size();
}

void Shaper::wake(base::Now now) {
  while (!queue_.empty() && queue_.front().due <= now.instant) {
    const Waiting through = std::move(queue_.front());
    queue_.pop_front();
    queued_bytes_ -= through.bytes.size();
    inner_.receive({through.path, through.bytes, through.ecn}, now);
  }
  if (inner_.next_deadline() <= now.instant) inner_.wake(now);
}

base::Instant Shaper::next_deadline() const {
  const base::Instant inner = inner_.next_deadline();
  return queue_.empty() ? inner : std::min(inner, queue_.front().due);
}

}  // namespace confab::bench
