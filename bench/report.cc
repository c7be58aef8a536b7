// SPDX-License-Identifier: MIT
#include "report.h"

#include <fmt/format.h>

#include "figures.h"

namespace confab::bench {

namespace {

constexpr double idle_core_percent_max = 0.5;
constexpr double bytes_per_mib = 1024 * 1024;

bool is_idle(const Measurement& measurement) { return measurement.workload.kind == Workload::Kind::idle; }
bool is_confab(const Trial& trial) { return trial.system == "confab"; }

double mebibytes(std::uint64_t bytes) { return static_cast<double>(bytes) / bytes_per_mib; }

/// A figure that is not known leaves its cell empty.
std::string cell(double value, int width, int digits) {
  return value == 0 ? std::string(static_cast<std::size_t>(width), ' ')
                    : fmt::format("{:>{}.{}f}", value, width, digits);
}

/// Confab's cost in this row's terms.
double confabs_share(const std::vector<Trial>& trials, const Trial& trial, const Measurement& measured) {
  const Measurement* confab = find_confab(trials, trial.members, measured.workload);
  return is_confab(trial) || !confab || measured.tally.deliveries == 0 ? 0 : cost_ratio(*confab, measured);
}

std::string row(const std::vector<Trial>& trials, const Trial& trial, const Measurement& measured) {
  const Tally& tally = measured.tally;
  return fmt::format(
      "| {:<11} | {:>5} | {:<12} | {:>10} | {:>9.0f} | {:>6} | {:>7} | {:>8} | {:>8.2f} | {} | {:>8.2f} | {:>8.2f} |\n",
      trial.system, trial.members, measured.workload.to_string(), tally.deliveries, deliveries_per_s(measured),
      tally.lost(), tally.doubled, tally.disordered, cpu_us_per_delivery(measured),
      cell(confabs_share(trials, trial, measured), 9, 3), in_ms(tally.latency.percentile(50)),
      in_ms(tally.latency.percentile(99)));
}

std::string delivery_table(const std::vector<Trial>& trials) {
  std::string table =
      "| server      |     N | workload     | deliveries | per s     | lost   | doubled | disorder | CPU us/d | "
      "confab is | p50 ms   | p99 ms   |\n"
      "| ----------- | ----: | ------------ | ---------: | --------: | -----: | ------: | -------: | -------: | "
      "--------: | -------: | -------: |\n";
  for_each(trials, [&](const Trial& trial, const Measurement& measured) {
    if (measured.workload.is_reported()) table += row(trials, trial, measured);
  });
  return table;
}

std::string idle_row(const Trial& trial, const Measurement& measured) {
  const Memory& memory = measured.memory;
  return fmt::format("| {:<11} | {:>5} | {:>6.0f} | {:>9.3f} | {:>8.1f} | {} | {} | {} | {} | {} |\n", trial.system,
                     trial.members, in_seconds(measured.wall), core_percent(measured), mebibytes(memory.peak_bytes),
                     cell(mebibytes(trial.empty.peak_bytes), 9, 1), cell(bytes_per_member(trial, memory), 16, 0),
                     cell(in_seconds(trial.coming.wall), 8, 2), cell(comings_per_core_s(trial, trial.coming), 16, 0),
                     cell(comings_per_core_s(trial, trial.again), 16, 0));
}

std::string idle_table(const std::vector<Trial>& trials) {
  std::string table =
      "| server      |     N | idle s | % of core | peak MiB | empty MiB | bytes per member | coming s | comings/s "
      "core | with tickets     |\n"
      "| ----------- | ----: | -----: | --------: | -------: | --------: | ---------------: | -------: | "
      "---------------: | ---------------: |\n";
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
                      in_seconds(measured.wall), percent, idle_core_percent_max),
          percent < idle_core_percent_max};
}

Check check_complete(const Trial& trial, const Measurement& measured) {
  const Tally& tally = measured.tally;
  return {fmt::format("{}: {} messages, none lost, none twice, one order", name_of(trial, measured), tally.messages),
          tally.messages > 0 && tally.lost() == 0 && tally.doubled == 0 && tally.disordered == 0};
}

Check check_cost(const Trial& trial, const Measurement& measured, const std::string& whose, const Measurement& other) {
  const double ratio = cost_ratio(measured, other);
  return {fmt::format("{}: CPU per delivery {:.3f} of {} (below 1)", name_of(trial, measured), ratio, whose),
          ratio < 1};
}

}  // namespace

std::vector<Check> Report::checks() const {
  std::vector<Check> checks;
  for_each(trials, [&](const Trial& trial, const Measurement& measured) {
    if (!is_confab(trial)) return;
    // The promise is about 100 members; more of them may cost more.
    if (is_idle(measured) && trial.members <= 100) checks.push_back(check_idle(trial, measured));
    if (!measured.workload.is_reported()) return;
    checks.push_back(check_complete(trial, measured));
    if (const Measurement* toy = find_toy(trials, trial.members, measured.workload)) {
      checks.push_back(check_cost(trial, measured, "the toy's", *toy));
    }
    const BestPeer peer = find_best_peer(trials, trial.members, measured.workload);
    if (peer.measured) {
      checks.push_back(check_cost(trial, measured, "that of the best encrypted peer, " + peer.name, *peer.measured));
    }
  });
  return checks;
}

std::string Report::to_markdown() const {
  std::string text = delivery_table(trials) + "\n" + idle_table(trials) + "\n";
  for (const Check& check : checks()) text += fmt::format("- {} {}\n", check.kept ? "kept:  " : "BROKEN:", check.text);
  for (const std::string& note : notes) text += fmt::format("- note: {}\n", note);
  return text;
}

}  // namespace confab::bench
