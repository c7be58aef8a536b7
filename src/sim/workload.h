// SPDX-License-Identifier: MIT
// What the people of a run do: join, talk in bursts, leave, come again, read what was said.
#pragma once

#include <cstdint>

#include "sim/plan.h"

namespace confab::sim {

/// The life of one client of confab/1 from its first join to the end of the work, in about `steps` steps.
void add_life(Plan& plan, std::size_t client, std::uint64_t steps);
/// The life of a plain member, which can only talk in the lobby.
void add_plain_life(Plan& plan, std::size_t client);

/// Brings the steps of all lives into the order of their time; each life keeps its own.
void sort_steps(Plan& plan);

}  // namespace confab::sim
