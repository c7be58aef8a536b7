// SPDX-License-Identifier: MIT
#include "log/sqlite_store.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "log/sqlite_schema.h"

namespace confab::log {

std::expected<std::unique_ptr<SqliteStore>, StoreError> SqliteStore::open(const std::filesystem::path& data_dir) {
  auto held = DataDir::hold(data_dir);
  if (!held) return std::unexpected(std::move(held).error());
  return guarded([&held] { return std::unique_ptr<SqliteStore>(new SqliteStore(std::move(*held))); });
}

SqliteStore::SqliteStore(DataDir data_dir) : data_dir_(std::move(data_dir)), file_(data_dir_.path() / database_name) {
  open_connections();
}

SqliteStore::~SqliteStore() {
  // The next start reads the log anew.
  if (in_doubt_ || (writer_ && writer_->in_doubt())) close_as_they_are();
}

void SqliteStore::open_connections() {
  writer_.emplace(open_writer(file_));
  reader_.emplace(file_);
}

void SqliteStore::close_as_they_are() {
  if (reader_) reader_->connection.close_as_it_is();
  if (writer_) writer_->connection().close_as_it_is();
  reader_.reset();
  writer_.reset();
}

/// Does `work` on a disk that is not in doubt.
template <typename Work>
auto SqliteStore::written(Work work) -> std::expected<decltype(work()), StoreError> {
  try {
    if (in_doubt_ || writer_->in_doubt()) heal();
    return work();
  } catch (const SqliteFailure& failure) {
    if (failure.in_doubt) in_doubt_ = true;
    // At once, as far as the disk lets it: a crash must not bring back what is refused here.
    if (failure.in_doubt && writer_) static_cast<void>(guarded([this] { writer_->cover_failed(); }));
    return std::unexpected(failure.error);
  }
}

void SqliteStore::heal() {
  in_doubt_ = true;
  if (writer_) writer_->cover_failed();
  const std::lock_guard lock(reader_mutex_);
  close_as_they_are();
  const auto folded = guarded([this] { fold_in_alone(file_); });
  open_connections();
  if (!folded) throw SqliteFailure(folded.error());
  in_doubt_ = false;
}

SqliteStore::Reader::Reader(const std::filesystem::path& file)
    : connection(open_reader(file)),
      // One statement is one moment: a trim between two would look like a hole.
      events(connection,
             "SELECT seq, body, first_seq FROM rooms JOIN events ON room = rooms.id "
             "WHERE name = ?1 AND seq >= ?2 ORDER BY seq LIMIT ?3") {}

std::expected<std::vector<Outcome>, StoreError> SqliteStore::append(const Batch& batch) {
  if (batch.drafts.empty() && batch.claims.empty() && batch.markers.empty()) return {};
  return written([this, &batch] { return writer_->append(batch); });
}

std::expected<TrimResult, StoreError> SqliteStore::trim(const TrimRequest& request) {
  return written([this, &request] { return writer_->trim(request); });
}

std::expected<std::vector<Record>, StoreError> SqliteStore::read(const std::string& room, base::Seq first,
                                                                 std::size_t count_max, std::size_t bytes_max) {
  return guarded([&] { return read_events(room, first, count_max, bytes_max); });
}

std::vector<Record> SqliteStore::read_events(const std::string& room, base::Seq first, std::size_t count_max,
                                             std::size_t bytes_max) {
  const std::lock_guard lock(reader_mutex_);
  if (!reader_) reader_.emplace(file_);
  std::vector<Record> records;
  std::size_t bytes = 0;
  base::Seq expected = first;
  for (Rows rows = reader_->events.rows(room, to_number(first), to_number(count_max)); rows.next(); ++expected) {
    if (records.empty()) expected = std::max(first, rows.count(2));
    if (rows.count(0) != expected) {
      fail(StoreError::Code::damaged, file_,
           fmt::format("event {} of room {} is missing; restore a backup", expected, room));
    }
    const base::ByteView body = rows.bytes(1);
    bytes += body.size();
    if (bytes > bytes_max && !records.empty()) break;
    records.push_back({.seq = expected, .body = base::Bytes(body.begin(), body.end())});
  }
  return records;
}

std::expected<std::vector<RoomSummary>, StoreError> SqliteStore::rooms() {
  return guarded([this] {
    std::vector<RoomSummary> summaries;
    Statement statement(writer_->connection(),
                        "SELECT name, end_seq, first_seq, "
                        "(SELECT time_ms FROM events WHERE room = rooms.id AND seq = end_seq), coalesce(text, '') "
                        "FROM rooms LEFT JOIN topics ON topics.room = rooms.id ORDER BY name");
    for (Rows rows = statement.rows(); rows.next();) {
      summaries.push_back({.room = std::string(rows.text(0)),
                           .end_seq = rows.count(1),
                           .first_seq = rows.count(2),
                           .newest_ms = rows.count(3),
                           .topic = std::string(rows.text(4))});
    }
    return summaries;
  });
}

std::expected<std::vector<StoredMember>, StoreError> SqliteStore::members() {
  return guarded([this] {
    std::vector<StoredMember> members;
    Statement statement(writer_->connection(),
                        "SELECT rooms.name, folded, origin, members.name FROM members JOIN rooms ON rooms.id = room "
                        "ORDER BY rooms.name, folded, origin");
    for (Rows rows = statement.rows(); rows.next();) {
      members.push_back({.room = std::string(rows.text(0)),
                         .folded_name = std::string(rows.text(1)),
                         .origin = static_cast<std::uint8_t>(rows.number(2)),
                         .name = std::string(rows.text(3))});
    }
    return members;
  });
}

std::expected<std::vector<NameClaim>, StoreError> SqliteStore::claims() {
  return guarded([this] {
    std::vector<NameClaim> claims;
    Statement statement(writer_->connection(), "SELECT folded, key FROM names ORDER BY folded");
    for (Rows rows = statement.rows(); rows.next();) {
      NameClaim& claim = claims.emplace_back(NameClaim{.folded_name = std::string(rows.text(0)), .key = {}});
      const base::ByteView key = rows.bytes(1);
      if (key.size() != claim.key.size()) {
        fail(StoreError::Code::damaged, file_,
             fmt::format("the key of name {} has {} bytes; restore a backup", claim.folded_name, key.size()));
      }
      std::ranges::copy(key, claim.key.begin());
    }
    return claims;
  });
}

std::expected<std::vector<ReadMarker>, StoreError> SqliteStore::markers() {
  return guarded([this] {
    std::vector<ReadMarker> markers;
    Statement statement(writer_->connection(),
                        "SELECT folded, name, seq FROM markers JOIN rooms ON id = room ORDER BY folded, name");
    for (Rows rows = statement.rows(); rows.next();) {
      markers.push_back(
          {.folded_name = std::string(rows.text(0)), .room = std::string(rows.text(1)), .up_to = rows.count(2)});
    }
    return markers;
  });
}

}  // namespace confab::log
