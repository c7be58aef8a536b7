// SPDX-License-Identifier: MIT
// The pane of rooms: one a row, below the name of their server where there are several.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "screen/theme.h"
#include "term/grid.h"

namespace confab::screen {

struct RoomItem {
  std::string label;     ///< as people write it: "#lobby", "@zoe"; a server's name for a heading
  bool heading = false;  ///< a server, not a room
  bool current = false;
  bool draft = false;      ///< a text waits there that was not sent
  std::size_t number = 0;  ///< Alt and this key go there; 0: none
  std::size_t unread = 0;
  std::size_t mentions = 0;
};

/// "1,234" and more is "1k+": what matters is that it is much.
std::string count_text(std::size_t count);

/// Draws the rooms; where they are more than rows, a part that has the current one in it.
void draw_room_list(term::Grid& grid, const term::Rect& area, const std::vector<RoomItem>& rooms, const Theme& theme);

}  // namespace confab::screen
