// SPDX-License-Identifier: MIT
// How often what is said in a room is handed out. What a delivery costs is its packet, hardly the words in it (a
// datagram's way through the kernel, the connection's cold memory, an acknowledgement): messages that share one cost a
// fraction. So a line after a silence goes at once, and a room in which line follows line rests between two rounds: too
// short for an eye to see, but programs that answer each other in a large room have forty turns a second.
#pragma once

#include <algorithm>
#include <cstddef>

#include "base/time.h"

namespace confab::server {

/// One room's. Not thread-safe.
class Pace {
 public:
  /// Longest rest, of a hundred members and more: forty rounds a second, a frame or two of a screen.
  static constexpr base::Duration rest_max = std::chrono::milliseconds(25);
  /// Some twenty times what a packet costs: so lone lines take a room of up to a hundred a twentieth of a core. Ten
  /// members rest for 2.5 ms. (A room of a thousand is busy longer than it rests.)
  static constexpr base::Duration rest_per_reader = std::chrono::microseconds(250);
  /// What waits goes out at once as soon as it fills four packets, which travel as one train (base/machine.h): to wait
  /// longer would save little.
  static constexpr std::size_t train_bytes = 4400;

  base::Instant rests_until() const { return rests_until_; }

  void begin_round(base::Instant now, std::size_t readers) {
    const auto most = static_cast<std::size_t>(rest_max / rest_per_reader);
    rests_until_ = now + rest_per_reader * std::min(readers, most);
  }

 private:
  base::Instant rests_until_ = base::at_once;
};

}  // namespace confab::server
