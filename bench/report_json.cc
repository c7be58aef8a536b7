// SPDX-License-Identifier: MIT
#include <nlohmann/json.hpp>

#include "figures.h"
#include "report.h"

namespace confab::bench {

namespace {

nlohmann::json to_json_row(const Trial& trial, const Measurement& measured) {
  const Tally& tally = measured.tally;
  return {{"server", trial.system},
          {"encrypted", trial.is_encrypted},
          {"members", trial.members},
          {"workload", measured.workload.to_string()},
          {"wall_s", in_seconds(measured.wall)},
          {"cpu_s", in_seconds(measured.cpu)},
          {"messages", tally.messages},
          {"deliveries", tally.deliveries},
          {"lost", tally.lost()},
          {"doubled", tally.doubled},
          {"disordered", tally.disordered},
          {"cpu_us_per_delivery", cpu_us_per_delivery(measured)},
          {"p50_ms", in_ms(tally.latency.percentile(50))},
          {"p99_ms", in_ms(tally.latency.percentile(99))},
          {"max_ms", in_ms(tally.latency.max())},
          {"empty_peak_bytes", trial.empty.peak_bytes},
          {"resident_bytes", measured.memory.resident_bytes},
          {"peak_bytes", measured.memory.peak_bytes},
          {"coming_wall_s", in_seconds(trial.coming.wall)},
          {"coming_cpu_s", in_seconds(trial.coming.cpu)},
          {"again_wall_s", in_seconds(trial.again.wall)},
          {"again_cpu_s", in_seconds(trial.again.cpu)}};
}

}  // namespace

std::string Report::to_json() const {
  nlohmann::json rows = nlohmann::json::array();
  for_each(trials,
           [&rows](const Trial& trial, const Measurement& measured) { rows.push_back(to_json_row(trial, measured)); });
  nlohmann::json promises = nlohmann::json::array();
  for (const Check& check : checks()) promises.push_back({{"text", check.text}, {"kept", check.kept}});
  return nlohmann::json({{"rows", rows}, {"checks", promises}, {"notes", notes}}).dump(2) + "\n";
}

}  // namespace confab::bench
