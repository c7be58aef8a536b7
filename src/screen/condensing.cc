// SPDX-License-Identifier: MIT
#include "screen/condensing.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include <fmt/format.h>

namespace confab::screen {

namespace {

/// Of those who came, and of those who left; the others are a number.
constexpr std::size_t names_max = 5;
/// Lines for missing events have no time. More of them in a row than that do not happen.
constexpr std::size_t undated_max = 16;

bool is_quiet(const Entry& entry) { return entry.is_presence() && entry.quiet && entry.seq != 0; }

bool is_dated(const Entry& entry) { return entry.what != Entry::What::gone && entry.what != Entry::What::skipped; }

/// Whether the line goes on with the block of the one before it.
bool goes_on(const RoomBuffer& buffer, const LocalTime& time, std::size_t index) {
  if (index == 0 || index >= buffer.size()) return false;
  const Entry& before = buffer.at(index - 1);
  const Entry& entry = buffer.at(index);
  return is_quiet(before) && is_quiet(entry) && before.seq / run_events_max == entry.seq / run_events_max &&
         !begins_day(buffer, time, index);
}

/// Each name once, however often it came; the first few.
class Names {
 public:
  void add(const Entry& entry) {
    const std::string name = shown_name(entry.name, entry.verified);
    if (names_.size() < names_max && std::ranges::find(names_, name) == names_.end()) names_.push_back(name);
  }

  std::size_t count() const { return names_.size(); }

  std::string told(std::string_view arrow, std::string_view what) const {
    return names_.empty() ? std::string() : fmt::format("{} {} {}", arrow, fmt::join(names_, ", "), what);
  }

 private:
  std::vector<std::string> names_;
};

}  // namespace

Block block_at(const RoomBuffer& buffer, const LocalTime& time, std::size_t index) {
  Block block{index, index + 1};
  while (goes_on(buffer, time, block.first)) --block.first;
  while (goes_on(buffer, time, block.end)) ++block.end;
  return block;
}

bool begins_day(const RoomBuffer& buffer, const LocalTime& time, std::size_t index) {
  const Entry& entry = buffer.at(index);
  if (!is_dated(entry)) return false;
  for (std::size_t back = 1; back <= std::min(index, undated_max); ++back) {
    const Entry& before = buffer.at(index - back);
    if (is_dated(before)) return before.time_ms != entry.time_ms && time.day(before.time_ms) != time.day(entry.time_ms);
  }
  return true;
}

std::string presence_line(const RoomBuffer& buffer, Block block) {
  Names joined;
  Names left;
  for (std::size_t i = block.first; i < block.end; ++i) {
    const Entry& entry = buffer.at(i);
    (entry.what == Entry::What::join ? joined : left).add(entry);
  }
  const std::string joins = joined.told("→", "joined");
  const std::string leaves = left.told("←", "left");
  const std::size_t events = block.end - block.first;
  const std::string all = events > joined.count() + left.count() ? fmt::format(" ({} in all)", events) : "";
  return joins + (!joins.empty() && !leaves.empty() ? "; " : "") + leaves + all;
}

}  // namespace confab::screen
