// SPDX-License-Identifier: MIT
#include "loss_trial.h"

#include <algorithm>

#include <fmt/format.h>

#include "figures.h"
#include "stepper.h"
#include "swarm_run.h"
#include "trial.h"
#include "tun_path.h"

namespace confab::bench {

namespace {

/// What is promised where each packet is lost on its own.
struct Promise {
  std::uint32_t loss_permille;
  double p99_ratio_max;
  base::Duration latency_max;
};
constexpr Promise promises[] = {
    {.loss_permille = 50, .p99_ratio_max = 1.25, .latency_max = std::chrono::milliseconds(300)},
    {.loss_permille = 100, .p99_ratio_max = 2, .latency_max = base::Duration::max()}};

std::vector<Workload> workloads(const LossOptions& options) {
  using Kind = Workload::Kind;
  return {{.kind = Kind::settle, .length = std::chrono::seconds(1)},
          {.kind = Kind::paced, .messages_per_s = options.messages_per_s, .length = options.noticing},
          {.kind = Kind::paced, .messages_per_s = options.messages_per_s, .length = options.length}};
}

double p99_ratio(const LossResult& result, const LossResult& clean) {
  return in_ms(result.tally.latency.percentile(99)) / in_ms(clean.tally.latency.percentile(99));
}

std::string bytes_ratio(const LossResult& result, const LossResult& clean) {
  if (clean.traffic.bytes == 0) return "";
  return fmt::format("{:.2f}", static_cast<double>(result.traffic.bytes) / static_cast<double>(clean.traffic.bytes));
}

std::string row(const LossResult& result, const LossResult& clean) {
  const Histogram& latency = result.tally.latency;
  return fmt::format("| {:<11} | {:<20} | {:>10} | {:>6.1f} | {:>6.1f} | {:>8.1f} | {:>7.1f} | {:>9.2f} | {:>11} |\n",
                     result.system, result.conditions.to_string(), result.tally.deliveries,
                     in_ms(latency.percentile(50)), in_ms(latency.percentile(99)), in_ms(latency.percentile(99.9)),
                     in_ms(latency.max()), p99_ratio(result, clean), bytes_ratio(result, clean));
}

void check_complete(const LossResult& result, std::vector<Check>& checks) {
  const Tally& tally = result.tally;
  checks.push_back(
      {fmt::format("{}: {} messages, none lost, none twice, one order", result.conditions.to_string(), tally.messages),
       tally.messages > 0 && tally.lost() + tally.doubled + tally.disordered == 0});
}

void check_latency(const LossResult& result, const LossResult& clean, const Promise& promise,
                   std::vector<Check>& checks) {
  const std::string where = result.conditions.to_string();
  const double ratio = p99_ratio(result, clean);
  checks.push_back(
      {fmt::format("{}: p99 {:.2f} times that without loss (at most {})", where, ratio, promise.p99_ratio_max),
       ratio <= promise.p99_ratio_max});
  if (promise.latency_max == base::Duration::max()) return;
  const base::Duration longest = result.tally.latency.max();
  checks.push_back({fmt::format("{}: the longest wait {:.1f} ms (at most {:.0f})", where, in_ms(longest),
                                in_ms(promise.latency_max)),
                    longest <= promise.latency_max});
}

std::filesystem::path program_of(const Peer& peer) { return find_program(peer.name).value_or(peer.name); }

}  // namespace

std::expected<LossResult, std::string> measure_loss(const LossOptions& options, const PathConditions& conditions) {
  ConfabHost host;
  if (const auto started = host.start(options.program); !started) return std::unexpected(started.error());
  const auto relay = BadRelay::start(host.address(), conditions);
  if (!relay) return std::unexpected(relay.error());

  // The relay tells the members' ways apart by their sockets.
  const auto run = SwarmRun::open({.server = (*relay)->address(), .members = options.members}, Sockets::one_each);
  if (!run) return std::unexpected(run.error());
  Swarm& swarm = (*run)->swarm();
  Stepper stepper(swarm, host.pid(), workloads(options));
  Traffic before;
  const auto done = (*run)->run([&](base::Now now) {
    if (stepper.measurements().size() < 2) before = (*relay)->traffic();
    return swarm.has_joined() && stepper.step(now.instant);
  });
  if (!done) return std::unexpected(done.error());
  const Traffic after = (*relay)->traffic();
  return LossResult{.system = "confab",
                    .conditions = conditions,
                    .tally = stepper.measurements().back().tally,
                    .traffic = {after.packets - before.packets, after.bytes - before.bytes}};
}

std::expected<LossResult, std::string> measure_peer_loss(const Peer& peer, const LossOptions& options,
                                                         const PathConditions& conditions) {
  const auto path = TunPath::open(conditions);
  if (!path) return std::unexpected(path.error());
  const Ground ground{.server = TunPath::server_address(),
                      .enter_server = [&] { (*path)->enter_server(); },
                      .enter_members = [&] { (*path)->enter_members(); }};
  auto trial = measure_peer(
      peer, {.program = program_of(peer), .members = options.members, .workloads = workloads(options)}, ground);
  if (!trial) return std::unexpected(trial.error());
  return LossResult{.system = peer.name, .conditions = conditions, .tally = trial->measurements.back().tally};
}

const LossResult& LossReport::clean(const LossResult& result) const {
  return *std::ranges::find(results, result.system, &LossResult::system);
}

std::string LossReport::to_markdown() const {
  std::string text =
      "| server      | lost each way        | deliveries | p50 ms | p99 ms | p99.9 ms | max ms  | p99 ratio | bytes "
      "ratio |\n"
      "| ----------- | -------------------- | ---------: | -----: | -----: | -------: | ------: | --------: | "
      "----------: |\n";
  for (const LossResult& result : results) text += row(result, clean(result));
  for (const Check& check : checks()) text += fmt::format("- {} {}\n", check.kept ? "kept:  " : "BROKEN:", check.text);
  for (const std::string& note : notes) text += fmt::format("- note: {}\n", note);
  return text;
}

std::vector<Check> LossReport::checks() const {
  std::vector<Check> checks;
  for (const LossResult& result : results) {
    if (result.system != "confab") continue;
    check_complete(result, checks);
    const auto promise = std::ranges::find(promises, result.conditions.loss_permille, &Promise::loss_permille);
    const bool in_bursts = result.conditions.burst > base::Duration::zero();
    if (promise != std::end(promises) && !in_bursts) check_latency(result, clean(result), *promise, checks);
  }
  return checks;
}

}  // namespace confab::bench
