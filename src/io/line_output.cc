// SPDX-License-Identifier: MIT
#include "io/line_output.h"

#include <algorithm>
#include <cerrno>

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

namespace confab::io {

namespace {

/// A pipe that poll() calls writable has room for at least this much (PIPE_BUF, pipe(7)): such a write does not block.
constexpr std::size_t piece_bytes_max = 4096;

bool takes_more(int fd) {
  pollfd entry{.fd = fd, .events = POLLOUT, .revents = 0};
  return ::poll(&entry, 1, 0) == 1 && (entry.revents & POLLOUT) != 0;
}

}  // namespace

void LineOutput::write(std::string_view name, std::string_view text) {
  while (true) {
    const std::size_t end = text.find('\n');
    if (backlog_.size() < backlog_bytes_max) {
      fmt::format_to(std::back_inserter(backlog_), "{} : {}\n", name, text.substr(0, end));
    } else {
      ++lines_dropped_;
    }
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  flush();
}

void LineOutput::flush() {
  std::size_t written = 0;
  while (written < backlog_.size() && takes_more(fd_)) {
    const std::size_t piece = std::min(backlog_.size() - written, piece_bytes_max);
    const ssize_t count = ::write(fd_, backlog_.data() + written, piece);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) break;
    written += static_cast<std::size_t>(count);
  }
  backlog_.erase(0, written);
}

}  // namespace confab::io
