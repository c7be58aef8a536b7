// SPDX-License-Identifier: MIT
// What is drawn on a terminal. Its reader may be slow, stopped or gone; the program that draws must not wait for that.
#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <utility>

#include "io/error.h"
#include "io/fd.h"

namespace confab::io {

/// Writes what the terminal takes at once, and keeps the rest. Its descriptor is an open file of its own where that can
/// be had: the one that the program was given is its shell's, too, and has to stay blocking, whatever becomes of the
/// program. Not
/// thread-safe.
class TerminalOutput {
 public:
  /// Beside the write that was the first to wait.
  static constexpr std::size_t waiting_bytes_max = 64 * 1024;

  /// Opens the terminal behind `fd` once more. What is no terminal is an error.
  static std::expected<TerminalOutput, IoError> open(int fd);

  /// Where that is not allowed: the same open file, which may stay blocking, since it is asked before each byte.
  static std::expected<TerminalOutput, IoError> share(int fd);

  /// For whoever can tell when there is room again.
  int fd() const { return fd_.get(); }

  /// While too much waits already, these bytes are dropped, all of them. The error: the terminal is gone.
  std::expected<void, IoError> write(std::string_view bytes);
  /// What waits, as far as there is room by now.
  std::expected<void, IoError> flush();
  bool is_waiting() const { return !waiting_.empty(); }
  std::size_t waiting_bytes() const { return waiting_.size(); }

  /// The last bytes before the terminal is somebody else's. They wait for nothing: what does is dropped, and where they
  /// find no room, what the terminal has not read yet is dropped, too.
  void write_last(std::string_view bytes);

 private:
  explicit TerminalOutput(Fd fd) : fd_(std::move(fd)) {}

  Fd fd_;
  bool may_block_ = false;
  std::string waiting_;
};

}  // namespace confab::io
