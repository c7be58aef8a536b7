// SPDX-License-Identifier: MIT
// The store on disk: one SQLite database, `confab.db` (log/sqlite_schema.h), in the server's data directory.
//
// Durable: write-ahead log, synchronous=FULL. An append is one transaction and one fsync, so its cost is shared by all
// that stands in the batch. Two connections let one thread read history while the other writes; neither waits for the
// other.
//
// A disk that fails: the transaction is taken back, and nothing of it is there. But after an fsync that failed, the
// kernel may have dropped the pages it could not write and call them clean; the next fsync would succeed and prove
// nothing. So before anything else is written, the log is covered where the transaction stood, both connections are
// closed, and one that is alone reads the write-ahead log from its beginning, writes all of it into the database once
// more, and syncs. (Every transaction that was answered had its own successful fsync in the log. What may have got lost
// is pages of the database that were copied there from the log in earlier steps, which SQLite would not copy again.)
// Until that has succeeded, every append fails; reading goes on.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "log/data_dir.h"
#include "log/sqlite_handle.h"
#include "log/sqlite_writer.h"
#include "log/store.h"

namespace confab::log {

/// Thread rule: as Store. Destroyed when no call is under way; the database is then one file again, ready to be copied.
class SqliteStore final : public Store {
 public:
  /// Opens the database in `data_dir`, makes both where they are missing. Checked at every start, at a cost that grows
  /// with the number of rooms, not of events: that the file is a database, ours, of this version, of its full length,
  /// and that every room's log begins and ends where its row says (which reads the oldest and newest leaf of each).
  /// Damage in between is found when it is read. Nothing of a file that fails is changed.
  static std::expected<std::unique_ptr<SqliteStore>, StoreError> open(const std::filesystem::path& data_dir);

  ~SqliteStore() override;

  std::expected<std::vector<Outcome>, StoreError> append(const Batch& batch) override;
  std::expected<std::vector<Record>, StoreError> read(const std::string& room, base::Seq first, std::size_t count_max,
                                                      std::size_t bytes_max) override;
  std::expected<TrimResult, StoreError> trim(const TrimRequest& request) override;
  std::expected<std::vector<RoomSummary>, StoreError> rooms() override;
  std::expected<std::vector<StoredMember>, StoreError> members() override;
  std::expected<std::vector<NameClaim>, StoreError> claims() override;
  std::expected<std::vector<ReadMarker>, StoreError> markers() override;

 private:
  struct Reader {
    explicit Reader(const std::filesystem::path& file);
    Connection connection;
    Statement events;
  };

  explicit SqliteStore(DataDir data_dir);

  template <typename Work>
  auto written(Work work) -> std::expected<decltype(work()), StoreError>;
  void open_connections();
  void close_as_they_are();
  void heal();
  std::vector<Record> read_events(const std::string& room, base::Seq first, std::size_t count_max,
                                  std::size_t bytes_max);

  // The order matters: the reader closes before the writer, which as the last one folds the write-ahead log into the
  // database, and the lock goes last of all.
  DataDir data_dir_;
  std::filesystem::path file_;
  std::optional<SqliteWriter> writer_;  // none: closed in heal() and not opened again yet
  bool in_doubt_ = false;
  std::mutex reader_mutex_;  // guards reader_: heal() closes it under the reading thread
  std::optional<Reader> reader_;
};

}  // namespace confab::log
