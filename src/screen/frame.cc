// SPDX-License-Identifier: MIT
#include "screen/frame.h"

#include <algorithm>

namespace confab::screen {

namespace {

/// A line of talk is read well down to this; a pane is not worth less.
constexpr std::size_t scrollback_columns_min = 52;
/// Below this there is no talk to read beside a pane.
constexpr std::size_t scrollback_columns_least = 20;
constexpr std::size_t topic_from_rows = 8;
constexpr std::size_t status_from_rows = 3;

/// Takes a pane and the line beside it off `left`, if it may be shown. Answers its columns.
std::size_t take_pane(PaneWish wish, std::size_t columns, std::size_t& left) {
  if (wish == PaneWish::never || columns == 0) return 0;
  const std::size_t keeps = wish == PaneWish::always ? scrollback_columns_least : scrollback_columns_min;
  if (left < keeps + columns + 1) return 0;
  left -= columns + 1;
  return columns;
}

}  // namespace

Frame lay_out_frame(term::Size screen, const FrameWishes& wishes) {
  Frame frame;
  std::size_t rows = screen.rows;
  // A third of the screen at the most: what one answers should stay in sight.
  const std::size_t input_rows =
      std::clamp<std::size_t>(wishes.input_rows, std::min<std::size_t>(rows, 1),
                              std::max<std::size_t>(rows / 3, std::min<std::size_t>(rows, 1)));
  rows -= input_rows;
  frame.input = {rows, 0, input_rows, screen.columns};
  const std::size_t status_rows = screen.rows >= status_from_rows && rows > 1 ? 1 : 0;
  rows -= status_rows;
  frame.status = {rows, 0, status_rows, screen.columns};

  std::size_t columns = screen.columns;
  const std::size_t room_columns = take_pane(wishes.rooms, wishes.rooms_columns, columns);
  const std::size_t member_columns = take_pane(wishes.members, wishes.members_columns, columns);
  const std::size_t left = room_columns == 0 ? 0 : room_columns + 1;
  const std::size_t topic_rows = screen.rows >= topic_from_rows ? 1 : 0;
  frame.rooms = {0, 0, room_columns == 0 ? 0 : rows, room_columns};
  frame.topic = {0, left, topic_rows, screen.columns - left};
  frame.scrollback = {topic_rows, left, rows - topic_rows, columns};
  frame.members = {topic_rows, screen.columns - member_columns, member_columns == 0 ? 0 : rows - topic_rows,
                   member_columns};
  return frame;
}

}  // namespace confab::screen
