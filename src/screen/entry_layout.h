// SPDX-License-Identifier: MIT
// A block of lines as rows of cells:
//
//   ── Sunday, 22 November 2026 ──                     above the first of a day
//   ── new ──                                          above the first unread one
//                 | ┌ bob: lunch at…                   what is answered
//   [12:05]  ~ada | yes, and wrapped text goes
//                 | on below (edited)
//                 | 👍 2 🎉 1
//   [12:06]     * | bob waves                          an action
//   [12:06] -bot- | build 7 is done                    a notice
//   [12:07]    me | on its way …                       not stored yet; " (queued)"; " ✗ why - /retry or /discard"
//                 | → ada, bob joined; ← zoe left (12 in all)
//
// Below 40 columns there is neither time nor column:
//
//   ~ada: yes, and wrapped
//     text goes on below
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "screen/condensing.h"
#include "screen/local_time.h"
#include "screen/room_buffer.h"
#include "screen/styled_text.h"
#include "screen/theme.h"
#include "term/style.h"

namespace confab::screen {

/// From here on there is a column for times and names.
inline constexpr std::size_t wide_columns_min = 40;

struct LayoutOptions {
  Theme theme = Theme::dark();
  term::ColorDepth colors = term::ColorDepth::full;
  LocalTime time = LocalTime();
  Timestamps timestamps = Timestamps::minutes;
  /// The names' column grows with the names, up to this, and to a quarter of the screen.
  std::size_t name_cells_max = 16;
  /// Folded words (tui::fold_words()) that stand out in messages which mention me, and those that are searched for.
  std::vector<std::string> highlights = {};
  std::vector<std::string> hits = {};
};

/// Invariant: there is a row behind the lead.
struct BlockRows {
  std::vector<TextRow> rows;
  std::size_t lead = 0;  ///< of these, how many are above the lines themselves: day and marker
  bool operator==(const BlockRows&) const = default;
};

/// `columns` is at least 1.
BlockRows lay_out_block(const RoomBuffer& buffer, Block block, std::size_t columns, const LayoutOptions& options);

}  // namespace confab::screen
