// SPDX-License-Identifier: MIT
#include "idle_trial.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "figures.h"

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
  return fmt::format(
      "{} members came in {:.1f} s ({:.0f} a second and core of the server)\n"
      "idle for {:.0f} s: {:.3f} % of a core, {:.3f} % per 1,000 members; peak {:.1f} MiB, {:.0f} bytes per member\n"
      "one message: the median member has it after {:.1f} ms, the last after {:.1f} ms; {:.2f} us of CPU each; lost "
      "{}, "
      "doubled {}\n",
      trial.members, in_seconds(trial.coming.wall), comings_per_core_s(trial, trial.coming), in_seconds(idle().wall),
      core_percent(idle()), percent_per_thousand(*this), static_cast<double>(idle().memory.peak_bytes) / bytes_per_mib,
      bytes_per_member(trial, idle().memory), in_ms(message().tally.latency.percentile(50)),
      in_ms(message().tally.latency.max()), cpu_us_per_delivery(message()), message().tally.lost(),
      message().tally.doubled);
}

std::string IdleResult::to_json() const {
  return nlohmann::json({{"scenario", "idle"},
                         {"members", trial.members},
                         {"coming_s", in_seconds(trial.coming.wall)},
                         {"comings_per_core_s", comings_per_core_s(trial, trial.coming)},
                         {"idle_s", in_seconds(idle().wall)},
                         {"core_percent", core_percent(idle())},
                         {"core_percent_per_1000", percent_per_thousand(*this)},
                         {"peak_bytes", idle().memory.peak_bytes},
                         {"bytes_per_member", bytes_per_member(trial, idle().memory)},
                         {"message_p50_ms", in_ms(message().tally.latency.percentile(50))},
                         {"message_last_ms", in_ms(message().tally.latency.max())},
                         {"message_cpu_us_per_delivery", cpu_us_per_delivery(message())},
                         {"lost", message().tally.lost()},
                         {"doubled", message().tally.doubled},
                         {"kept", is_kept()}})
             .dump(2) +
         "\n";
}

bool IdleResult::is_kept() const {
  const Tally& tally = message().tally;
  return tally.messages == 1 && tally.lost() == 0 && tally.doubled == 0 && tally.disordered == 0;
}

std::expected<IdleResult, std::string> measure_idle(const IdleOptions& options) {
  auto trial = measure_confab({.program = options.program,
                               .members = options.members,
                               .workloads = {{.kind = Kind::settle, .length = 2s},
                                             {.kind = Kind::idle, .length = options.length},
                                             {.kind = Kind::windowed, .window = 1, .messages_max = 1, .length = 30s}}});
  if (!trial) return std::unexpected(trial.error());
  return IdleResult{*std::move(trial)};
}

}  // namespace confab::bench
