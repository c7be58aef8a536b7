// SPDX-License-Identifier: MIT
// The store that forgets: for tests, simulations and a server that is to keep nothing.
#pragma once

#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "log/store.h"

namespace confab::log {

/// Safe from any thread, so that it can stand wherever a Store's thread rule is kept. Never fails.
class MemoryStore final : public Store {
 public:
  std::expected<std::vector<Outcome>, StoreError> append(const Batch& batch) override;
  std::expected<std::vector<Record>, StoreError> read(const std::string& room, base::Seq first, std::size_t count_max,
                                                      std::size_t bytes_max) override;
  std::expected<TrimResult, StoreError> trim(const TrimRequest& request) override;
  std::expected<std::vector<RoomSummary>, StoreError> rooms() override;
  std::expected<std::vector<StoredMember>, StoreError> members() override;
  std::expected<std::vector<NameClaim>, StoreError> claims() override;
  std::expected<std::vector<ReadMarker>, StoreError> markers() override;

 private:
  struct Event {
    base::MessageId id;
    std::uint64_t time_ms;
    base::Bytes body;  // empty in `removed`
  };
  /// Invariant: events[seq - first_seq] is the event with that seq, and `ids` has exactly one entry for each event in
  /// `events` and `removed`. Times do not fall along the two.
  struct Room {
    base::Seq first_seq = 1;
    std::deque<Event> events;
    std::deque<Event> removed;
    std::unordered_map<base::MessageId, base::Seq, base::MessageIdHash> ids;
    std::string topic;

    base::Seq end_seq() const { return first_seq + events.size() - 1; }
    std::uint64_t newest_ms() const { return events.empty() ? 0 : events.back().time_ms; }
  };

  Outcome append_draft(const Draft& draft);
  void move_marker(const ReadMarker& marker);
  void change_member(const std::string& room, const MemberChange& change);
  static void remove_oldest(Room& room);
  static void forget(Room& room, std::size_t count_max);

  std::mutex mutex_;  // guards all below
  // Ordered, so that they are answered in the same order as by a database.
  std::map<std::string, Room> rooms_;
  std::map<StoredMember, std::string> members_;  // by a StoredMember without a name: the name
  std::map<std::string, NameClaim> claims_;
  std::map<std::pair<std::string, std::string>, base::Seq> markers_;  // by folded name and room
};

}  // namespace confab::log
