// SPDX-License-Identifier: MIT
#include "io/terminal_output.h"

#include <cerrno>
#include <tuple>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

namespace confab::io {

namespace {

/// CAN: a terminal forgets the sequence in whose middle it stands (ECMA-48).
constexpr std::string_view cancel = "\x18";

bool is_same_terminal(int one, int other) {
  unsigned device = 0;
  unsigned other_device = 0;
  return ::ioctl(one, TIOCGDEV, &device) == 0 && ::ioctl(other, TIOCGDEV, &other_device) == 0 && device == other_device;
}

}  // namespace

std::expected<TerminalOutput, IoError> TerminalOutput::open(int fd) {
  constexpr int flags = O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
  Fd own(::open(fmt::format("/proc/self/fd/{}", fd).c_str(), flags));
  if (own) return TerminalOutput(std::move(own));
  const int error = errno;
  // Where the terminal is another user's (su), this one opens all the same; but it need not be that terminal.
  own = Fd(::open("/dev/tty", flags));
  if (own && is_same_terminal(own.get(), fd)) return TerminalOutput(std::move(own));
  return std::unexpected(make_error("open the terminal", error));
}

std::expected<void, IoError> TerminalOutput::write(std::string_view bytes) {
  if (waiting_.size() < waiting_bytes_max) waiting_ += bytes;
  return flush();
}

std::expected<void, IoError> TerminalOutput::flush() {
  std::size_t written = 0;
  int error = 0;
  while (written < waiting_.size() && error == 0) {
    const ssize_t count = ::write(fd_.get(), waiting_.data() + written, waiting_.size() - written);
    if (count >= 0) {
      written += static_cast<std::size_t>(count);
    } else if (errno != EINTR) {
      error = errno;
    }
  }
  waiting_.erase(0, written);
  if (error == 0 || error == EAGAIN) return {};
  return std::unexpected(make_error("write to the terminal", error));
}

void TerminalOutput::write_last(std::string_view bytes) {
  const std::string anew = fmt::format("{}{}", cancel, bytes);
  waiting_ = is_waiting() ? anew : std::string(bytes);
  std::ignore = flush();
  if (is_waiting()) {
    ::tcflush(fd_.get(), TCOFLUSH);
    waiting_ = anew;
    std::ignore = flush();
  }
  waiting_.clear();
}

}  // namespace confab::io
