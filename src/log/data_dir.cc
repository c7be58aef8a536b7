// SPDX-License-Identifier: MIT
#include "log/data_dir.h"

#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace confab::log {

void sync_directory(const std::filesystem::path& path) {
  const int directory = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) return;
  ::fsync(directory);
  ::close(directory);
}

namespace {

std::unexpected<StoreError> unavailable(const std::filesystem::path& path, std::string_view what) {
  return std::unexpected(StoreError{StoreError::Code::unavailable,
                                    fmt::format("{}: {}; choose another data directory", path.native(), what)});
}

/// Like mkdir -p, but each new level is for the owner alone. Answers the errno of what was in the way, or 0.
int make_directories(const std::filesystem::path& path) {
  std::error_code unreadable;  // then mkdir says why
  if (path.empty() || std::filesystem::exists(path, unreadable)) return 0;
  if (const int error = make_directories(path.parent_path()); error != 0) return error;
  if (::mkdir(path.c_str(), S_IRWXU) != 0) return errno == EEXIST ? 0 : errno;
  sync_directory(path.has_parent_path() ? path.parent_path() : ".");
  return 0;
}

}  // namespace

std::expected<DataDir, StoreError> DataDir::hold(const std::filesystem::path& path) {
  if (const int error = make_directories(path); error != 0) {
    return unavailable(path, fmt::format("cannot be made: {}", std::generic_category().message(error)));
  }
  const int lock = ::open((path / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (lock < 0) return unavailable(path, fmt::format("cannot be used: {}", std::generic_category().message(errno)));
  DataDir held(path, lock);
  if (::flock(lock, LOCK_EX | LOCK_NB) == 0) return held;
  if (errno == EWOULDBLOCK) return unavailable(path, "another confabd uses it");
  return unavailable(path, fmt::format("cannot be locked: {}", std::generic_category().message(errno)));
}

DataDir::DataDir(DataDir&& other) noexcept : path_(std::move(other.path_)), lock_(std::exchange(other.lock_, -1)) {}

DataDir::~DataDir() {
  if (lock_ >= 0) ::close(lock_);
}

}  // namespace confab::log
