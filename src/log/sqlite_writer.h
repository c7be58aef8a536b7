// SPDX-License-Identifier: MIT
// The writing half of SqliteStore: one connection and the statements on it. Throws SqliteFailure.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <unordered_map>
#include <vector>

#include "log/sqlite_handle.h"
#include "log/store.h"

namespace confab::log {

/// Used by one thread at a time.
///
/// Invariant: rooms_ is what the last commit left in the table `rooms`. Nobody else writes: the data directory is held.
class SqliteWriter {
 public:
  /// `connection` as from open_writer().
  explicit SqliteWriter(Connection connection);
  SqliteWriter(const SqliteWriter&) = delete;
  SqliteWriter& operator=(const SqliteWriter&) = delete;

  std::vector<Outcome> append(const Batch& batch);
  TrimResult trim(const TrimRequest& request);

  /// Writes a transaction that changes nothing over what one that failed has left in the write-ahead log. Its frames
  /// may be whole there, so that whoever reads the log anew would take them for committed.
  void cover_failed();
  /// Folding the log into the database has failed: see SqliteStore.
  bool in_doubt() const { return in_doubt_; }

  Connection& connection() { return connection_; }

 private:
  struct Room {
    std::int64_t key = 0;
    base::Seq first_seq = 1;
    base::Seq end_seq = 0;
    std::uint64_t newest_ms = 0;
  };

  void load_rooms();
  void commit(Transaction& transaction);
  void fold_in();
  Room room_for(const std::string& name);
  Outcome insert(Room& room, const Draft& draft);
  base::Seq find(Statement& statement, const Room& room, const base::MessageId& id);
  void change_member(const Room& room, const MemberChange& change);
  void change_topic(const Room& room, const std::string& topic);
  void forget(const Room& room, std::size_t count_max);

  Connection connection_;
  int log_pages_ = 0;  // in the write-ahead log
  bool in_doubt_ = false;
  std::unordered_map<std::string, Room> rooms_;
  Statement insert_room_;
  Statement update_room_;
  Statement insert_event_;
  Statement find_event_;
  Statement find_removed_;
  Statement set_member_;
  Statement remove_member_;
  Statement insert_claim_;
  Statement set_topic_;
  Statement remove_topic_;
  Statement move_marker_;
  Statement oldest_events_;
  Statement remember_;
  Statement remove_events_;
  Statement oldest_removed_;
  Statement forget_removed_;
};

}  // namespace confab::log
