// SPDX-License-Identifier: MIT
// SQLite's C interface as values: connections, statements, rows and transactions that clean up behind themselves.
//
// Errors: all of these throw SqliteFailure and nothing else. It stays inside SqliteStore, whose public functions answer
// with the StoreError in it; a disk that fails in the middle of a transaction would otherwise be an `if` behind every
// line.
#pragma once

#include <cstdint>
#include <expected>
#include <filesystem>
#include <limits>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <type_traits>
#include <utility>

#include "base/bytes.h"
#include "log/store.h"

struct sqlite3;
struct sqlite3_stmt;

namespace confab::log {

struct SqliteFailure : std::runtime_error {
  explicit SqliteFailure(StoreError what_happened, bool disk_in_doubt = false)
      : std::runtime_error(what_happened.text), error(std::move(what_happened)), in_doubt(disk_in_doubt) {}

  StoreError error;
  bool in_doubt;  ///< reading or writing failed: what the disk holds need not be what the file seems to hold
};

[[noreturn]] void fail(StoreError::Code code, const std::filesystem::path& file, std::string_view what);

/// Runs `work` and turns what SQLite threw into the store's answer.
template <typename Work>
auto guarded(Work work) -> std::expected<decltype(work()), StoreError> {
  try {
    if constexpr (std::is_void_v<decltype(work())>) {
      work();
      return {};
    } else {
      return work();
    }
  } catch (const SqliteFailure& failure) {
    return std::unexpected(failure.error);
  }
}

/// SQLite's integers have a sign; no log is long enough to need the upper half.
inline std::int64_t to_number(std::uint64_t value) {
  constexpr auto max = std::numeric_limits<std::int64_t>::max();
  return value > static_cast<std::uint64_t>(max) ? max : static_cast<std::int64_t>(value);
}

/// One connection to a database file that exists. Used by one thread at a time, as is everything made from it.
class Connection {
 public:
  enum class Access {
    read_write,
    read_only,
    untouched,  ///< to read a file that nobody writes: no lock is taken and no file made beside it
  };

  Connection(const std::filesystem::path& file, Access access);

  /// Runs SQL that answers no rows, or none that matter.
  void execute(const char* sql);
  /// The single number that `sql` answers: a PRAGMA or a count.
  std::int64_t number(const char* sql);

  /// Rows that the last INSERT, UPDATE or DELETE changed.
  std::int64_t rows_changed() const;
  /// The key of the last row that was inserted into a table with an INTEGER PRIMARY KEY.
  std::int64_t last_key() const;

  /// When it is closed, the write-ahead log stays as it is, even if this is the last connection.
  void close_as_it_is();

  sqlite3* handle() const { return handle_.get(); }
  /// Throws what the last call on handle() has said.
  [[noreturn]] void fail() const;

 private:
  struct Closer {
    void operator()(sqlite3* handle) const;
  };
  std::unique_ptr<sqlite3, Closer> handle_;
};

/// The answer to one run of a statement; at its end the statement is ready for the next run. Call next() before each
/// row. Views of a row are good until the next next().
class Rows {
 public:
  explicit Rows(sqlite3_stmt* statement) : statement_(statement) {}
  Rows(const Rows&) = delete;
  Rows& operator=(const Rows&) = delete;
  ~Rows();

  /// False when there is no further row.
  bool next();

  std::int64_t number(int column) const;
  /// A number that the schema keeps from being negative.
  std::uint64_t count(int column) const { return static_cast<std::uint64_t>(number(column)); }
  std::string_view text(int column) const;
  base::ByteView bytes(int column) const;

 private:
  sqlite3_stmt* statement_;
};

/// A prepared statement. The connection must outlive it. At most one Rows of it at a time.
class Statement {
 public:
  Statement(const Connection& connection, std::string_view sql);

  /// Starts a run with ?1, ?2 … bound to `values`: numbers, text, bytes. Text and bytes are borrowed until the Rows'
  /// end.
  template <typename... Values>
  Rows rows(const Values&... values) {
    int index = 0;
    (bind(++index, values), ...);
    return Rows(statement_.get());
  }

  /// A run whose rows, if there are any, do not matter.
  template <typename... Values>
  void run(const Values&... values) {
    Rows all = rows(values...);
    while (all.next()) continue;
  }

 private:
  struct Finalizer {
    void operator()(sqlite3_stmt* statement) const;
  };

  void bind(int index, std::int64_t value);
  void bind(int index, std::string_view value);
  void bind(int index, base::ByteView value);
  void check(int result) const;

  std::unique_ptr<sqlite3_stmt, Finalizer> statement_;
};

/// All or nothing: what was not committed when it ends is rolled back. One at a time on a connection.
class Transaction {
 public:
  explicit Transaction(Connection& connection);
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();

  /// After it, the transaction is durable; if it throws, nothing of it will be seen.
  void commit();

 private:
  Connection& connection_;
};

}  // namespace confab::log
