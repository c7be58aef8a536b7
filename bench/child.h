// SPDX-License-Identifier: MIT
// The program that is measured, as a process of its own, and the directory that it may fill.
#pragma once

#include <expected>
#include <filesystem>
#include <string>
#include <vector>

#include <sys/types.h>

#include "base/time.h"

namespace confab::bench {

/// As many open files as the system lets this process have, for it and its children: members that come over TCP need
/// one each, on both sides.
void raise_descriptor_limit();

/// A directory under $TMPDIR (else /tmp) that is gone when this is. Throws std::system_error where none can be made.
class TempDir {
 public:
  TempDir();
  ~TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// Invariant: the process has ended when the destructor has, also where this program is killed (the kernel sees to it).
class Child {
 public:
  /// Runs `command` (the program's path or name, then its arguments) with nothing to read, stdout into the void and
  /// stderr into the file `log`.
  static std::expected<Child, std::string> start(const std::vector<std::string>& command,
                                                 const std::filesystem::path& log);
  ~Child() { stop(); }
  Child(Child&& other) noexcept;
  Child& operator=(Child&&) = delete;

  pid_t pid() const { return pid_; }
  bool is_running();

  /// What the log says from `marker` to the end of that line, as soon as it says it; the error is the log's end, when
  /// the process has ended or `patience` is over before.
  std::expected<std::string, std::string> wait_for_line(const std::string& marker, base::Duration patience);

  /// The end of what the log says by now, for people.
  std::string log_tail() const;

  /// SIGTERM, after 5 s SIGKILL; returns when it is gone.
  void stop();
  /// SIGKILL.
  void kill();

 private:
  Child(pid_t pid, std::filesystem::path log) : pid_(pid), log_(std::move(log)) {}

  bool wait_for_end(base::Duration patience);

  pid_t pid_;  // 0: ended and waited for, or moved from
  std::filesystem::path log_;
};

}  // namespace confab::bench
