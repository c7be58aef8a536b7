// SPDX-License-Identifier: MIT
#include "screen/room_list.h"

#include <algorithm>

#include <fmt/format.h>

#include "screen/ellipsis.h"
#include "term/graphemes.h"

namespace confab::screen {

namespace {

Role role_of(const RoomItem& item) {
  if (item.current) return Role::room_current;
  if (item.mentions > 0) return Role::room_mention;
  return item.unread > 0 ? Role::room_unread : Role::room;
}

/// What stands at the right end of a row.
std::string badge_of(const RoomItem& item) {
  if (item.mentions > 0) return fmt::format("{}@", count_text(item.mentions));
  if (item.unread > 0) return count_text(item.unread);
  return item.draft ? "…" : "";
}

void draw_room(term::Grid& grid, const term::Rect& area, std::size_t row, const RoomItem& item, const Theme& theme) {
  const term::Style style = theme.style(role_of(item));
  const std::string badge = badge_of(item);
  const std::size_t badge_cells = term::cells_of(badge);
  // A figure that leaves no room for the name is none.
  const std::size_t badge_room = badge.empty() || badge_cells + 1 >= area.columns ? 0 : badge_cells + 1;
  if (item.current) grid.fill({area.row + row, area.column, 1, area.columns}, style);
  const std::string text = item.number > 0 ? fmt::format("{} {}", item.number, item.label) : "  " + item.label;
  grid.put(area, row, 0, with_ellipsis(text, area.columns - badge_room), style);
  if (badge_room > 0) grid.put(area, row, area.columns - badge_cells, badge, style);
}

}  // namespace

std::string count_text(std::size_t count) {
  if (count < 1000) return fmt::format("{}", count);
  return count < 1'000'000 ? fmt::format("{}k+", count / 1000) : "1M+";
}

void draw_room_list(term::Grid& grid, const term::Rect& area, const std::vector<RoomItem>& rooms, const Theme& theme) {
  const auto current = std::ranges::find_if(rooms, &RoomItem::current);
  const auto place = static_cast<std::size_t>(current - rooms.begin());
  std::size_t first = 0;
  if (rooms.size() > area.rows && current != rooms.end() && place >= area.rows) first = place + 1 - area.rows;
  for (std::size_t row = 0; row < area.rows && first + row < rooms.size(); ++row) {
    const RoomItem& item = rooms[first + row];
    if (item.heading) {
      grid.put(area, row, 0, with_ellipsis(item.label, area.columns), theme.style(Role::border));
    } else {
      draw_room(grid, area, row, item, theme);
    }
  }
}

}  // namespace confab::screen
