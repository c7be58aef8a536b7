// SPDX-License-Identifier: MIT
#include "net/event_queue.h"

namespace confab::net {

void EventQueue::push_stream_data(ConnectionHandle connection, StreamId stream, base::ByteView bytes, bool fin,
                                  bool early) {
  if (!events_.empty()) {
    auto* last = std::get_if<events::StreamData>(&events_.back());
    if (last != nullptr && last->connection == connection && last->stream == stream && last->early == early) {
      last->bytes.insert(last->bytes.end(), bytes.begin(), bytes.end());
      last->fin = fin;
      return;
    }
  }
  push(events::StreamData{connection, stream, base::Bytes(bytes.begin(), bytes.end()), fin, early});
}

std::optional<Event> EventQueue::pop() {
  if (events_.empty()) return std::nullopt;
  return events_.pop();
}

}  // namespace confab::net
