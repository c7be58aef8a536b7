// SPDX-License-Identifier: MIT
#include "io/terminal.h"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <utility>

#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace confab::io {

namespace {

std::string_view variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

void wait_for_room(int fd) {
  pollfd entry{.fd = fd, .events = POLLOUT, .revents = 0};
  ::poll(&entry, 1, -1);
}

}  // namespace

bool is_terminal(int fd) { return ::isatty(fd) == 1; }

bool is_dumb() { return variable("TERM").empty() || variable("TERM") == "dumb"; }

bool wants_color(int fd) { return variable("NO_COLOR").empty() && !is_dumb() && is_terminal(fd); }

TerminalSize terminal_size(int fd) {
  winsize size{};
  if (::ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) return {};
  return {.columns = size.ws_col, .rows = size.ws_row};
}

std::expected<void, IoError> write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(fd, bytes.data(), bytes.size());
    if (count >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(count));
    } else if (errno == EAGAIN) {
      wait_for_room(fd);
    } else if (errno != EINTR) {
      return std::unexpected(make_error("write the output", errno));
    }
  }
  return {};
}

std::expected<RawTerminal, IoError> RawTerminal::enter(int fd) {
  termios cooked{};
  if (::tcgetattr(fd, &cooked) != 0) return std::unexpected(make_error("use the terminal", errno));
  RawTerminal terminal(fd, cooked);
  terminal.make_raw();
  return terminal;
}

RawTerminal::RawTerminal(int fd, const termios& cooked) : fd_(fd), cooked_(cooked) {}

RawTerminal::RawTerminal(RawTerminal&& other) noexcept : fd_(std::exchange(other.fd_, -1)), cooked_(other.cooked_) {}

RawTerminal::~RawTerminal() { restore(); }

void RawTerminal::make_raw() const {
  termios raw = cooked_;
  // No flow control (Ctrl-S, Ctrl-Q) and no CR to LF, so that every key arrives as what it is. Output keeps its
  // processing.
  raw.c_iflag &= ~static_cast<tcflag_t>(IXON | ICRNL | INLCR | ISTRIP | BRKINT);
  raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO | ECHONL | IEXTEN | ISIG);
  raw.c_cc[VMIN] = 1;
  raw.c_cc[VTIME] = 0;
  ::tcsetattr(fd_, TCSANOW, &raw);
}

void RawTerminal::restore() const {
  if (fd_ < 0) return;
  // What was typed and not read goes: it was meant for the chat, not for the shell. Not TCSAFLUSH, which first waits
  // until the terminal has taken all output.
  ::tcflush(fd_, TCIFLUSH);
  ::tcsetattr(fd_, TCSANOW, &cooked_);
}

void RawTerminal::suspend() {
  restore();
  // To this thread, so that it is stopped before raise() returns, and returns only when it is continued.
  std::raise(SIGTSTP);
  make_raw();
}

}  // namespace confab::io
