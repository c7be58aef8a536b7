// SPDX-License-Identifier: MIT
// A named pipe that other programs of this user write lines into: `echo deployed > ~/confab.fifo`.
#pragma once

#include <cstddef>
#include <expected>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/time.h"
#include "io/error.h"
#include "io/fd.h"
#include "io/loop.h"

namespace confab::io {

/// Stays open when a writer leaves, and stays in the file system when it is closed here: a writer then waits, and does
/// not make a file of that name. Lives on the loop's thread, and not longer than the loop.
class Fifo {
 public:
  /// What is longer is dropped as a whole.
  static constexpr std::size_t line_bytes_max = 16 * 1024;

  /// Without its line feed.
  using LineHandler = std::function<void(std::string_view line, base::Now now)>;

  /// Makes it, for this user alone, where there is nothing of that name. Refuses what is no FIFO, is another user's, or
  /// may be written by others.
  static std::expected<std::unique_ptr<Fifo>, IoError> open(Loop& loop, const std::string& path, LineHandler handler);
  ~Fifo();

  /// Back pressure: nothing is read until resume(), and whoever writes has to wait.
  void pause();
  void resume();

  Fifo(const Fifo&) = delete;
  Fifo& operator=(const Fifo&) = delete;

 private:
  Fifo(Loop& loop, Fd fd, LineHandler handler);

  void watch();
  void read(base::Now now);
  void take(char byte, base::Now now);

  Loop& loop_;
  Fd fd_;
  LineHandler handler_;
  bool paused_ = false;
  std::string line_;       ///< the one whose end has not been read yet
  bool too_long_ = false;  ///< it is: the rest of it is dropped
};

}  // namespace confab::io
