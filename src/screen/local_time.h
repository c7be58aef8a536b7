// SPDX-License-Identifier: MIT
// Days and clock times where the reader lives.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>

#include "prefs/look.h"

namespace confab::screen {

using prefs::Timestamps;

/// The zone comes from outside: minutes east of UTC at a Unix time (it changes with summer). Empty: UTC. Whatever times
/// a server tells are taken; those beyond the years 1 to 9999 are shown as the nearest of these.
class LocalTime {
 public:
  using Zone = std::function<int(std::int64_t unix_s)>;

  explicit LocalTime(Zone minutes_east = {}) : minutes_east_(std::move(minutes_east)) {}

  /// Days since 1970-01-01: what day the reader's calendar says.
  std::int64_t day(std::int64_t unix_ms) const;
  /// When that day begins, give or take a change of the clocks.
  std::int64_t day_start_ms(std::int64_t day) const;
  /// 09:05, or 09:05:07; empty where none is wanted.
  std::string clock(std::int64_t unix_ms, Timestamps detail = Timestamps::minutes) const;

 private:
  std::int64_t local_s(std::int64_t unix_ms) const;

  Zone minutes_east_;
};

/// Sunday, 22 November 2026
std::string day_name(std::int64_t day);

}  // namespace confab::screen
