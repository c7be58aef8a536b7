// SPDX-License-Identifier: MIT
#include "screen/status_line.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "screen/ellipsis.h"
#include "screen/room_list.h"
#include "term/graphemes.h"

namespace confab::screen {

namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t typing_names_max = 2;

bool is_bad(const StatusInfo& info) {
  return info.state != Link::State::online || (info.link && info.link->silence >= silence_shown);
}

std::string typing_text(const std::vector<std::string>& names) {
  if (names.size() > typing_names_max) return fmt::format("{} are typing", names.size());
  return fmt::format("{} {} typing", fmt::join(names, " and "), names.size() == 1 ? "is" : "are");
}

std::string link_text(const StatusInfo& info) {
  if (info.state == Link::State::failed) return "failed: " + info.trouble;
  if (info.state == Link::State::offline) return info.trouble.empty() ? "connecting" : "offline: " + info.trouble;
  if (!info.link) return "online";
  if (info.link->silence >= silence_shown) {
    return fmt::format("last contact {} s ago", duration_cast<seconds>(info.link->silence).count());
  }
  return info.link->rtt > base::Duration::zero()
             ? fmt::format("{} ms", std::max<std::int64_t>(duration_cast<milliseconds>(info.link->rtt).count(), 1))
             : "online";
}

std::string elsewhere_text(const StatusInfo& info) {
  if (info.mentions_elsewhere > 0) return fmt::format("{}@ elsewhere", count_text(info.mentions_elsewhere));
  return info.unread_elsewhere > 0 ? fmt::format("{} elsewhere", count_text(info.unread_elsewhere)) : std::string();
}

std::string loss_text(const StatusInfo& info) {
  if (!info.link || info.link->packets_sent == 0) return {};
  const double percent =
      100.0 * static_cast<double>(info.link->packets_lost) / static_cast<double>(info.link->packets_sent);
  return percent < loss_percent_shown ? std::string() : fmt::format("{:.1f} % lost", percent);
}

}  // namespace

std::vector<std::string> status_parts(const StatusInfo& info) {
  std::vector<std::string> parts;
  const auto add = [&parts](std::string part) {
    if (!part.empty()) parts.push_back(std::move(part));
  };
  add(info.hint);
  if (info.below > 0) add(fmt::format("↓ {} more", info.below));
  add(info.room);
  add(elsewhere_text(info));
  add(link_text(info));
  if (info.queued > 0) add(fmt::format("{} queued", info.queued));
  if (!info.typing.empty()) add(typing_text(info.typing));
  add(info.name);
  add(info.server);
  add(loss_text(info));
  return parts;
}

void draw_status_line(term::Grid& grid, const term::Rect& area, const StatusInfo& info, const Theme& theme) {
  if (area.rows == 0) return;
  const term::Style style = theme.style(is_bad(info) ? Role::status_bad : Role::status);
  grid.fill(area, style);
  std::size_t column = 0;
  for (const std::string& part : status_parts(info)) {
    const std::string text = column == 0 ? part : "  " + part;
    const std::size_t left = area.columns - column;
    // Half a figure is none; but the first part is shown as far as it goes.
    if (column > 0 && term::cells_of(text) > left) break;
    column = grid.put(area, 0, column, with_ellipsis(text, left), style);
  }
}

}  // namespace confab::screen
