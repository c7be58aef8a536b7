// SPDX-License-Identifier: MIT
#include "screen/member_list.h"

#include <fmt/format.h>

#include "screen/ellipsis.h"

namespace confab::screen {

namespace {

std::string label_of(const Member& member) {
  std::string label = member.verified ? member.name : "~" + member.name;
  if (member.presence == Presence::away) label += " (away)";
  if (member.presence == Presence::lost) label += " (?)";
  return label;
}

}  // namespace

void draw_member_list(term::Grid& grid, const term::Rect& area, const Roster& roster, const Theme& theme,
                      term::ColorDepth depth) {
  if (area.rows == 0) return;
  grid.put(area, 0, 0, with_ellipsis(fmt::format("{} here", roster.size()), area.columns), theme.style(Role::border));
  const std::size_t rows = area.rows - 1;
  const bool overflows = roster.size() > rows;
  const std::size_t shown = overflows && rows > 0 ? rows - 1 : rows;
  std::size_t row = 1;
  for (const Member& member : roster.first(shown)) {
    const bool here = member.presence == Presence::here;
    const term::Style style = here ? theme.name_style(member.name, depth) : theme.style(Role::member_away);
    grid.put(area, row++, 0, with_ellipsis(label_of(member), area.columns), style);
  }
  if (!overflows || rows == 0) return;
  grid.put(area, row, 0, with_ellipsis(fmt::format("and {} more", roster.size() - shown), area.columns),
           theme.style(Role::member_away));
}

}  // namespace confab::screen
