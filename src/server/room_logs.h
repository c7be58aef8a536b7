// SPDX-License-Identifier: MIT
// The rooms' logs as their one writer has them: what is stored goes in here once, and the shards are told how far.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/ids.h"
#include "log/room_log.h"
#include "server/switchboard.h"

namespace confab::server {

/// Not thread-safe. Invariant: when publish() returns, every shard knows of each room, or is on its way to know, what
/// is known here.
class RoomLogs {
 public:
  /// `memory_bytes_max`: what all logs may hold together; beyond it the rooms that have been silent longest are read
  /// from the store.
  RoomLogs(Switchboard& shards, std::size_t memory_bytes_max) : shards_(shards), memory_bytes_max_(memory_bytes_max) {}

  /// A room of which the store holds the events `first_seq` to `end_seq`.
  void restore(const std::string& name, base::Seq end_seq, base::Seq first_seq = 1);
  /// 0 for a room that has no event yet.
  base::Seq end_seq(const std::string& name) const;
  /// The oldest event that is kept.
  base::Seq first_seq(const std::string& name) const;
  /// What the logs hold in memory.
  std::size_t memory_bytes() const { return memory_bytes_; }

  /// A stored event; its readers get it after publish().
  void append(const std::string& name, base::Seq seq, base::ByteView body);
  /// The room's events before `first_seq` are no longer kept.
  void trim(const std::string& name, base::Seq first_seq);
  void publish();

 private:
  struct Room {
    Room(std::string room_name, base::Seq end, base::Seq first)
        : name(std::move(room_name)), first_seq(first), log(end) {}
    std::string name;
    base::Seq first_seq;  // the oldest that is kept
    log::RoomLog log;
    std::uint64_t spoke_at = 0;  // as in spoke_; 0: nothing in memory
    bool changed = false;        // stands in changed_
  };

  Room& room(const std::string& name);
  void note_memory(Room& place, std::size_t bytes_before);
  void note_change(Room& place);

  Switchboard& shards_;
  std::map<std::string, std::unique_ptr<Room>> rooms_;
  std::vector<Room*> changed_;  // since the last publish()
  std::size_t memory_bytes_max_;
  std::size_t memory_bytes_ = 0;
  std::map<std::uint64_t, Room*> spoke_;  // rooms with something in memory, the one that was silent longest first
  std::uint64_t next_speech_ = 1;
};

}  // namespace confab::server
