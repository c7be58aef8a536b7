// SPDX-License-Identifier: MIT
// The folder a server keeps its things in, made when missing and held by one server at a time.
#pragma once

#include <expected>
#include <filesystem>

#include "log/store.h"

namespace confab::log {

/// The database in a data directory.
inline constexpr char database_name[] = "confab.db";

/// A new entry is safe from a power failure only after its directory has been written too. Not every file system lets a
/// directory be synced; where it does not, there is nothing more to do.
void sync_directory(const std::filesystem::path& path);

/// Holds the directory for this process as long as the value lives, by flock(2) on the file `lock` in it: the kernel
/// lets go of it however the process ends, so that a crash leaves nothing to clean up. A file that is already there
/// stays as it is.
class DataDir {
 public:
  /// Makes `path` (and what is missing above it) for its owner alone, then takes the lock. Fails as `unavailable` where
  /// that is not possible or another server has it.
  static std::expected<DataDir, StoreError> hold(const std::filesystem::path& path);

  DataDir(DataDir&& other) noexcept;
  DataDir& operator=(DataDir&&) = delete;
  ~DataDir();

  const std::filesystem::path& path() const { return path_; }

 private:
  DataDir(std::filesystem::path path, int lock) : path_(std::move(path)), lock_(lock) {}

  std::filesystem::path path_;
  int lock_;  // file descriptor; -1 after a move
};

}  // namespace confab::log
