// SPDX-License-Identifier: MIT
// The server's machine: its disk, its key, and the server that runs on them, one after the other.
#pragma once

#include <functional>
#include <memory>

#include "base/log.h"
#include "base/random.h"
#include "net/identity.h"
#include "server/server.h"
#include "sim/computer.h"
#include "sim/plan.h"
#include "sim/sim_store.h"
#include "sim/transport_tap.h"

namespace confab::sim {

/// Not thread-safe. The references must outlive it.
class ServerHost {
 public:
  ServerHost(Tier tier, const net::ServerKey& key, SimStore& store, std::uint64_t seed, TransportTap::Watcher watcher,
             base::Log& log);

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
  std::unique_ptr<net::Transport> make_transport();

  Tier tier_;
  const net::ServerKey& key_;
  SimStore& store_;
  base::SeededRandom random_;
  TransportTap::Watcher watcher_;
  base::Log& log_;
  Computer computer_;
  std::function<void()> on_drained_;
  bool draining_ = false;
  std::unique_ptr<server::Server> server_;
};

}  // namespace confab::sim
