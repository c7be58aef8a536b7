// SPDX-License-Identifier: MIT
#include "net/streams.h"

#include <cassert>

namespace confab::net {

Stream& Streams::open(StreamId id, bool can_send) {
  return streams_.try_emplace(id, Stream{.id = id, .can_send = can_send, .receiving = {}, .sending = {}}).first->second;
}

Stream* Streams::find(StreamId id) {
  const auto found = streams_.find(id);
  return found == streams_.end() ? nullptr : &found->second;
}

const Stream* Streams::find(StreamId id) const { return const_cast<Streams*>(this)->find(id); }

void Streams::erase(Stream& stream) {
  if (stream.ready) std::erase(ready_, &stream);
  streams_.erase(stream.id);
}

void Streams::update(Stream& stream) {
  if (stream.ready || stream.blocked || !stream.sending.pending()) return;
  stream.ready = true;
  ready_.push_back(&stream);
}

void Streams::next_turn() {
  assert(!ready_.empty());
  Stream& stream = *ready_.front();
  ready_.pop_front();
  stream.ready = false;
  update(stream);
}

void Streams::clear() {
  ready_.clear();
  streams_.clear();
}

}  // namespace confab::net
