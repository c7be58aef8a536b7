// SPDX-License-Identifier: MIT
// Time as the state machines see it: it is told to them, they have no clock to read. The event loop (src/io) reads the
// clocks once a turn, the simulator (src/sim) invents them.
#pragma once

#include <chrono>
#include <cstdint>

namespace confab::base {

using Duration = std::chrono::nanoseconds;

/// Tag of the monotonic timeline. It has no now() on purpose.
struct Timeline {
  using rep = Duration::rep;
  using period = Duration::period;
  using duration = Duration;
  using time_point = std::chrono::time_point<Timeline>;
  static constexpr bool is_steady = true;
};

/// A point on the monotonic timeline, in nanoseconds since an origin that only its maker knows.
using Instant = Timeline::time_point;

/// No deadline.
inline constexpr Instant never = Instant::max();
/// A deadline that has come already: every driver's time is after its origin. (Instant::min() less anything would
/// overflow.)
inline constexpr Instant at_once{};

/// Wall-clock time, in milliseconds since 1970-01-01 UTC. For people's eyes only: nothing is scheduled by it.
struct WallTime {
  std::int64_t unix_ms = 0;
  auto operator<=>(const WallTime&) const = default;
};

/// Both clocks, read once a turn of the event loop and passed down.
struct Now {
  Instant instant;
  WallTime wall;
};

}  // namespace confab::base
