// SPDX-License-Identifier: MIT
#include "io/terminal_output.h"

#include <cerrno>
#include <tuple>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "io/terminal.h"

namespace confab::io {

namespace {

/// CAN: a terminal forgets the sequence in whose middle it stands (ECMA-48).
constexpr std::string_view cancel = "\x18";

bool is_same_terminal(int one, int other) {
  unsigned device = 0;
  unsigned other_device = 0;
  return ::ioctl(one, TIOCGDEV, &device) == 0 && ::ioctl(other, TIOCGDEV, &other_device) == 0 && device == other_device;
}

/// Also where it is gone: that is for write() to say.
bool has_room(int fd) {
  pollfd terminal{.fd = fd, .events = POLLOUT, .revents = 0};
  return ::poll(&terminal, 1, 0) > 0;
}

}  // namespace

std::expected<TerminalOutput, IoError> TerminalOutput::share(int fd) {
  Fd own(::fcntl(fd, F_DUPFD_CLOEXEC, 0));
  if (!own) return std::unexpected(make_error("open the terminal", errno));
  TerminalOutput shared(std::move(own));
  shared.may_block_ = true;
  return shared;
}

std::expected<TerminalOutput, IoError> TerminalOutput::open(int fd) {
  // A file opened anew would be written from its beginning.
  if (!is_terminal(fd)) return std::unexpected(make_error("open the terminal", ENOTTY));
  constexpr int flags = O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
  Fd own(::open(fmt::format("/proc/self/fd/{}", fd).c_str(), flags));
  if (own) return TerminalOutput(std::move(own));
  // Where the terminal is another user's (su), this one opens all the same; but it need not be that terminal.
  own = Fd(::open("/dev/tty", flags));
  if (own && is_same_terminal(own.get(), fd)) return TerminalOutput(std::move(own));
  // Another user's, and not this session's (su -c): its shell's own file is all there is.
  return share(fd);
}

std::expected<void, IoError> TerminalOutput::write(std::string_view bytes) {
  if (waiting_.size() < waiting_bytes_max) waiting_ += bytes;
  return flush();
}

std::expected<void, IoError> TerminalOutput::flush() {
  std::size_t written = 0;
  int error = 0;
  while (written < waiting_.size() && error == 0) {
    // A terminal that has room has it for one byte, and does not say for how many more.
    if (may_block_ && !has_room(fd_.get())) break;
    const std::size_t size = may_block_ ? 1 : waiting_.size() - written;
    const ssize_t count = ::write(fd_.get(), waiting_.data() + written, size);
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
