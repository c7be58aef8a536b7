// SPDX-License-Identifier: MIT
// Where on the screen what stands, and what is folded away where there is no room for it.
//
//   rooms │ topic
//         │ scrollback        │ members
//         │
//   status ──────────────────────────────
//   input (one row and more)
#pragma once

#include <cstddef>

#include "prefs/look.h"
#include "term/grid.h"

namespace confab::screen {

using prefs::PaneWish;

struct FrameWishes {
  PaneWish rooms = PaneWish::fitting;
  PaneWish members = PaneWish::fitting;
  std::size_t rooms_columns = 18;
  std::size_t members_columns = 18;
  std::size_t input_rows = 1;  ///< that the input would like
};

/// Rectangles without rows or columns are folded away. Neighbours beside each other have one column for a line between
/// them.
struct Frame {
  term::Rect rooms;
  term::Rect topic;
  term::Rect scrollback;
  term::Rect members;
  term::Rect status;
  term::Rect input;
};

/// Invariants, whatever the size: nothing overlaps or leaves the screen; there is a row of input where there is a row
/// at all, then one of scrollback, then the status, then the topic.
Frame lay_out_frame(term::Size screen, const FrameWishes& wishes);

}  // namespace confab::screen
