// SPDX-License-Identifier: MIT
#include "sim/server_host.h"

#include <utility>

#include "net/endpoint.h"
#include "sim/memory_transport.h"
#include "wire/limits.h"

namespace confab::sim {

ServerHost::ServerHost(Tier tier, const net::ServerKey& key, SimStore& store, std::uint64_t seed,
                       TransportTap::Watcher watcher, base::Log& log)
    : tier_(tier), key_(key), store_(store), random_(seed), watcher_(std::move(watcher)), log_(log) {}

void ServerHost::start() {
  draining_ = false;
  server_ = std::make_unique<server::Server>(server::ServerOptions{.plain = true,
                                                                   .agent = "confab_sim",
                                                                   .on_lobby_line = {},
                                                                   .on_drained =
                                                                       [this] {
                                                                         if (on_drained_) on_drained_();
                                                                       }},
                                             std::make_unique<TransportTap>(make_transport(), watcher_), store_,
                                             server::StoredState::load(store_.durable()).value(), random_, log_);
  computer_.run(server_.get());
}

void ServerHost::stop() {
  computer_.run(nullptr);
  server_.reset();
  store_.crash();
}

void ServerHost::drain(std::function<void()> on_drained, base::Now now) {
  draining_ = true;
  on_drained_ = std::move(on_drained);
  server_->drain(now);
}

std::unique_ptr<net::Transport> ServerHost::make_transport() {
  if (tier_ == Tier::quic) return std::make_unique<net::Endpoint>(server::endpoint_options(key_), random_, log_);
  const MemoryTransportOptions options{.fingerprint = key_.fingerprint(),
                                       .stream_receive_window_bytes = 128 * 1024,
                                       .uni_streams_max = wire::limits::rooms_per_session_max};
  return std::make_unique<MemoryTransport>(options, random_);
}

}  // namespace confab::sim
