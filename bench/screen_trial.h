// SPDX-License-Identifier: MIT
// What a person at the full screen waits for: the first paint from what is kept on this machine, the echo of a key
// while others flood the room, pages of a long scrollback, completion among many. No server and no terminal: the
// program's own parts, in this process.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>

#include "histogram.h"

namespace confab::bench {

struct ScreenTrialOptions {
  int openings = 20;                   ///< of a screen on a local history
  std::uint64_t kept_events = 10'000;  ///< in that history
  std::uint64_t lines_per_s = 5000;
  int flood_s = 2;
  std::uint64_t room_lines = 100'000;  ///< that are paged through
  std::size_t members = 10'000;        ///< that a name is completed from
  int completions = 100;
};

struct ScreenResult {
  Histogram first_paint;  ///< from opening the local store to the bytes that show its last line
  Histogram echo;         ///< from a key, and the lines that came with it, to the bytes that show it
  Histogram page;         ///< one page up
  Histogram completion;   ///< of one Tab
  base::Duration flood_length{};
  base::Duration flood_cpu{};
  std::uint64_t flood_paints = 0;
  std::uint64_t lines = 0;        ///< that were told to the room
  std::uint64_t lines_shown = 0;  ///< different ones that were seen on the screen, paging up through all
  bool is_last_shown = false;     ///< when the flood was over

  std::string to_string() const;
  std::string to_json() const;
  /// All lines were shown, and nobody waited long: the bounds leave room for a slow machine.
  bool is_kept() const;
};

/// The error is a line for people.
std::expected<ScreenResult, std::string> measure_screen(const ScreenTrialOptions& options = {});

}  // namespace confab::bench
