// SPDX-License-Identifier: MIT
#include "sleeper_trial.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "io/clock.h"
#include "swarm_run.h"

namespace confab::bench {

namespace {

using Seconds = std::chrono::duration<double>;

constexpr base::Duration time_max = std::chrono::minutes(10);
constexpr std::uint64_t window = 512;

/// Leads the swarm through the three parts of the trial: join, pass, catch up.
class SleeperTrial {
 public:
  SleeperTrial(Swarm& swarm, const SleeperOptions& options, pid_t server)
      : swarm_(swarm), options_(options), server_(server) {}

  /// True: all is done, or given up.
  bool step(base::Instant now) {
    switch (part_) {
      case Part::joining:
        if (swarm_.has_joined()) begin();
        return false;
      case Part::passing:
        if (swarm_.has_sent_all(now) && swarm_.has_told_the_waking()) wake(now);
        return now - began_ > time_max;
      case Part::catching_up:
        if (swarm_.tally().lost() > 0 && now - began_ < time_max) return false;
        result.catching_up = now - woken_;
        result.after = memory(server_).value_or(Memory{});
        return true;
    }
    return true;
  }

  SleeperResult result;

 private:
  enum class Part { joining, passing, catching_up };

  void begin() {
    part_ = Part::passing;
    result.before = memory(server_).value_or(Memory{});
    began_ = io::read_clocks().instant;
    swarm_.begin(
        {.kind = Workload::Kind::windowed, .window = window, .messages_max = options_.messages, .length = time_max},
        began_);
  }

  void wake(base::Instant now) {
    part_ = Part::catching_up;
    result.passing = now - began_;
    result.while_asleep = memory(server_).value_or(Memory{});
    woken_ = now;
    swarm_.wake_sleeper();
  }

  Swarm& swarm_;
  const SleeperOptions& options_;
  pid_t server_;
  Part part_ = Part::joining;
  base::Instant began_;
  base::Instant woken_;
};

}  // namespace

std::string SleeperResult::to_string() const {
  const auto mib = [](std::uint64_t bytes) { return static_cast<double>(bytes) / (1024 * 1024); };
  return fmt::format(
      "{} messages passed a sleeping member in {:.1f} s; it caught up in {:.1f} s\n"
      "server, resident: {:.1f} MiB before, {:.1f} MiB while it slept, {:.1f} MiB after (peak {:.1f} MiB)\n"
      "lost {}, doubled {}, out of order {}\n",
      tally.messages, Seconds(passing).count(), Seconds(catching_up).count(), mib(before.resident_bytes),
      mib(while_asleep.resident_bytes), mib(after.resident_bytes), mib(after.peak_bytes), tally.lost(), tally.doubled,
      tally.disordered);
}

std::string SleeperResult::to_json() const {
  return nlohmann::json({{"scenario", "sleeper"},
                         {"messages", tally.messages},
                         {"passing_s", Seconds(passing).count()},
                         {"catching_up_s", Seconds(catching_up).count()},
                         {"resident_bytes_before", before.resident_bytes},
                         {"resident_bytes_asleep", while_asleep.resident_bytes},
                         {"resident_bytes_after", after.resident_bytes},
                         {"peak_bytes", after.peak_bytes},
                         {"lost", tally.lost()},
                         {"doubled", tally.doubled},
                         {"disordered", tally.disordered},
                         {"kept", is_kept()}})
             .dump(2) +
         "\n";
}

std::expected<SleeperResult, std::string> measure_sleeper(const SleeperOptions& options) {
  ConfabHost host;
  if (const auto started = host.start(options.program); !started) return std::unexpected(started.error());
  const auto run = SwarmRun::open({.server = host.address(), .members = options.members, .sleeper = true});
  if (!run) return std::unexpected(run.error());
  SleeperTrial trial((*run)->swarm(), options, host.pid());
  const auto done = (*run)->run([&](base::Now now) { return trial.step(now.instant); });
  if (!done) return std::unexpected(done.error());
  trial.result.tally = (*run)->swarm().tally();
  return trial.result;
}

}  // namespace confab::bench
