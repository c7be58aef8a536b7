// SPDX-License-Identifier: MIT
// A server's lines on stdout. Whoever reads them may be slow, stopped or gone; the chat must not wait for that.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace confab::io {

/// Writes what the descriptor takes without blocking, keeps up to `backlog_bytes_max` beyond it, and drops whole lines
/// after that. Not thread-safe.
class LineOutput {
 public:
  static constexpr std::size_t backlog_bytes_max = 1024 * 1024;

  explicit LineOutput(int fd) : fd_(fd) {}

  /// `name : line` for each line of `text`.
  void write(std::string_view name, std::string_view text);
  std::uint64_t lines_dropped() const { return lines_dropped_; }

 private:
  void flush();

  int fd_;
  std::string backlog_;
  std::uint64_t lines_dropped_ = 0;
};

}  // namespace confab::io
