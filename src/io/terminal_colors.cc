// SPDX-License-Identifier: MIT
// A file of its own, and its headers last: terminfo makes macros of words like "lines" and "columns".
// clang-format off
#include <algorithm>
#include <cstdlib>
#include <string_view>

#include <unistd.h>

#include "io/terminal.h"

#include <curses.h>
#include <term.h>
// clang-format on

namespace confab::io {

int terminal_colors() {
  constexpr int direct = 1 << 24;
  const char* const promised = std::getenv("COLORTERM");
  const std::string_view depth = promised == nullptr ? "" : promised;
  if (depth == "truecolor" || depth == "24bit") return direct;
  int error = 0;
  if (::setupterm(nullptr, STDOUT_FILENO, &error) != OK) return 0;
  char capability[] = "colors";
  const int colors = std::max(::tigetnum(capability), 0);
  ::del_curterm(::cur_term);
  return colors;
}

}  // namespace confab::io
