// SPDX-License-Identifier: MIT
// The line above the input: who and where one is, how the link fares, what waits. It says when nothing has been heard
// for a while: a quiet room and a dead link look alike otherwise.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "client/client.h"
#include "screen/theme.h"
#include "term/grid.h"

namespace confab::screen {

struct StatusInfo {
  std::string room;    ///< as people write it
  std::string name;    ///< one's own
  std::string server;  ///< empty: there is only one
  Link::State state = Link::State::offline;
  std::string trouble;  ///< why the link is not online
  std::optional<client::LinkInfo> link;
  std::size_t queued = 0;              ///< messages that are not stored yet
  std::vector<std::string> typing;     ///< names
  std::size_t below = 0;               ///< lines below what is shown
  std::size_t unread_elsewhere = 0;    ///< in other rooms, where there is no list of them to say so
  std::size_t mentions_elsewhere = 0;  ///< of these
  std::string hint;                    ///< what a key just asked or said; stands in front of everything
};

/// A server that is quiet sends something every 10 s (its keep-alive); twice that is a silence worth a word.
inline constexpr base::Duration silence_shown = std::chrono::seconds(20);
/// A loss that people notice.
inline constexpr double loss_percent_shown = 0.5;

/// The parts, most important first; narrow screens lose them from the end.
std::vector<std::string> status_parts(const StatusInfo& info);

void draw_status_line(term::Grid& grid, const term::Rect& area, const StatusInfo& info, const Theme& theme);

}  // namespace confab::screen
