// SPDX-License-Identifier: MIT
#include <cerrno>
#include <thread>

#include <fmt/format.h>
#include <netinet/in.h>
#include <pwd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "child.h"
#include "io/clock.h"
#include "io/error.h"
#include "io/files.h"
#include "peer.h"
#include "tcp_swarm.h"
#include "trial.h"

namespace confab::bench {

namespace {

constexpr base::Duration join_patience = std::chrono::seconds(60);
constexpr base::Duration start_patience = std::chrono::seconds(10);
constexpr base::Duration look_every = std::chrono::milliseconds(20);

io::Fd open_tcp() { return io::Fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)); }

/// A port that was free a moment ago.
std::expected<base::Address, std::string> find_free_port(const base::Address& host) {
  const io::Fd socket = open_tcp();
  sockaddr_storage name;
  socklen_t size = host.to_sockaddr(name);
  auto* const address = reinterpret_cast<sockaddr*>(&name);
  if (::bind(socket.get(), address, size) != 0 || ::getsockname(socket.get(), address, &size) != 0) {
    return std::unexpected(io::make_error("find a free port", errno).text);
  }
  return base::Address::from_sockaddr(address);
}

bool is_listening(const base::Address& server) {
  const io::Fd socket = open_tcp();
  sockaddr_storage name;
  const socklen_t size = server.to_sockaddr(name);
  return ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&name), size) == 0;
}

std::expected<void, std::string> wait_until_listening(Child& peer, const base::Address& server) {
  for (const auto give_up = io::read_clocks().instant + start_patience; io::read_clocks().instant < give_up;) {
    if (!peer.is_running()) return std::unexpected("it ended by itself; its log: " + peer.log_tail());
    if (is_listening(server)) return {};
    std::this_thread::sleep_for(look_every);
  }
  return std::unexpected("it does not listen; its log: " + peer.log_tail());
}

std::string user_name() {
  const passwd* user = ::getpwuid(::geteuid());
  return user ? user->pw_name : "nobody";
}

std::expected<Child, std::string> start(const Peer& peer, const std::filesystem::path& program,
                                        const std::filesystem::path& directory, const base::Address& address) {
  auto certificate = make_certificate(directory);
  if (!certificate) return std::unexpected(certificate.error());
  const std::string name = address.to_string();
  const PeerSite site{.directory = directory,
                      .certificate = *certificate,
                      .host = name.substr(0, name.rfind(':')),
                      .port = address.port,
                      .user = user_name()};
  const std::string path = (directory / "peer.conf").string();
  if (const auto written = io::create_file(path, peer.configuration(site)); !written) {
    return std::unexpected(written.error().text);
  }
  std::vector<std::string> command{program.string()};
  command.insert(command.end(), peer.arguments.begin(), peer.arguments.end());
  command.push_back(path);
  return Child::start(command, directory / "log");
}

std::expected<Trial, std::string> measure(Child& server, const base::Address& address, const Peer& peer,
                                          const TrialOptions& options) {
  Trial trial{.system = peer.name, .is_encrypted = true, .members = options.members};
  trial.empty = memory(server.pid()).value_or(Memory{});
  TcpSwarm swarm(options.members, address, *peer.dialect);
  const Arrival arrival(server.pid());
  if (const auto joined = swarm.join(join_patience); !joined) return std::unexpected(joined.error());
  trial.coming = arrival.so_far();
  Stepper stepper(swarm, server.pid(), options.workloads);
  while (swarm.failure().empty() && !stepper.step(io::read_clocks().instant)) swarm.turn();
  if (!swarm.failure().empty()) return std::unexpected(swarm.failure());
  trial.measurements = stepper.measurements();
  return trial;
}

}  // namespace

TrialResult measure_peer(const Peer& peer, const TrialOptions& options, const Ground& ground) {
  ground.enter_server();
  const auto address = find_free_port(ground.server);
  if (!address) return std::unexpected(address.error());
  const TempDir directory;
  auto server = start(peer, options.program, directory.path(), *address);
  ground.enter_members();
  if (!server) return std::unexpected(server.error());
  const auto listening = wait_until_listening(*server, *address);
  if (!listening) return std::unexpected(listening.error());
  return measure(*server, *address, peer, options);
}

}  // namespace confab::bench
