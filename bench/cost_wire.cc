// SPDX-License-Identifier: MIT
#include "cost_wire.h"

#include <algorithm>
#include <utility>

namespace confab::bench {

void Wire::commit(const base::Path& path, std::uint8_t ecn, std::size_t size, std::size_t segment_size) {
  std::optional<Meter::Pause> pause;
  if (meter_ != nullptr) pause.emplace(*meter_);
  for (std::size_t at = 0; at < size; at += segment_size) {
    push(path, ecn, base::ByteView(buffer_).subspan(at, std::min(segment_size, size - at)));
  }
}

void Wire::push(const base::Path& path, std::uint8_t ecn, base::ByteView bytes) {
  ++datagrams_;
  in_flight_.push_back({.due = now_ + delay,
                        .path = {.local = path.remote, .remote = path.local},
                        .ecn = ecn,
                        .bytes = {bytes.begin(), bytes.end()}});
}

void Wire::deliver(base::Machine& receiver, Meter* meter, base::Now now) {
  while (next_arrival() <= now.instant) {
    const InFlight arrived = std::move(in_flight_.front());
    in_flight_.pop_front();
    std::optional<Meter::Watch> watch;
    if (meter != nullptr) watch.emplace(*meter);
    receiver.receive({.path = arrived.path, .bytes = arrived.bytes, .ecn = arrived.ecn}, now);
  }
}

}  // namespace confab::bench
