// SPDX-License-Identifier: MIT
// The pane of members: how many there are, then their names; who is away or lost, quietly.
#pragma once

#include "screen/roster.h"
#include "screen/theme.h"
#include "term/grid.h"

namespace confab::screen {

/// Costs what fits the area, however many members there are.
void draw_member_list(term::Grid& grid, const term::Rect& area, const Roster& roster, const Theme& theme,
                      term::ColorDepth depth);

}  // namespace confab::screen
