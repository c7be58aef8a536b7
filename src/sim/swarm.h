// SPDX-License-Identifier: MIT
// Which faults a run knows at all, and what they do to its lines and machines. Each is present or absent by the toss of
// a coin, for the run and again for each client (swarm testing, Groce et al. 2012): a run with everything at once hides
// what only shows when something is missing. Each draws from dice of its own, so that a new one leaves the others
// alone.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "sim/faults.h"
#include "sim/plan.h"

namespace confab::sim {

class Swarm {
 public:
  Swarm(std::uint64_t seed, Tier tier);

  bool has(Fault fault) const { return present_[static_cast<std::size_t>(fault)]; }

 private:
  std::array<bool, fault_count> present_{};
};

/// One direction of a line. `purpose` and `index` say which.
LinkOptions make_link(const Swarm& swarm, std::uint64_t seed, std::string_view purpose, std::uint64_t index,
                      base::Duration work);

/// All mishaps, in the order of their time. Cuts that more than one direction suffers are written into the lines, too.
void add_mishaps(Plan& plan, const Swarm& swarm);

}  // namespace confab::sim
