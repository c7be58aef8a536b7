// SPDX-License-Identifier: MIT
#pragma once

#include <expected>
#include <string_view>

#include <termios.h>

#include "io/error.h"

namespace confab::io {

bool is_terminal(int fd);

/// TERM is "dumb", empty or not set: no cursor movement, no colours.
bool is_dumb();

/// Colours are welcome on `fd`: a terminal, not a dumb one, and no NO_COLOR (https://no-color.org).
bool wants_color(int fd);

/// Colours of the terminal that TERM names, by terminfo; COLORTERM is believed where it promises more. 0: none, or
/// nothing is known of it.
int terminal_colors();

struct TerminalSize {
  int columns = 80;
  int rows = 24;
};

/// 80 x 24 where the terminal does not know, or `fd` is none.
TerminalSize terminal_size(int fd);

/// Writes all of it, waiting where the other side is slow, also on a descriptor that somebody else has made
/// non-blocking. The error is EPIPE where nobody reads any more.
std::expected<void, IoError> write_all(int fd, std::string_view bytes);

/// While this lives, the terminal hands over every key as it is pressed, Ctrl-C and Ctrl-Z as bytes, and echoes
/// nothing. Its destructor puts everything back: a program that catches SIGTERM and returns from main leaves a usable
/// terminal.
class RawTerminal {
 public:
  static std::expected<RawTerminal, IoError> enter(int fd);
  ~RawTerminal();

  RawTerminal(RawTerminal&& other) noexcept;
  RawTerminal& operator=(RawTerminal&&) = delete;

  /// What Ctrl-Z means: gives the terminal back, stops the process (SIGTSTP), and returns once it is continued, with
  /// the terminal raw again. The screen is to be drawn anew then.
  void suspend();

 private:
  RawTerminal(int fd, const termios& cooked);

  void make_raw() const;
  void restore() const;

  int fd_;  ///< -1: moved from
  termios cooked_;
};

}  // namespace confab::io
