// SPDX-License-Identifier: MIT
#include "log/backup.h"

#include <cerrno>
#include <cstdio>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log/data_dir.h"
#include "log/sqlite_handle.h"
#include "log/sqlite_schema.h"

namespace confab::log {

namespace {

namespace fs = std::filesystem;

constexpr int pages_per_step = 256;

[[noreturn]] void fail_with_errno(const fs::path& file, std::string_view what) {
  const int error = errno;
  const auto code = error == ENOSPC || error == EDQUOT ? StoreError::Code::full : StoreError::Code::unavailable;
  fail(code, file, fmt::format("{}: {}; choose another place", what, std::generic_category().message(error)));
}

[[noreturn]] void fail_as_there(const fs::path& target) {
  fail(StoreError::Code::unavailable, target, "is there already; choose another name");
}

/// The copy under its first name, empty at the beginning, and nobody else's as long as this lives.
class Part {
 public:
  explicit Part(const fs::path& target) : path_(target) {
    path_ += ".part";
    file_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (file_ < 0) fail_with_errno(path_, "cannot be made");
    if (::flock(file_, LOCK_EX | LOCK_NB) != 0) {
      ::close(file_);
      fail(StoreError::Code::unavailable, path_, "another backup writes it; choose another name");
    }
    if (::ftruncate(file_, 0) != 0) fail_with_errno(path_, "cannot be emptied");
  }
  Part(const Part&) = delete;
  Part& operator=(const Part&) = delete;
  ~Part() { ::close(file_); }

  const fs::path& path() const { return path_; }

  /// The copy is whole: gives it its last name.
  void become(const fs::path& target) const {
    if (::fsync(file_) != 0) fail_with_errno(path_, "cannot be written to the disk");
    if (::renameat2(AT_FDCWD, path_.c_str(), AT_FDCWD, target.c_str(), RENAME_NOREPLACE) != 0) {
      if (errno == EEXIST) fail_as_there(target);
      // A file system that does not know the flag; nothing was at `target` a while ago.
      if (errno != EINVAL || ::rename(path_.c_str(), target.c_str()) != 0) fail_with_errno(target, "cannot be made");
    }
    sync_directory(target.has_parent_path() ? target.parent_path() : ".");
  }

 private:
  fs::path path_;
  int file_ = -1;
};

/// All pages that `source` sees in its open transaction.
void copy_pages(Connection& source, Connection& copy) {
  sqlite3_backup* const backup = sqlite3_backup_init(copy.handle(), "main", source.handle(), "main");
  if (backup == nullptr) copy.fail();
  errno = 0;
  while (sqlite3_backup_step(backup, pages_per_step) == SQLITE_OK) errno = 0;
  // What the last step said is said once more here, and it is the copy's error whichever of the two files it is about.
  if (sqlite3_backup_finish(backup) != SQLITE_OK) copy.fail();
}

void copy_database(const fs::path& file, const fs::path& part) {
  Connection source(file, Connection::Access::read_only);
  if (source.number("PRAGMA application_id") != application_id) {
    fail(StoreError::Code::damaged, file, "is not a database of Confab; choose another data directory");
  }
  // One transaction over all steps: whatever is committed meanwhile, the copy is of this moment.
  source.execute("BEGIN");
  source.number("SELECT count(*) FROM sqlite_schema");

  Connection copy(part, Connection::Access::read_write);
  // It is nobody's yet: until it is whole, there is nothing to protect.
  copy.execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF");
  copy_pages(source, copy);
  // The source's header says write-ahead log; the copy is to be one file, readable where nothing can be written.
  copy.execute("PRAGMA journal_mode = DELETE");
}

}  // namespace

std::expected<void, StoreError> back_up(const fs::path& file, const fs::path& target) {
  return guarded([&] {
    std::error_code ignored;
    if (fs::exists(fs::symlink_status(target, ignored))) fail_as_there(target);
    const Part part(target);
    copy_database(file, part.path());
    part.become(target);
  });
}

}  // namespace confab::log
