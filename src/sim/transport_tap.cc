// SPDX-License-Identifier: MIT
#include "sim/transport_tap.h"

namespace confab::sim {

void TransportTap::hold(bool holds) {
  holds_ = holds;
  if (holds) return;
  for (const auto& [where, bytes] : std::exchange(held_, {})) transport_->consume(where.first, where.second, bytes);
}

std::optional<net::Event> TransportTap::poll_event() {
  auto event = transport_->poll_event();
  if (event && watcher_) watcher_(*event);
  return event;
}

void TransportTap::consume(net::ConnectionHandle connection, net::StreamId stream, std::size_t bytes) {
  if (!holds_) return transport_->consume(connection, stream, bytes);
  held_[{connection, stream}] += bytes;
}

}  // namespace confab::sim
