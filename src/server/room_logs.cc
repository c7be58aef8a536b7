// SPDX-License-Identifier: MIT
#include "server/room_logs.h"

#include <algorithm>
#include <utility>

namespace confab::server {

void RoomLogs::restore(const std::string& name, base::Seq end_seq, base::Seq first_seq) {
  rooms_.emplace(name, std::make_unique<Room>(name, end_seq, first_seq));
}

base::Seq RoomLogs::end_seq(const std::string& name) const {
  const auto found = rooms_.find(name);
  return found == rooms_.end() ? 0 : found->second->log.end_seq();
}

base::Seq RoomLogs::first_seq(const std::string& name) const {
  const auto found = rooms_.find(name);
  return found == rooms_.end() ? 1 : found->second->first_seq;
}

void RoomLogs::append(const std::string& name, base::Seq seq, base::ByteView body) {
  Room& place = room(name);
  const std::size_t bytes_before = place.log.memory_bytes();
  place.log.append(seq, body);
  note_change(place);
  note_memory(place, bytes_before);
}

void RoomLogs::trim(const std::string& name, base::Seq first_seq) {
  Room& place = room(name);
  place.first_seq = std::max(place.first_seq, first_seq);
  publish();  // a room does not lose what nobody has heard of
  shards_.trim(name, place.first_seq);
}

void RoomLogs::publish() {
  for (Room* place : std::exchange(changed_, {})) {
    place->changed = false;
    for (const log::Growth& growth : place->log.take_growth()) shards_.grow(place->name, growth);
  }
}

RoomLogs::Room& RoomLogs::room(const std::string& name) {
  std::unique_ptr<Room>& place = rooms_[name];
  if (!place) place = std::make_unique<Room>(name, 0, 1);
  return *place;
}

void RoomLogs::note_memory(Room& place, std::size_t bytes_before) {
  memory_bytes_ += place.log.memory_bytes() - bytes_before;
  if (place.spoke_at != 0) spoke_.erase(place.spoke_at);
  place.spoke_at = next_speech_++;
  spoke_.emplace(place.spoke_at, &place);
  while (memory_bytes_ > memory_bytes_max_ && spoke_.size() > 1) {
    Room& silent = *spoke_.begin()->second;
    memory_bytes_ -= silent.log.memory_bytes();
    silent.log.forget();
    note_change(silent);
    silent.spoke_at = 0;
    spoke_.erase(spoke_.begin());
  }
}

void RoomLogs::note_change(Room& place) {
  if (!std::exchange(place.changed, true)) changed_.push_back(&place);
}

}  // namespace confab::server
