// SPDX-License-Identifier: MIT
// The server's machine: its disk, its key, and the server that runs on them, one after the other.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "base/log.h"
#include "base/random.h"
#include "net/identity.h"
#include "server/server.h"
#include "sim/computer.h"
#include "sim/crew.h"
#include "sim/plan.h"
#include "sim/sim_store.h"
#include "sim/transport_tap.h"

namespace confab::sim {

/// Not thread-safe. The references must outlive it.
class ServerHost {
 public:
  /// `worker_count`: threads of the server.
  ServerHost(Tier tier, std::size_t worker_count, const net::ServerKey& key, SimStore& store, std::uint64_t seed,
             TransportTap::Watcher watcher, base::Log& log);

  base::Machine& machine() { return computer_; }
  bool is_running() const { return server_ != nullptr; }
  bool is_draining() const { return draining_; }

  /// Between two turns: a new server, from what the store holds.
  void start();
  /// Between two turns: nothing of it is left but the store. Of that, see SimStore::crash().
  void stop();
  /// `on_drained` is called within the turn in which it is ready to be stopped.
  void drain(std::function<void()> on_drained, base::Now now);

  server::ServerStats stats() const { return server_->stats(); }

 private:
  std::vector<server::WorkerParts> make_parts();
  std::unique_ptr<net::Transport> make_transport(std::size_t worker, std::shared_ptr<net::ServerSecrets> secrets);
  void run_server();
  std::size_t steer(const base::Datagram& datagram) const;

  Tier tier_;
  std::size_t worker_count_;
  const net::ServerKey& key_;
  SimStore& store_;
  std::uint64_t seed_;
  base::SeededRandom random_;
  TransportTap::Watcher watcher_;
  base::Log& log_;
  Computer computer_;
  std::function<void()> on_drained_;
  bool draining_ = false;
  std::vector<SimStore::Reader*> readers_;
  std::unique_ptr<server::Server> server_;
  std::unique_ptr<Crew> crew_;  // its threads
};

}  // namespace confab::sim
