// SPDX-License-Identifier: MIT
#include "log/memory_store.h"

#include <algorithm>
#include <utility>

namespace confab::log {

std::expected<std::vector<Outcome>, StoreError> MemoryStore::append(const Batch& batch) {
  const std::lock_guard lock(mutex_);
  std::vector<Outcome> outcomes;
  outcomes.reserve(batch.drafts.size());
  for (const Draft& draft : batch.drafts) outcomes.push_back(append_draft(draft));
  for (const NameClaim& claim : batch.claims) claims_.try_emplace(claim.folded_name, claim);
  for (const ReadMarker& marker : batch.markers) move_marker(marker);
  return outcomes;
}

Outcome MemoryStore::append_draft(const Draft& draft) {
  Room& room = rooms_[draft.room];
  const auto [place, is_new] = room.ids.try_emplace(draft.id, room.end_seq() + 1);
  if (!is_new) return {.seq = place->second, .duplicate = true};
  room.events.push_back({.id = draft.id, .time_ms = std::max(draft.time_ms, room.newest_ms()), .body = draft.body});
  if (draft.member) change_member(draft.room, *draft.member);
  if (draft.topic) room.topic = *draft.topic;
  return {.seq = place->second, .duplicate = false};
}

void MemoryStore::move_marker(const ReadMarker& marker) {
  if (!rooms_.contains(marker.room)) return;
  base::Seq& up_to = markers_[{marker.folded_name, marker.room}];
  up_to = std::max(up_to, marker.up_to);
}

void MemoryStore::change_member(const std::string& room, const MemberChange& change) {
  StoredMember who{.room = room, .folded_name = change.folded_name, .origin = change.origin, .name = {}};
  if (change.present) {
    members_[std::move(who)] = change.name;
  } else {
    members_.erase(who);
  }
}

std::expected<std::vector<Record>, StoreError> MemoryStore::read(const std::string& room, base::Seq first,
                                                                 std::size_t count_max, std::size_t bytes_max) {
  const std::lock_guard lock(mutex_);
  std::vector<Record> records;
  const auto place = rooms_.find(room);
  if (place == rooms_.end()) return records;
  const Room& found = place->second;
  std::size_t bytes = 0;
  for (base::Seq seq = std::max(first, found.first_seq); seq <= found.end_seq() && records.size() < count_max; ++seq) {
    const base::Bytes& body = found.events[seq - found.first_seq].body;
    bytes += body.size();
    if (bytes > bytes_max && !records.empty()) break;
    records.push_back({.seq = seq, .body = body});
  }
  return records;
}

std::expected<TrimResult, StoreError> MemoryStore::trim(const TrimRequest& request) {
  const std::lock_guard lock(mutex_);
  const auto place = rooms_.find(request.room);
  if (place == rooms_.end()) return TrimResult();
  Room& room = place->second;
  const auto may_go = [&room, &request] {
    return room.events.size() > 1 &&
           (room.first_seq < request.keep_seq || room.events.front().time_ms < request.keep_ms);
  };
  std::size_t removed = 0;
  for (; removed < request.count_max && may_go(); ++removed) remove_oldest(room);
  forget(room, request.count_max);
  return TrimResult{
      .first_seq = room.first_seq, .oldest_ms = room.events.front().time_ms, .removed = removed, .more = may_go()};
}

void MemoryStore::remove_oldest(Room& room) {
  room.removed.push_back({.id = room.events.front().id, .time_ms = room.events.front().time_ms, .body = {}});
  room.events.pop_front();
  ++room.first_seq;
}

/// Twice as many as a trim removes: what has piled up grows less.
void MemoryStore::forget(Room& room, std::size_t count_max) {
  for (std::size_t i = 0; i / 2 < count_max && !room.removed.empty(); ++i) {
    const Event& oldest = room.removed.front();
    if (room.newest_ms() - oldest.time_ms <= removed_ids_kept_ms) break;
    room.ids.erase(oldest.id);
    room.removed.pop_front();
  }
}

std::expected<std::vector<RoomSummary>, StoreError> MemoryStore::rooms() {
  const std::lock_guard lock(mutex_);
  std::vector<RoomSummary> summaries;
  summaries.reserve(rooms_.size());
  for (const auto& [name, room] : rooms_) {
    summaries.push_back({.room = name,
                         .end_seq = room.end_seq(),
                         .first_seq = room.first_seq,
                         .newest_ms = room.newest_ms(),
                         .topic = room.topic});
  }
  return summaries;
}

std::expected<std::vector<StoredMember>, StoreError> MemoryStore::members() {
  const std::lock_guard lock(mutex_);
  std::vector<StoredMember> members;
  members.reserve(members_.size());
  for (const auto& [who, name] : members_) {
    members.push_back(who);
    members.back().name = name;
  }
  return members;
}

std::expected<std::vector<NameClaim>, StoreError> MemoryStore::claims() {
  const std::lock_guard lock(mutex_);
  std::vector<NameClaim> claims;
  claims.reserve(claims_.size());
  for (const auto& [name, claim] : claims_) claims.push_back(claim);
  return claims;
}

std::expected<std::vector<ReadMarker>, StoreError> MemoryStore::markers() {
  const std::lock_guard lock(mutex_);
  std::vector<ReadMarker> markers;
  markers.reserve(markers_.size());
  for (const auto& [key, up_to] : markers_) {
    markers.push_back({.folded_name = key.first, .room = key.second, .up_to = up_to});
  }
  return markers;
}

}  // namespace confab::log
