// SPDX-License-Identifier: MIT
#include "sim/server_host.h"

#include <algorithm>
#include <utility>

#include "net/endpoint.h"
#include "sim/memory_transport.h"
#include "sim/seed.h"
#include "wire/limits.h"
#include "wire/steering.h"

namespace confab::sim {

ServerHost::ServerHost(Tier tier, std::size_t worker_count, const net::ServerKey& key, SimStore& store,
                       std::uint64_t seed, TransportTap::Watcher watcher, base::Log& log)
    : tier_(tier),
      worker_count_(worker_count),
      key_(key),
      store_(store),
      seed_(seed),
      random_(seed),
      watcher_(std::move(watcher)),
      log_(log) {}

void ServerHost::start() {
  draining_ = false;
  const server::ServerOptions options{.plain = true, .agent = "confab_sim", .on_lobby_line = {}, .on_drained = [this] {
                                        if (on_drained_) on_drained_();
                                      }};
  server_ = std::make_unique<server::Server>(options, make_parts(), store_,
                                             server::StoredState::load(store_.durable()).value(), random_, log_);
  run_server();
}

void ServerHost::stop() {
  computer_.run(nullptr);
  crew_.reset();
  server_.reset();
  store_.crash();
}

void ServerHost::drain(std::function<void()> on_drained, base::Now now) {
  draining_ = true;
  on_drained_ = std::move(on_drained);
  server_->drain(now);
  crew_->stir(0);
}

std::vector<server::WorkerParts> ServerHost::make_parts() {
  readers_.clear();
  const auto secrets = net::make_server_secrets();
  std::vector<server::WorkerParts> parts;
  for (std::size_t worker = 0; worker < worker_count_; ++worker) {
    readers_.push_back(&store_.open_reader());
    parts.push_back({.transport = std::make_unique<TransportTap>(make_transport(worker, secrets), watcher_),
                     .reader = readers_.back()});
  }
  return parts;
}

std::unique_ptr<net::Transport> ServerHost::make_transport(std::size_t worker,
                                                           std::shared_ptr<net::ServerSecrets> secrets) {
  if (tier_ == Tier::quic) {
    return std::make_unique<net::Endpoint>(server::endpoint_options(key_, worker, worker_count_, std::move(secrets)),
                                           random_, log_);
  }
  const MemoryTransportOptions options{.fingerprint = key_.fingerprint(),
                                       .stream_receive_window_bytes = 128 * 1024,
                                       .uni_streams_max = wire::limits::rooms_per_session_max,
                                       .worker = worker};
  return std::make_unique<MemoryTransport>(options, random_);
}

void ServerHost::run_server() {
  std::vector<Crew::Member> members;
  for (std::size_t worker = 0; worker < worker_count_; ++worker) {
    members.push_back({.machine = &server_->worker(worker), .other_deadline = [this, worker] {
                         const base::Instant read_at = readers_[worker]->next_deadline();
                         return worker == 0 ? std::min(read_at, store_.next_deadline()) : read_at;
                       }});
    server_->set_waker(worker, [this, worker] { crew_->stir(worker); });
  }
  crew_ = std::make_unique<Crew>(
      std::move(members), [this](const base::Datagram& datagram) { return steer(datagram); },
      derive_seed(seed_, "crew"));
  computer_.run(crew_.get());
}

/// As the kernel does (io/udp_socket.h).
std::size_t ServerHost::steer(const base::Datagram& datagram) const {
  const auto worker = wire::steered_worker(datagram.bytes);
  if (worker && *worker < worker_count_) return *worker;
  const base::Address& from = datagram.path.remote;
  return scramble(from.port ^ std::uint64_t{from.ip[3]} << 16) % worker_count_;
}

}  // namespace confab::sim
