// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include "io/clock.h"
#include "process_stats.h"

namespace confab::bench {

/// What it took to let members in: handshakes, and all that a member of the room needs beyond.
struct Coming {
  base::Duration wall{};
  base::Duration cpu{};  ///< the server's
};

/// The meter of a coming that begins with it. Not thread-safe.
class Arrival {
 public:
  explicit Arrival(pid_t server) : server_(server), began_at_(read_clock()), cpu_before_(read_cpu()) {}

  Coming so_far() const { return {.wall = read_clock() - began_at_, .cpu = read_cpu() - cpu_before_}; }

 private:
  static base::Instant read_clock() { return io::read_clocks().instant; }
  base::Duration read_cpu() const { return cpu_time(server_).value_or(base::Duration::zero()); }

  pid_t server_;
  base::Instant began_at_;
  base::Duration cpu_before_;
};

}  // namespace confab::bench
