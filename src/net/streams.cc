// SPDX-License-Identifier: MIT
#include "net/streams.h"

#include <algorithm>
#include <cassert>

namespace confab::net {

/// Where the stream stands, or would.
Streams::Place Streams::place_of(StreamId id) const { return std::ranges::lower_bound(streams_, id, {}, &Entry::id); }

Stream& Streams::open(StreamId id, bool can_send) {
  if (Stream* known = find(id)) return *known;
  auto stream = std::make_unique<Stream>(Stream{.id = id, .can_send = can_send, .receiving = {}, .sending = {}});
  return *streams_.insert(place_of(id), Entry{id, std::move(stream)})->stream;
}

Stream* Streams::find(StreamId id) {
  const auto place = place_of(id);
  return place == streams_.end() || place->id != id ? nullptr : place->stream.get();
}

const Stream* Streams::find(StreamId id) const { return const_cast<Streams*>(this)->find(id); }

void Streams::erase(Stream& stream) {
  if (stream.ready) leave_queue(stream);
  streams_.erase(place_of(stream.id));
}

/// It may stand anywhere in the queue.
void Streams::leave_queue(Stream& stream) {
  Stream* before = nullptr;
  for (Stream* each = first_ready_; each != &stream; each = each->next_ready) before = each;
  (before == nullptr ? first_ready_ : before->next_ready) = stream.next_ready;
  if (last_ready_ == &stream) last_ready_ = before;
  stream.next_ready = nullptr;
  stream.ready = false;
}

void Streams::update(Stream& stream) {
  if (stream.ready || stream.blocked || !stream.sending.pending()) return;
  stream.ready = true;
  (last_ready_ == nullptr ? first_ready_ : last_ready_->next_ready) = &stream;
  last_ready_ = &stream;
}

void Streams::next_turn() {
  assert(first_ready_ != nullptr);
  Stream& stream = *first_ready_;
  leave_queue(stream);
  update(stream);
}

void Streams::clear() {
  first_ready_ = last_ready_ = nullptr;
  streams_.clear();
}

}  // namespace confab::net
