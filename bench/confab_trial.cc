// SPDX-License-Identifier: MIT
#include "confab_host.h"
#include "io/random.h"
#include "swarm.h"
#include "trial.h"

namespace confab::bench {

TrialResult measure_confab(const TrialOptions& options) {
  ConfabHost host;
  if (const auto started = host.start(options.program); !started) return std::unexpected(started.error());
  Trial trial{.system = "confab", .is_encrypted = true, .members = options.members};
  trial.empty = memory(host.pid()).value_or(Memory{});

  base::NullLog log;
  io::SystemRandom random;
  SwarmOptions swarm_options;
  swarm_options.server = host.address();
  swarm_options.members = options.members;
  Swarm swarm(std::move(swarm_options), random, log);
  io::Loop loop(swarm);
  auto locals = open_sockets(loop, options.members);
  if (!locals) return std::unexpected(locals.error());
  swarm.set_locals(*std::move(locals));

  const Arrival arrival(host.pid());
  std::optional<Coming> coming;
  Stepper stepper(swarm, host.pid(), options.workloads);
  loop.after_turn([&](base::Now now) {
    if (!swarm.failure().empty()) return loop.stop(1);
    if (!swarm.has_joined()) return;
    if (!coming) coming = arrival.so_far();
    if (stepper.step(now.instant)) loop.stop(0);
  });
  if (loop.run() != 0) return std::unexpected("the swarm: " + swarm.failure());
  trial.coming = coming.value_or(Coming{});
  trial.measurements = stepper.measurements();
  return trial;
}

}  // namespace confab::bench
