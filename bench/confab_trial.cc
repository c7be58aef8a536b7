// SPDX-License-Identifier: MIT
#include "swarm_run.h"
#include "trial.h"

namespace confab::bench {

namespace {

/// Leads the swarm through the trial: it comes, is put to work, and comes again.
class Visit {
 public:
  Visit(Swarm& swarm, pid_t server, std::vector<Workload> workloads, Trial& trial)
      : swarm_(swarm),
        server_(server),
        stepper_(swarm, server, std::move(workloads)),
        trial_(trial),
        arrival_(server) {}

  /// True: all is done.
  bool step(base::Now now) {
    if (!swarm_.has_joined()) return false;
    if (part_ == Part::coming) {
      trial_.coming = arrival_.so_far();
      part_ = Part::working;
    }
    if (part_ == Part::coming_again) {
      trial_.again = arrival_.so_far();
      return true;
    }
    if (stepper_.step(now.instant)) come_again(now);
    return false;
  }

 private:
  enum class Part { coming, working, coming_again };

  void come_again(base::Now now) {
    part_ = Part::coming_again;
    trial_.measurements = stepper_.measurements();
    arrival_ = Arrival(server_);
    swarm_.come_back(now);
  }

  Swarm& swarm_;
  pid_t server_;
  Stepper stepper_;
  Trial& trial_;
  Arrival arrival_;
  Part part_ = Part::coming;
};

}  // namespace

TrialResult measure_confab(const TrialOptions& options) {
  ConfabHost host;
  if (const auto started = host.start(options.program); !started) return std::unexpected(started.error());
  Trial trial{.system = "confab", .is_encrypted = true, .members = options.members};
  trial.empty = memory(host.pid()).value_or(Memory{});

  const auto run = SwarmRun::open({.server = host.address(), .members = options.members});
  if (!run) return std::unexpected(run.error());
  Visit visit((*run)->swarm(), host.pid(), options.workloads, trial);
  const auto done = (*run)->run([&](base::Now now) { return visit.step(now); });
  if (!done) return std::unexpected(done.error());
  return trial;
}

}  // namespace confab::bench
