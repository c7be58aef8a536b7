// SPDX-License-Identifier: MIT
#include "confab_host.h"

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <thread>
#include <utility>

namespace confab::bench {

namespace {

constexpr base::Duration start_patience = std::chrono::seconds(10);
/// With one socket for all, a burst for all would not fit its buffer, which real members do not share.
constexpr std::size_t members_per_socket = 64;
/// Very many members say little at a time, and every turn looks at every socket.
constexpr std::size_t sockets_max = 64;

/// As many as confabd takes.
constexpr unsigned workers_max = 8;

/// One processor is the members', who are one thread: a server that took all would be measured while it is interrupted.
/// CONFABD_WORKERS in the environment says otherwise.
std::vector<std::string> workers_option() {
  if (std::getenv("CONFABD_WORKERS") != nullptr) return {};
  const unsigned processors = std::max(2U, std::thread::hardware_concurrency());
  return {"--workers", std::to_string(std::min(processors - 1, workers_max))};
}

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

}  // namespace

std::expected<void, std::string> ConfabHost::start(const std::filesystem::path& program) {
  program_ = program;
  return start_at("127.0.0.1:0");
}

std::expected<void, std::string> ConfabHost::start_at(const std::string& listen) {
  std::vector<std::string> command{program_.string(), "--listen", listen, "--data",
                                   (directory_.path() / "data").string()};
  std::ranges::move(workers_option(), std::back_inserter(command));
  auto server = Child::start(command, directory_.path() / "log");
  if (!server) return std::unexpected(server.error());
  server_.emplace(*std::move(server));
  const auto address = wait_until_ready(*server_);
  if (!address) return std::unexpected("confabd: " + address.error());
  address_ = *address;
  return {};
}

std::expected<std::vector<base::Address>, std::string> open_sockets(io::Loop& loop, std::size_t members,
                                                                    Sockets sockets) {
  const std::size_t shared = std::min(sockets_max, (members + members_per_socket - 1) / members_per_socket);
  const std::size_t count = sockets == Sockets::one_each ? members : shared;
  std::vector<base::Address> locals;
  while (locals.size() < count) {
    const auto local = loop.open_socket(base::Address::v4(127, 0, 0, 1, 0));
    if (!local) return std::unexpected(local.error().text);
    locals.push_back(*local);
  }
  return locals;
}

}  // namespace confab::bench
