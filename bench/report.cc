// SPDX-License-Identifier: MIT
#include "report.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace confab::bench {

namespace {

using Seconds = std::chrono::duration<double>;
using Milliseconds = std::chrono::duration<double, std::milli>;
using Microseconds = std::chrono::duration<double, std::micro>;

constexpr double idle_core_percent_max = 0.5;
constexpr double bytes_per_mib = 1024 * 1024;

bool is_idle(const Measurement& measurement) { return measurement.workload.kind == Workload::Kind::idle; }
bool is_silent(const Measurement& measurement) {
  return is_idle(measurement) || measurement.workload.kind == Workload::Kind::settle;
}
bool is_confab(const Trial& trial) { return trial.system == "confab"; }

double milliseconds(base::Duration duration) { return Milliseconds(duration).count(); }

double deliveries_per_s(const Measurement& measurement) {
  const double wall_s = Seconds(measurement.wall).count();
  return wall_s > 0 ? static_cast<double>(measurement.tally.deliveries) / wall_s : 0;
}

double mebibytes(std::uint64_t bytes) { return static_cast<double>(bytes) / bytes_per_mib; }

/// What the members have added to the server's peak.
double bytes_per_member(const Trial& trial, const Memory& memory) {
  return static_cast<double>(memory.peak_bytes - trial.empty.peak_bytes) / static_cast<double>(trial.members);
}

/// The same workload and number of members, measured on the toy.
const Measurement* find_toy(const std::vector<Trial>& trials, std::size_t members, const Workload& workload) {
  for (const Trial& trial : trials) {
    if (is_confab(trial) || trial.members != members) continue;
    for (const Measurement& each : trial.measurements) {
      if (!is_silent(each) && each.workload.to_string() == workload.to_string()) return &each;
    }
  }
  return nullptr;
}

/// Calls `visit(trial, measurement)` for each of them, in order.
template <typename Visit>
void for_each(const std::vector<Trial>& trials, Visit visit) {
  for (const Trial& trial : trials) {
    for (const Measurement& measurement : trial.measurements) visit(trial, measurement);
  }
}

std::string row(const Trial& trial, const Measurement& measured) {
  const Tally& tally = measured.tally;
  return fmt::format(
      "| {:<6} | {:>5} | {:<12} | {:>10} | {:>9.0f} | {:>6} | {:>7} | {:>8} | {:>8.2f} | {:>8.2f} | {:>8.2f} |\n",
      trial.system, trial.members, measured.workload.to_string(), tally.deliveries, deliveries_per_s(measured),
      tally.lost(), tally.doubled, tally.disordered, cpu_us_per_delivery(measured),
      milliseconds(tally.latency.percentile(50)), milliseconds(tally.latency.percentile(99)));
}

std::string delivery_table(const std::vector<Trial>& trials) {
  std::string table =
      "| server |     N | workload     | deliveries | per s     | lost   | doubled | disorder | CPU us/d | p50 ms   | "
      "p99 ms   |\n"
      "| ------ | ----: | ------------ | ---------: | --------: | -----: | ------: | -------: | -------: | -------: | "
      "-------: |\n";
  for_each(trials, [&table](const Trial& trial, const Measurement& measured) {
    if (!is_silent(measured)) table += row(trial, measured);
  });
  return table;
}

std::string idle_row(const Trial& trial, const Measurement& measured) {
  const Memory& memory = measured.memory;
  std::string row = fmt::format("| {:<6} | {:>5} | {:>6.0f} | {:>9.3f} | {:>8.1f} |", trial.system, trial.members,
                                Seconds(measured.wall).count(), core_percent(measured), mebibytes(memory.peak_bytes));
  if (trial.empty.peak_bytes == 0) return row + "           |                  |\n";
  return row +
         fmt::format(" {:>9.1f} | {:>16.0f} |\n", mebibytes(trial.empty.peak_bytes), bytes_per_member(trial, memory));
}

std::string idle_table(const std::vector<Trial>& trials) {
  std::string table =
      "| server |     N | idle s | % of core | peak MiB | empty MiB | bytes per member |\n"
      "| ------ | ----: | -----: | --------: | -------: | --------: | ---------------: |\n";
  for_each(trials, [&table](const Trial& trial, const Measurement& measured) {
    if (is_idle(measured)) table += idle_row(trial, measured);
  });
  return table;
}

std::string name_of(const Trial& trial, const Measurement& measured) {
  return fmt::format("{} members, {}", trial.members, measured.workload.to_string());
}

Check check_idle(const Trial& trial, const Measurement& measured) {
  const double percent = core_percent(measured);
  return {fmt::format("{} for {:.0f} s: {:.3f} % of a core (below {} %)", name_of(trial, measured),
                      Seconds(measured.wall).count(), percent, idle_core_percent_max),
          percent < idle_core_percent_max};
}

Check check_complete(const Trial& trial, const Measurement& measured) {
  const Tally& tally = measured.tally;
  return {fmt::format("{}: {} messages, none lost, none twice, one order", name_of(trial, measured), tally.messages),
          tally.messages > 0 && tally.lost() == 0 && tally.doubled == 0 && tally.disordered == 0};
}

Check check_cost(const Trial& trial, const Measurement& measured, const Measurement& toy) {
  const double ratio = cpu_us_per_delivery(measured) / cpu_us_per_delivery(toy);
  return {fmt::format("{}: CPU per delivery {:.3f} of the toy's (below 1)", name_of(trial, measured), ratio),
          ratio < 1};
}

nlohmann::json to_json_row(const Trial& trial, const Measurement& measured) {
  const Tally& tally = measured.tally;
  return {{"server", trial.system},
          {"members", trial.members},
          {"workload", measured.workload.to_string()},
          {"wall_s", Seconds(measured.wall).count()},
          {"cpu_s", Seconds(measured.cpu).count()},
          {"messages", tally.messages},
          {"deliveries", tally.deliveries},
          {"lost", tally.lost()},
          {"doubled", tally.doubled},
          {"disordered", tally.disordered},
          {"cpu_us_per_delivery", cpu_us_per_delivery(measured)},
          {"p50_ms", milliseconds(tally.latency.percentile(50))},
          {"p99_ms", milliseconds(tally.latency.percentile(99))},
          {"max_ms", milliseconds(tally.latency.max())},
          {"empty_peak_bytes", trial.empty.peak_bytes},
          {"resident_bytes", measured.memory.resident_bytes},
          {"peak_bytes", measured.memory.peak_bytes}};
}

}  // namespace

double core_percent(const Measurement& measurement) {
  const double wall_s = Seconds(measurement.wall).count();
  return wall_s > 0 ? 100 * Seconds(measurement.cpu).count() / wall_s : 0;
}

double cpu_us_per_delivery(const Measurement& measurement) {
  const auto deliveries = static_cast<double>(measurement.tally.deliveries);
  return deliveries > 0 ? Microseconds(measurement.cpu).count() / deliveries : 0;
}

std::vector<Check> Report::checks() const {
  std::vector<Check> checks;
  for_each(trials, [&](const Trial& trial, const Measurement& measured) {
    if (!is_confab(trial)) return;
    // The promise is about 100 members; more of them may cost more.
    if (is_idle(measured) && trial.members <= 100) checks.push_back(check_idle(trial, measured));
    if (is_silent(measured)) return;
    checks.push_back(check_complete(trial, measured));
    const Measurement* toy = find_toy(trials, trial.members, measured.workload);
    if (toy && toy->tally.deliveries > 0) checks.push_back(check_cost(trial, measured, *toy));
  });
  return checks;
}

std::string Report::to_markdown() const {
  std::string text = delivery_table(trials) + "\n" + idle_table(trials) + "\n";
  for (const Check& check : checks()) text += fmt::format("- {} {}\n", check.kept ? "kept:  " : "BROKEN:", check.text);
  for (const std::string& note : notes) text += fmt::format("- note: {}\n", note);
  return text;
}

std::string Report::to_json() const {
  nlohmann::json rows = nlohmann::json::array();
  for_each(trials,
           [&rows](const Trial& trial, const Measurement& measured) { rows.push_back(to_json_row(trial, measured)); });
  nlohmann::json promises = nlohmann::json::array();
  for (const Check& check : checks()) promises.push_back({{"text", check.text}, {"kept", check.kept}});
  return nlohmann::json({{"rows", rows}, {"checks", promises}, {"notes", notes}}).dump(2) + "\n";
}

}  // namespace confab::bench
