// SPDX-License-Identifier: MIT
#include "log/memory_store.h"

#include <algorithm>

namespace confab::log {

std::expected<std::vector<Outcome>, StoreError> MemoryStore::append(const Batch& batch) {
  const std::lock_guard lock(mutex_);
  std::vector<Outcome> outcomes;
  outcomes.reserve(batch.drafts.size());
  for (const Draft& draft : batch.drafts) outcomes.push_back(append_draft(draft));
  for (const NameClaim& claim : batch.claims) claims_.try_emplace(claim.folded_name, claim);
  return outcomes;
}

Outcome MemoryStore::append_draft(const Draft& draft) {
  Room& room = rooms_[draft.room];
  const auto [place, is_new] = room.ids.try_emplace(draft.id, room.bodies.size() + 1);
  if (is_new) room.bodies.push_back(draft.body);
  return {.seq = place->second, .duplicate = !is_new};
}

std::expected<std::vector<Record>, StoreError> MemoryStore::read(const std::string& room, base::Seq first,
                                                                 std::size_t count_max, std::size_t bytes_max) {
  const std::lock_guard lock(mutex_);
  std::vector<Record> records;
  const auto place = rooms_.find(room);
  if (place == rooms_.end()) return records;
  const std::vector<base::Bytes>& bodies = place->second.bodies;
  std::size_t bytes = 0;
  for (base::Seq seq = std::max<base::Seq>(first, 1); seq <= bodies.size() && records.size() < count_max; ++seq) {
    const base::Bytes& body = bodies[seq - 1];
    bytes += body.size();
    if (bytes > bytes_max && !records.empty()) break;
    records.push_back({.seq = seq, .body = body});
  }
  return records;
}

std::expected<std::vector<RoomSummary>, StoreError> MemoryStore::rooms() {
  const std::lock_guard lock(mutex_);
  std::vector<RoomSummary> summaries;
  summaries.reserve(rooms_.size());
  for (const auto& [name, room] : rooms_) summaries.push_back({.room = name, .end_seq = room.bodies.size()});
  return summaries;
}

std::expected<std::vector<NameClaim>, StoreError> MemoryStore::claims() {
  const std::lock_guard lock(mutex_);
  std::vector<NameClaim> claims;
  claims.reserve(claims_.size());
  for (const auto& [name, claim] : claims_) claims.push_back(claim);
  return claims;
}

}  // namespace confab::log
