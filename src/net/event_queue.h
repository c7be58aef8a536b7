// SPDX-License-Identifier: MIT
// What happened, in order, until the caller asks.
#pragma once

#include <optional>

#include "net/endpoint.h"
#include "net/fifo.h"

namespace confab::net {

/// Bounded by the peers' credit (stream data) and by what one turn can bring of everything else.
class EventQueue {
 public:
  void push(Event event) { events_.push(std::move(event)); }

  /// Bytes that follow those of the last event become part of it: a burst of packets is one event.
  void push_stream_data(ConnectionHandle connection, StreamId stream, base::ByteView bytes, bool fin, bool early);

  std::optional<Event> pop();

 private:
  Fifo<Event> events_;
};

}  // namespace confab::net
