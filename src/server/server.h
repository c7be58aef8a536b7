// SPDX-License-Identifier: MIT
// The server as event machines, one a worker: datagrams, store answers and time in; datagrams, store requests and a
// deadline out. The first worker's is hub and shard in one, the others are shards; they hand each other messages and
// share nothing else but the rooms' bytes.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "base/log.h"
#include "base/machine.h"
#include "base/random.h"
#include "log/async_store.h"
#include "net/endpoint.h"
#include "server/hub.h"
#include "server/shard.h"

namespace confab::server {

/// What one worker stands on: connections of its own, and its own way of reading the store.
struct WorkerParts {
  std::unique_ptr<net::Transport> transport;  ///< handles above net::handle_base(worker)
  log::AsyncReader* reader;
};

/// What a server asks of the endpoint that a worker stands on. Limits are for the whole server: each worker has its
/// share of them, and the kernel gives each its share of those who come. `secrets` are shared by all.
net::EndpointOptions endpoint_options(const net::ServerKey& key, std::size_t worker = 0, std::size_t worker_count = 1,
                                      std::shared_ptr<net::ServerSecrets> secrets = nullptr);

/// Each of its machines is used by one thread, its worker's; everything else by nobody while workers take turns, unless
/// said otherwise. Machines and turns as base/machine.h says, and one thing more: who has asked a machine for its
/// deadline is called by the waker when it is wanted earlier.
class Server final : public base::Machine {
 public:
  /// One worker for each of `workers`, 1 to workers_max. All references, and the parts' readers, must outlive it.
  Server(ServerOptions options, std::vector<WorkerParts> workers, log::AsyncStore& store, const StoredState& stored,
         base::Random& random, base::Log& log);

  static constexpr std::size_t workers_max = 8;

  std::size_t worker_count() const { return shards_.size(); }
  /// Worker 0 is this object itself.
  base::Machine& worker(std::size_t number);
  /// `waker` may be called by any thread and makes the worker take a turn soon. Needed only where there are several.
  void set_waker(std::size_t worker, std::function<void()> waker);

  // Worker 0.
  void receive(const base::Datagram& datagram, base::Now now) override;
  void unreachable(const base::Path& path, base::Now now) override;
  void wake(base::Now now) override;
  void transmit(base::DatagramSink& sink, base::Now now) override;
  base::Instant next_deadline() const override;

  /// By worker 0: takes no more messages, waits for the store (10 s at most), then says goodbye to everybody.
  void drain(base::Now now) { hub_->drain(now); }

  ServerStats stats() const;

 private:
  Shard& own() { return *shards_.front(); }
  const Shard& own() const { return *shards_.front(); }
  bool has_news() const;

  std::vector<std::unique_ptr<Channel>> channels_;
  mutable base::Doorbell bell_;  // worker 0's
  std::vector<std::unique_ptr<Shard>> shards_;
  std::unique_ptr<Hub> hub_;
};

}  // namespace confab::server
