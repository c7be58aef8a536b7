// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include "child.h"
#include "io/clock.h"
#include "plain_swarm.h"
#include "trial.h"

namespace confab::bench {

namespace {

constexpr base::Duration join_patience = std::chrono::seconds(60);

/// Runs the file as it is, except for the port that it has built in: another server may be using that one.
constexpr char run_at_port[] = R"(import sys
path, port = sys.argv[1:]
source = open(path, encoding="utf-8").read()
if "port = 2209" not in source:
    sys.exit(path + " has another port than expected")
exec(compile(source.replace("port = 2209", "port = " + port), path, "exec"))
)";

/// A port that was free a moment ago.
std::expected<base::Address, std::string> find_free_port() {
  const auto socket = io::UdpSocket::open(base::Address::v4(127, 0, 0, 1, 0));
  if (!socket) return std::unexpected(socket.error().text);
  return socket->local();
}

/// Whatever speaks the toy's protocol, started by `command`, to which the port is added.
TrialResult measure_plain(const std::string& system, std::vector<std::string> command, const TrialOptions& options) {
  const auto address = find_free_port();
  if (!address) return std::unexpected(address.error());
  const TempDir directory;
  command.push_back(std::to_string(address->port));
  auto server = Child::start(command, directory.path() / "log");
  if (!server) return std::unexpected(server.error());

  auto swarm = PlainSwarm::open(options.members, *address);
  if (!swarm) return std::unexpected(swarm.error());
  if (const auto joined = swarm->join(join_patience); !joined) return std::unexpected(joined.error());

  Stepper stepper(*swarm, server->pid(), options.workloads);
  while (!stepper.step(io::read_clocks().instant)) swarm->turn();
  if (!server->is_running()) return std::unexpected("it has ended by itself");
  return Trial{.system = system, .members = options.members, .measurements = stepper.measurements()};
}

}  // namespace

TrialResult measure_toy(const TrialOptions& options) {
  return measure_plain("toy", {"python3", "-c", run_at_port, options.program.string()}, options);
}

TrialResult measure_bare(const TrialOptions& options) {
  return measure_plain("bare", {options.program.string(), "--bare-relay"}, options);
}

}  // namespace confab::bench
