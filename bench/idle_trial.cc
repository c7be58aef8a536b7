// SPDX-License-Identifier: MIT
#include "idle_trial.h"

#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "confab_host.h"
#include "figures.h"
#include "swarm_run.h"

namespace confab::bench {

namespace {

using namespace std::chrono_literals;
using Kind = Workload::Kind;

constexpr double bytes_per_mib = 1024 * 1024;

double percent_per_thousand(const IdleResult& result) {
  return core_percent(result.idle()) * 1000 / static_cast<double>(result.trial.members);
}

}  // namespace

std::string IdleResult::to_string() const {
  const std::string text = fmt::format(
      "{} members came in {:.1f} s ({:.0f} a second and core of the server)\n"
      "idle for {:.0f} s: {:.3f} % of a core, {:.3f} % per 1,000 members; peak {:.1f} MiB, {:.0f} bytes per member\n",
      trial.members, in_seconds(trial.coming.wall), comings_per_core_s(trial, trial.coming), in_seconds(idle().wall),
      core_percent(idle()), percent_per_thousand(*this), static_cast<double>(idle().memory.peak_bytes) / bytes_per_mib,
      bytes_per_member(trial, idle().memory));
  if (!failure.empty()) return text + fmt::format("one message to all: {}\n", failure);
  const Tally& tally = message().tally;
  return text + fmt::format(
                    "one message: the median member has it after {:.1f} ms, the last after {:.1f} ms; {:.2f} us of CPU "
                    "each; lost {}, doubled {}\n",
                    in_ms(tally.latency.percentile(50)), in_ms(tally.latency.max()), cpu_us_per_delivery(message()),
                    tally.lost(), tally.doubled);
}

std::string IdleResult::to_json() const {
  nlohmann::json figures{{"scenario", "idle"},
                         {"members", trial.members},
                         {"coming_s", in_seconds(trial.coming.wall)},
                         {"comings_per_core_s", comings_per_core_s(trial, trial.coming)},
                         {"idle_s", in_seconds(idle().wall)},
                         {"core_percent", core_percent(idle())},
                         {"core_percent_per_1000", percent_per_thousand(*this)},
                         {"peak_bytes", idle().memory.peak_bytes},
                         {"bytes_per_member", bytes_per_member(trial, idle().memory)},
                         {"kept", is_kept()}};
  if (failure.empty()) {
    figures["message_p50_ms"] = in_ms(message().tally.latency.percentile(50));
    figures["message_last_ms"] = in_ms(message().tally.latency.max());
    figures["message_cpu_us_per_delivery"] = cpu_us_per_delivery(message());
    figures["lost"] = message().tally.lost();
    figures["doubled"] = message().tally.doubled;
  } else {
    figures["failure"] = failure;
  }
  return figures.dump(2) + "\n";
}

bool IdleResult::is_kept() const {
  if (!failure.empty()) return false;
  const Tally& tally = message().tally;
  return tally.messages == 1 && tally.lost() == 0 && tally.doubled == 0 && tally.disordered == 0;
}

std::expected<IdleResult, std::string> measure_idle(const IdleOptions& options) {
  ConfabHost host;
  if (const auto started = host.start(options.program); !started) return std::unexpected(started.error());
  IdleResult result{.trial = {.system = "confab", .is_encrypted = true, .members = options.members}};
  result.trial.empty = memory(host.pid()).value_or(Memory{});

  const auto run = SwarmRun::open({.server = host.address(), .members = options.members});
  if (!run) return std::unexpected(run.error());
  Swarm& swarm = (*run)->swarm();
  const Arrival arrival(host.pid());
  Stepper stepper(swarm, host.pid(),
                  {{.kind = Kind::settle, .length = 2s},
                   {.kind = Kind::idle, .length = options.length},
                   {.kind = Kind::windowed, .window = 1, .messages_max = 1, .length = 30s}});
  bool is_here = false;
  const auto done = (*run)->run([&](base::Now now) {
    if (!swarm.has_joined()) return false;
    if (!std::exchange(is_here, true)) result.trial.coming = arrival.so_far();
    return stepper.step(now.instant);
  });
  result.trial.measurements = stepper.measurements();
  if (done) return result;
  result.failure = done.error();
  if (result.trial.measurements.size() < 2) return std::unexpected(result.failure);
  return result;
}

}  // namespace confab::bench
