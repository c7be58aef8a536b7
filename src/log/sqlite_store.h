// SPDX-License-Identifier: MIT
// The store on disk: one SQLite database, `confab.db`, in the server's data directory.
//
//   rooms   id, name, end_seq     one row a room; end_seq is its newest event's
//   events  room, seq, id, body   clustered by (room, seq), unique by (room, id)
//   names   folded, key           who owns which name
//
// Durable: write-ahead log, synchronous=FULL. An append is one transaction and one fsync, so its cost is shared by all
// that stands in the batch. Two connections let one thread read history while the other writes; neither waits for the
// other.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "log/data_dir.h"
#include "log/sqlite_handle.h"
#include "log/store.h"

namespace confab::log {

/// Thread rule: as Store. Destroyed when no call is under way; the database is then one file again, ready to be copied.
///
/// Invariant: rooms_ is what the last commit left in the table `rooms`. Nobody else writes: the data directory is held.
class SqliteStore final : public Store {
 public:
  /// Opens the database in `data_dir`, makes both where they are missing. Checked at every start, at a cost that grows
  /// with the number of rooms, not of events: that the file is a database, ours, of this version, of its full length,
  /// and that every room's log ends where its row says (which reads the newest leaf of each). Damage further back is
  /// found when it is read. Nothing of a file that fails is changed.
  static std::expected<std::unique_ptr<SqliteStore>, StoreError> open(const std::filesystem::path& data_dir);

  std::expected<std::vector<Outcome>, StoreError> append(const Batch& batch) override;
  std::expected<std::vector<Record>, StoreError> read(const std::string& room, base::Seq first, std::size_t count_max,
                                                      std::size_t bytes_max) override;
  std::expected<std::vector<RoomSummary>, StoreError> rooms() override;
  std::expected<std::vector<NameClaim>, StoreError> claims() override;

 private:
  struct Room {
    std::int64_t key = 0;
    base::Seq end_seq = 0;
  };

  SqliteStore(DataDir data_dir, const std::filesystem::path& file);

  std::vector<Outcome> write(const Batch& batch);
  Room room_for(const std::string& name);
  Outcome insert(Room& room, const Draft& draft);

  // The order matters: the reader closes before the writer, which as the last one folds the write-ahead log into the
  // database, and the lock goes last of all.
  DataDir data_dir_;
  Connection writer_;
  std::unordered_map<std::string, Room> rooms_;
  Statement insert_room_;
  Statement update_room_;
  Statement insert_event_;
  Statement find_event_;
  Statement insert_claim_;
  Connection reader_;
  Statement read_events_;
};

}  // namespace confab::log
