// SPDX-License-Identifier: MIT
// What tables, JSON and promises say of a trial, computed once.
#pragma once

#include <string>
#include <vector>

#include "trial.h"

namespace confab::bench {

inline double in_seconds(base::Duration duration) { return std::chrono::duration<double>(duration).count(); }
inline double in_ms(base::Duration duration) { return std::chrono::duration<double, std::milli>(duration).count(); }

/// Share of one core, in percent.
double core_percent(const Measurement& measurement);
/// 0 where nothing was delivered.
double cpu_us_per_delivery(const Measurement& measurement);
double deliveries_per_s(const Measurement& measurement);
/// What the members have added to the server's peak; 0 where the empty server's is not known.
double bytes_per_member(const Trial& trial, const Memory& memory);
/// Members that a core of the server lets in within a second; 0 where it is not known.
double comings_per_core_s(const Trial& trial, const Coming& coming);

/// The same workload with as many members, on another system; nullptr where it was not measured, or brought nothing.
const Measurement* find_toy(const std::vector<Trial>& trials, std::size_t members, const Workload& workload);
const Measurement* find_confab(const std::vector<Trial>& trials, std::size_t members, const Workload& workload);

/// The encrypted peer that spends the least on a delivery.
struct BestPeer {
  std::string name;
  const Measurement* measured = nullptr;  ///< nullptr: there is none
};
BestPeer find_best_peer(const std::vector<Trial>& trials, std::size_t members, const Workload& workload);

/// How much of the other's CPU time a delivery takes.
double cost_ratio(const Measurement& measured, const Measurement& other);

/// Calls `visit(trial, measurement)` for each of them, in order.
template <typename Visit>
void for_each(const std::vector<Trial>& trials, Visit visit) {
  for (const Trial& trial : trials) {
    for (const Measurement& measurement : trial.measurements) visit(trial, measurement);
  }
}

}  // namespace confab::bench
