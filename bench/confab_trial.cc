// SPDX-License-Identifier: MIT
#include "child.h"
#include "io/loop.h"
#include "io/random.h"
#include "swarm.h"
#include "trial.h"

namespace confab::bench {

namespace {

constexpr base::Duration start_patience = std::chrono::seconds(10);
/// With one socket for all, a burst for all would not fit its buffer, which real members do not share.
constexpr std::size_t members_per_socket = 64;

/// `ready 127.0.0.1:45678 SHA256:…`
std::expected<base::Address, std::string> wait_until_ready(Child& server) {
  const std::string marker = " ready ";
  const auto line = server.wait_for_line(marker, start_patience);
  if (!line) return std::unexpected(line.error());
  const std::string target = line->substr(marker.size(), line->find(' ', marker.size()) - marker.size());
  const auto address = base::Address::parse(target);
  if (!address) return std::unexpected("no address in its log: " + *line);
  return *address;
}

std::expected<std::vector<base::Address>, std::string> open_sockets(io::Loop& loop, std::size_t members) {
  std::vector<base::Address> locals;
  for (std::size_t count = 0; count * members_per_socket < members; ++count) {
    const auto local = loop.open_socket(base::Address::v4(127, 0, 0, 1, 0));
    if (!local) return std::unexpected(local.error().text);
    locals.push_back(*local);
  }
  return locals;
}

}  // namespace

TrialResult measure_confab(const TrialOptions& options) {
  const TempDir directory;
  const std::vector<std::string> command{options.program.string(), "--listen", "127.0.0.1:0", "--data",
                                         (directory.path() / "data").string()};
  auto server = Child::start(command, directory.path() / "log");
  if (!server) return std::unexpected(server.error());
  const auto address = wait_until_ready(*server);
  if (!address) return std::unexpected("confabd: " + address.error());
  Trial trial{.system = "confab",
              .members = options.members,
              .empty = memory(server->pid()).value_or(Memory{}),
              .measurements = {}};

  base::NullLog log;
  io::SystemRandom random;
  SwarmOptions swarm_options;
  swarm_options.server = *address;
  swarm_options.members = options.members;
  Swarm swarm(std::move(swarm_options), random, log);
  io::Loop loop(swarm);
  auto locals = open_sockets(loop, options.members);
  if (!locals) return std::unexpected(locals.error());
  swarm.set_locals(*std::move(locals));

  Stepper stepper(swarm, server->pid(), options.workloads);
  loop.after_turn([&](base::Now now) {
    if (!swarm.failure().empty()) return loop.stop(1);
    if (swarm.has_joined() && stepper.step(now.instant)) loop.stop(0);
  });
  if (loop.run() != 0) return std::unexpected("the swarm: " + swarm.failure());
  trial.measurements = stepper.measurements();
  return trial;
}

}  // namespace confab::bench
