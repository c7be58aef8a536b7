// SPDX-License-Identifier: MIT
#include "figures.h"

namespace confab::bench {

namespace {

double in_us(base::Duration duration) { return std::chrono::duration<double, std::micro>(duration).count(); }

const Measurement* find(const Trial& trial, std::size_t members, const Workload& workload) {
  if (trial.members != members) return nullptr;
  for (const Measurement& each : trial.measurements) {
    const bool same = each.workload.is_reported() && each.workload.to_string() == workload.to_string();
    if (same && each.tally.deliveries > 0) return &each;
  }
  return nullptr;
}

const Measurement* find(const std::vector<Trial>& trials, const std::string& system, std::size_t members,
                        const Workload& workload) {
  for (const Trial& trial : trials) {
    if (trial.system != system) continue;
    if (const Measurement* found = find(trial, members, workload)) return found;
  }
  return nullptr;
}

}  // namespace

double core_percent(const Measurement& measurement) {
  const double wall_s = in_seconds(measurement.wall);
  return wall_s > 0 ? 100 * in_seconds(measurement.cpu) / wall_s : 0;
}

double cpu_us_per_delivery(const Measurement& measurement) {
  const auto deliveries = static_cast<double>(measurement.tally.deliveries);
  return deliveries > 0 ? in_us(measurement.cpu) / deliveries : 0;
}

double deliveries_per_s(const Measurement& measurement) {
  const double wall_s = in_seconds(measurement.wall);
  return wall_s > 0 ? static_cast<double>(measurement.tally.deliveries) / wall_s : 0;
}

double bytes_per_member(const Trial& trial, const Memory& memory) {
  if (trial.empty.peak_bytes == 0) return 0;
  return static_cast<double>(memory.peak_bytes - trial.empty.peak_bytes) / static_cast<double>(trial.members);
}

double comings_per_core_s(const Trial& trial, const Coming& coming) {
  const double cpu_s = in_seconds(coming.cpu);
  return cpu_s > 0 ? static_cast<double>(trial.members) / cpu_s : 0;
}

const Measurement* find_toy(const std::vector<Trial>& trials, std::size_t members, const Workload& workload) {
  return find(trials, "toy", members, workload);
}

const Measurement* find_confab(const std::vector<Trial>& trials, std::size_t members, const Workload& workload) {
  return find(trials, "confab", members, workload);
}

BestPeer find_best_peer(const std::vector<Trial>& trials, std::size_t members, const Workload& workload) {
  BestPeer best;
  for (const Trial& trial : trials) {
    if (!trial.is_encrypted || trial.system == "confab") continue;
    const Measurement* found = find(trial, members, workload);
    if (found && (!best.measured || cpu_us_per_delivery(*found) < cpu_us_per_delivery(*best.measured))) {
      best = {.name = trial.system, .measured = found};
    }
  }
  return best;
}

double cost_ratio(const Measurement& measured, const Measurement& other) {
  return cpu_us_per_delivery(measured) / cpu_us_per_delivery(other);
}

}  // namespace confab::bench
