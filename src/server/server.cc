// SPDX-License-Identifier: MIT
#include "server/server.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "server/delivery.h"

namespace confab::server {

net::EndpointOptions endpoint_options(const net::ServerKey& key, std::size_t worker, std::size_t worker_count,
                                      std::shared_ptr<net::ServerSecrets> secrets) {
  net::EndpointOptions options;
  options.server_key = &key;
  // The process after this one must be able to tell clients that it does not know their connections (RFC 9000, 10.3).
  options.reset_secret = key.derive_secret("confab stateless reset");
  options.early_data = true;
  // Clients send one control stream; what they may have in flight bounds what one of them can make the server hold.
  options.stream_receive_window_bytes = 128 * 1024;
  options.connection_receive_window_bytes = 128 * 1024;
  options.bidi_streams_max = 1;
  options.uni_streams_max = 0;
  // As many as are handed something in a turn (server/delivery.h), and as are read of a socket in one (io/loop.cc):
  // each may bring an answer.
  options.visits_per_turn_max = Delivery::connections_per_turn_max;
  options.worker = static_cast<std::uint8_t>(worker);
  options.secrets = std::move(secrets);
  options.connections_max /= worker_count;
  options.worker_count = static_cast<std::uint8_t>(worker_count);
  return options;
}

Server::Server(ServerOptions options, std::vector<WorkerParts> workers, log::AsyncStore& store,
               const StoredState& stored, base::Random& random, base::Log& log) {
  assert(!workers.empty() && workers.size() <= workers_max);
  std::vector<Switchboard::Line> lines;
  for (WorkerParts& each : workers) {
    const bool is_first = shards_.empty();
    Channel& channel = *channels_.emplace_back(std::make_unique<Channel>());
    Shard& shard = *shards_.emplace_back(std::make_unique<Shard>(
        channel, is_first ? nullptr : &bell_, std::move(each.transport), *each.reader, options.plain, log));
    lines.push_back({.channel = &channel, .bell = is_first ? nullptr : &shard.bell()});
  }
  hub_ = std::make_unique<Hub>(std::move(options), std::move(lines), store, stored, random, log);
}

base::Machine& Server::worker(std::size_t number) {
  if (number == 0) return *this;
  return *shards_.at(number);
}

void Server::set_waker(std::size_t worker, std::function<void()> waker) {
  (worker == 0 ? bell_ : shards_.at(worker)->bell()).set_waker(std::move(waker));
}

void Server::receive(const base::Datagram& datagram, base::Now now) { own().receive(datagram, now); }

void Server::unreachable(const base::Path& path, base::Now now) { own().unreachable(path, now); }

void Server::wake(base::Now now) {
  own().wake(now);
  hub_->hear(now);
  hub_->wake(now);
  // Other workers' members do not wait for this one's socket to have room.
  hub_->settle(now);
  hub_->end_turn(now);
}

void Server::transmit(base::DatagramSink& sink, base::Now now) {
  bell_.awake();
  own().bring_news();
  hub_->hear(now);
  hub_->settle(now);
  own().carry_out(now);
  hub_->transmit(sink);
  own().write(sink, now);
  hub_->hear(now);
  hub_->end_turn(now);
}

base::Instant Server::next_deadline() const {
  bell_.about_to_sleep();
  if (has_news()) return base::at_once;
  return std::min(own().next_deadline(), hub_->next_deadline());
}

ServerStats Server::stats() const {
  ServerStats stats = hub_->stats();
  for (const auto& shard : shards_) {
    stats.datagrams_dropped += shard->datagrams_dropped();
    stats.connections += shard->connection_count();
  }
  return stats;
}

bool Server::has_news() const {
  return std::ranges::any_of(channels_, [](const auto& channel) { return !channel->news.empty(); });
}

}  // namespace confab::server
