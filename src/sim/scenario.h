// SPDX-License-Identifier: MIT
// One run: a server, its disk, its clients and the network between them, from a plan to a verdict. No thread, no
// socket, no clock; the same plan is the same run, bit for bit.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/time.h"
#include "sim/faults.h"
#include "sim/plan.h"
#include "sim/trace.h"
#include "sim/world.h"

namespace confab::sim {

struct Result {
  std::uint64_t seed = 0;
  Tier tier = Tier::quic;
  std::uint64_t trace_hash = 0;
  base::Duration virtual_time{};
  WorldStats world;
  FaultTally faults;
  std::uint64_t messages = 0;    ///< sent by clients of confab/1
  std::uint64_t events = 0;      ///< in the store at the end
  std::uint64_t deliveries = 0;  ///< events and lines heard by all clients together
  std::uint64_t syncs = 0;
  std::vector<std::string> complaints;  ///< empty: all promises were kept
  std::string plan;                     ///< in words

  bool ok() const { return complaints.empty(); }
  /// What went wrong, in which scenario, and how to see it again.
  std::string to_string() const;
};

/// Stops at the first complaint. The executable must link deterministic_tls.cc.
Result run(const Plan& plan, Trace::Printer printer = {});
inline Result run(std::uint64_t seed, Tier tier = Tier::quic, Trace::Printer printer = {}) {
  return run(Plan::make(seed, tier), std::move(printer));
}

}  // namespace confab::sim
