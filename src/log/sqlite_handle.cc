// SPDX-License-Identifier: MIT
#include "log/sqlite_handle.h"

#include <cerrno>
#include <new>
#include <string>
#include <system_error>

#include <fmt/format.h>
#include <sqlite3.h>

namespace confab::log {

namespace {

// Only a program of somebody else's, such as a backup, can be in the way; it gets this long before the answer is an
// error.
constexpr int busy_wait_ms = 500;

/// What the operating system said, where SQLite's result came from there; else 0. Read from errno, which is cleared
/// before each call that can touch the disk: sqlite3_system_errno is not set when a commit fails.
int system_error(sqlite3* handle) {
  const int primary = sqlite3_errcode(handle) & 0xFF;
  return primary == SQLITE_IOERR || primary == SQLITE_CANTOPEN ? errno : 0;
}

bool is_no_space(int error) { return error == ENOSPC || error == EDQUOT || error == EFBIG; }

StoreError::Code code_of(sqlite3* handle, int error) {
  if (is_no_space(error)) return StoreError::Code::full;
  switch (sqlite3_errcode(handle) & 0xFF) {
    case SQLITE_FULL:
      return StoreError::Code::full;
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_READONLY:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return StoreError::Code::unavailable;
    // Our statements are right for our schema and keep its constraints: if the file disagrees, it is not as we left it.
    case SQLITE_ERROR:
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
    case SQLITE_SCHEMA:
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return StoreError::Code::damaged;
    default:
      return StoreError::Code::io;
  }
}

std::string_view advice(StoreError::Code code) {
  switch (code) {
    case StoreError::Code::full:
      return "make room on its file system";
    case StoreError::Code::unavailable:
      return "check its permissions and what else has it open";
    case StoreError::Code::damaged:
      return "nothing was changed: restore a backup, or move the file away to start empty";
    case StoreError::Code::io:
      break;
  }
  return "check the disk and the system's log";
}

/// `said` is SQLite's message.
[[noreturn]] void throw_failure(sqlite3* handle, const char* file, const char* said) {
  const int error = system_error(handle);  // before anything else can change it
  const StoreError::Code code = code_of(handle, error);
  const bool in_doubt = (sqlite3_errcode(handle) & 0xFF) == SQLITE_IOERR;
  std::string what = said;
  if (error != 0) what += fmt::format(" ({})", std::generic_category().message(error));
  throw SqliteFailure(StoreError{code, fmt::format("{}: {}; {}", file, what, advice(code))}, in_doubt);
}

[[noreturn]] void throw_failure(sqlite3* handle) {
  throw_failure(handle, sqlite3_db_filename(handle, "main"), sqlite3_errmsg(handle));
}

/// RFC 3986, as far as SQLite reads it.
std::string untouched_uri(const std::filesystem::path& file) {
  std::string uri = "file:";
  for (const char byte : file.native()) {
    if (byte == '%' || byte == '?' || byte == '#') {
      uri += fmt::format("%{:02X}", static_cast<unsigned>(byte));
    } else {
      uri += byte;
    }
  }
  return uri + "?immutable=1";
}

}  // namespace

void fail(StoreError::Code code, const std::filesystem::path& file, std::string_view what) {
  throw SqliteFailure(StoreError{code, fmt::format("{}: {}", file.native(), what)});
}

Connection::Connection(const std::filesystem::path& file, Access access) {
  // NOMUTEX: each connection has its one thread, so SQLite need not lock.
  const int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                    (access == Access::read_write ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY) |
                    (access == Access::untouched ? SQLITE_OPEN_URI : 0);
  const std::string name = access == Access::untouched ? untouched_uri(file) : file.native();
  sqlite3* handle = nullptr;
  errno = 0;
  const int result = sqlite3_open_v2(name.c_str(), &handle, flags, nullptr);
  handle_.reset(handle);
  if (handle == nullptr) throw std::bad_alloc();
  if (result != SQLITE_OK) throw_failure(handle, file.c_str(), sqlite3_errmsg(handle));
  sqlite3_busy_timeout(handle, busy_wait_ms);
  // The file may have been made by somebody who means harm: no SQL of its own making may run or reach what we do not
  // use.
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
}

void Connection::Closer::operator()(sqlite3* handle) const { sqlite3_close(handle); }

void Connection::execute(const char* sql) {
  errno = 0;
  if (sqlite3_exec(handle(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) fail();
}

std::int64_t Connection::number(const char* sql) {
  Statement statement(*this, sql);
  Rows rows = statement.rows();
  return rows.next() ? rows.number(0) : 0;
}

void Connection::fail() const { throw_failure(handle()); }

std::int64_t Connection::rows_changed() const { return sqlite3_changes64(handle()); }

void Connection::close_as_it_is() { sqlite3_db_config(handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr); }

std::int64_t Connection::last_key() const { return sqlite3_last_insert_rowid(handle()); }

Rows::~Rows() {
  // Both repeat an error that next() has thrown already.
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

bool Rows::next() {
  errno = 0;
  const int result = sqlite3_step(statement_);
  if (result == SQLITE_ROW) return true;
  if (result != SQLITE_DONE) throw_failure(sqlite3_db_handle(statement_));
  return false;
}

std::int64_t Rows::number(int column) const { return sqlite3_column_int64(statement_, column); }

std::string_view Rows::text(int column) const { return base::as_text(bytes(column)); }

base::ByteView Rows::bytes(int column) const {
  // Pointer first, size second: the documented order. No value of no bytes has a pointer.
  const void* data = sqlite3_column_blob(statement_, column);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
  return data == nullptr ? base::ByteView() : base::ByteView(static_cast<const std::uint8_t*>(data), size);
}

Statement::Statement(const Connection& connection, std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  errno = 0;
  const int result = sqlite3_prepare_v3(connection.handle(), sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  statement_.reset(statement);
  if (result != SQLITE_OK) connection.fail();
}

void Statement::Finalizer::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

void Statement::bind(int index, std::int64_t value) { check(sqlite3_bind_int64(statement_.get(), index, value)); }

void Statement::bind(int index, std::string_view value) {
  // A null pointer would bind NULL, which is not the empty text.
  const char* data = value.empty() ? "" : value.data();
  check(sqlite3_bind_text64(statement_.get(), index, data, value.size(), SQLITE_STATIC, SQLITE_UTF8));
}

void Statement::bind(int index, base::ByteView value) {
  const void* data = value.empty() ? "" : static_cast<const void*>(value.data());
  check(sqlite3_bind_blob64(statement_.get(), index, data, value.size(), SQLITE_STATIC));
}

void Statement::check(int result) const {
  if (result != SQLITE_OK) throw_failure(sqlite3_db_handle(statement_.get()));
}

// IMMEDIATE takes the write lock at once: nothing that comes later can then fail for the lock's sake.
Transaction::Transaction(Connection& connection) : connection_(connection) { connection.execute("BEGIN IMMEDIATE"); }

Transaction::~Transaction() {
  // After a commit, and after the errors on which SQLite has rolled back by itself, there is none open any more. A
  // ROLLBACK that fails leaves it open: the next BEGIN then fails and says so.
  if (sqlite3_get_autocommit(connection_.handle()) == 0) {
    sqlite3_exec(connection_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
  }
}

void Transaction::commit() { connection_.execute("COMMIT"); }

}  // namespace confab::log
