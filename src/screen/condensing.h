// SPDX-License-Identifier: MIT
// Which lines are shown as one. Who comes and goes without having spoken lately is told in one quiet line for all of
// them that stand together:
//
//   → ada, bob joined; ← zoe left (12 in all)
#pragma once

#include <cstddef>
#include <string>

#include "screen/local_time.h"
#include "screen/room_buffer.h"

namespace confab::screen {

/// Lines [first, end) of a buffer.
struct Block {
  std::size_t first = 0;
  std::size_t end = 0;
  bool operator==(const Block&) const = default;
};

/// A run ends before every event whose number this divides, so that its start is found without reading a whole day of
/// comings and goings, and does not depend on what else is loaded.
inline constexpr std::uint64_t run_events_max = 256;

/// The block that the line is in. Blocks do not overlap.
Block block_at(const RoomBuffer& buffer, const LocalTime& time, std::size_t index);

/// The line is the first of its day, or the first of all.
bool begins_day(const RoomBuffer& buffer, const LocalTime& time, std::size_t index);

/// Of a block of joins and leaves.
std::string presence_line(const RoomBuffer& buffer, Block block);

}  // namespace confab::screen
