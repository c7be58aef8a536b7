// SPDX-License-Identifier: MIT
#include "reconnect_trial.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "figures.h"
#include "io/clock.h"
#include "swarm_run.h"

namespace confab::bench {

namespace {

/// Messages that everybody has when the server is killed, and those that are said before it is started again.
constexpr std::uint64_t messages_before = 5;
constexpr std::uint64_t messages_meanwhile = 3;
constexpr std::uint64_t messages = 20;
/// Deliveries a second that leave server and members time for the rest.
constexpr std::uint64_t deliveries_per_s = 40'000;

/// `messages` of them, at a pace that so many members can follow.
Workload make_workload(std::size_t members) {
  const std::uint64_t per_s = std::clamp<std::uint64_t>(deliveries_per_s / members, 2, 100);
  return {.kind = Workload::Kind::paced,
          .messages_per_s = per_s,
          .length = base::Duration(std::chrono::seconds(messages)) / per_s};
}

/// Leads the swarm through the parts of the trial.
class ReconnectTrial {
 public:
  ReconnectTrial(Swarm& swarm, ConfabHost& host, std::size_t members) : swarm_(swarm), host_(host), members_(members) {
    result.members = members;
  }

  /// True: all is done, or given up.
  bool step(base::Now now) {
    switch (part_) {
      case Part::joining:
        if (swarm_.has_joined()) begin();
        return false;
      case Part::talking:
        if (swarm_.tally().deliveries >= messages_before * members_) kill(now);
        return false;
      case Part::down:
        if (swarm_.tally().messages >= said_before_ + messages_meanwhile) restart();
        return !failure.empty();
      case Part::coming_back:
        if (swarm_.has_joined()) {
          part_ = Part::catching_up;
          result.back = now.instant - ready_at_;
        }
        return false;
      case Part::catching_up:
        if (!swarm_.is_done(now.instant)) return false;
        finish(now);
        return true;
    }
    return true;
  }

  ReconnectResult result;
  std::string failure;

 private:
  enum class Part { joining, talking, down, coming_back, catching_up };

  void begin() {
    part_ = Part::talking;
    swarm_.begin(make_workload(members_), io::read_clocks().instant);
  }

  void kill(base::Now now) {
    part_ = Part::down;
    result.before = memory(host_.pid()).value_or(Memory{});
    host_.kill();
    killed_at_ = now.instant;
    said_before_ = swarm_.tally().messages;
  }

  /// The members are of this process: while it waits for the server, they wait, too.
  void restart() {
    part_ = Part::coming_back;
    if (const auto restarted = host_.restart(); !restarted) failure = restarted.error();
    const base::Now ready = io::read_clocks();
    result.down = ready.instant - killed_at_;
    ready_at_ = ready.instant;
    swarm_.come_back(ready);
  }

  void finish(base::Now now) {
    result.settled = now.instant - ready_at_;
    result.cpu = cpu_time(host_.pid()).value_or(base::Duration::zero());
    result.after = memory(host_.pid()).value_or(Memory{});
    result.tally = swarm_.tally();
  }

  Swarm& swarm_;
  ConfabHost& host_;
  std::size_t members_;
  Part part_ = Part::joining;
  base::Instant killed_at_;
  std::uint64_t said_before_ = 0;
  base::Instant ready_at_;
};

double mebibytes(std::uint64_t bytes) { return static_cast<double>(bytes) / (1024 * 1024); }

}  // namespace

std::string ReconnectResult::to_string() const {
  return fmt::format(
      "{} members, the server killed in mid-conversation: back up after {:.2f} s, everybody there {:.2f} s later, all "
      "heard after {:.2f} s\n"
      "the new server: {:.2f} s of CPU, peak {:.1f} MiB (the old one: {:.1f} MiB)\n"
      "{} messages: lost {}, doubled {}, out of order {}\n",
      members, in_seconds(down), in_seconds(back), in_seconds(settled), in_seconds(cpu), mebibytes(after.peak_bytes),
      mebibytes(before.peak_bytes), tally.messages, tally.lost(), tally.doubled, tally.disordered);
}

std::string ReconnectResult::to_json() const {
  return nlohmann::json({{"scenario", "reconnect"},
                         {"members", members},
                         {"down_s", in_seconds(down)},
                         {"back_s", in_seconds(back)},
                         {"settled_s", in_seconds(settled)},
                         {"cpu_s", in_seconds(cpu)},
                         {"peak_bytes", after.peak_bytes},
                         {"peak_bytes_before", before.peak_bytes},
                         {"messages", tally.messages},
                         {"lost", tally.lost()},
                         {"doubled", tally.doubled},
                         {"disordered", tally.disordered},
                         {"kept", is_kept()}})
             .dump(2) +
         "\n";
}

std::expected<ReconnectResult, std::string> measure_reconnect(const ReconnectOptions& options) {
  ConfabHost host;
  if (const auto started = host.start(options.program); !started) return std::unexpected(started.error());
  const auto run = SwarmRun::open({.server = host.address(), .members = options.members, .comes_back = true});
  if (!run) return std::unexpected(run.error());
  ReconnectTrial trial((*run)->swarm(), host, options.members);
  const auto done = (*run)->run([&](base::Now now) { return trial.step(now); });
  if (!done) return std::unexpected(done.error());
  if (!trial.failure.empty()) return std::unexpected(trial.failure);
  return trial.result;
}

}  // namespace confab::bench
