// SPDX-License-Identifier: MIT
// The part of the server that has connections: a transport with those that are pinned to this worker, and the readers
// that deliver to them. It decides nothing; it tells the hub what comes and carries out what the hub orders.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "base/doorbell.h"
#include "base/log.h"
#include "base/machine.h"
#include "log/async_store.h"
#include "net/transport.h"
#include "server/delivery.h"
#include "server/messages.h"

namespace confab::server {

/// Not thread-safe: a worker's. As a machine it is a worker of its own; the first worker's server (server/server.h)
/// takes its turn in the steps below, with the hub's in between.
class Shard final : public base::Machine {
 public:
  /// `hub`: rung when there is news; nullptr where the hub shares the thread. `takes_plain`: the toy's datagrams are
  /// passed on. All references must outlive it.
  Shard(Channel& channel, base::Doorbell* hub, std::unique_ptr<net::Transport> transport, log::AsyncReader& store,
        bool takes_plain, base::Log& log);

  void receive(const base::Datagram& datagram, base::Now now) override;
  void unreachable(const base::Path& path, base::Now now) override;
  void wake(base::Now now) override;
  void transmit(base::DatagramSink& sink, base::Now now) override;
  base::Instant next_deadline() const override;

  // A turn's steps.
  /// Tells the hub what the transport has to tell.
  void bring_news();
  /// Carries out what the hub has ordered, and hands readers what their rooms grew by.
  void carry_out(base::Now now);
  /// Writes what can be sent. What comes of it is told at once.
  void write(base::DatagramSink& sink, base::Now now);

  /// Rung by the hub, and by whoever brings store answers.
  base::Doorbell& bell() { return bell_; }

  // While no thread takes its turns.
  std::uint64_t datagrams_dropped() const { return datagrams_dropped_ + transport_->stats().datagrams_dropped; }
  std::size_t connection_count() const { return transport_->connection_count(); }

 private:
  void tell(News news);
  void on(net::events::StreamData event);
  void on(net::events::StreamReset event);
  void on(net::events::StreamClosed event);
  void on(net::events::SendRoom event);
  void on(net::events::Closed event);
  void on(const net::events::Resumption&) {}  // a client's
  template <typename Event>
  void on(Event event) {
    tell(std::move(event));
  }

  void on(orders::Reply order, base::Now now);
  void on(orders::Consume order, base::Now now);
  void on(orders::Close order, base::Now now);
  void on(orders::Hint order, base::Now now);
  void on(const orders::Open& order, base::Now now);
  void on(const orders::CloseReader& order, base::Now now);
  void on(const orders::CloseRoom& order, base::Now now);
  void on(orders::Grow order, base::Now now);
  void on(const orders::Trim& order, base::Now now);

  void take_reads(base::Now now);
  void reply(net::ConnectionHandle connection, base::Bytes bytes);
  void tell_replies_taken(net::ConnectionHandle connection);

  Channel& channel_;
  base::Doorbell* hub_;
  std::unique_ptr<net::Transport> transport_;
  log::AsyncReader& store_;
  const bool takes_plain_;
  base::Log& log_;
  Delivery delivery_;
  mutable base::Doorbell bell_;  // asking for the deadline is what one does before one sleeps
  bool has_news_ = false;        // since the hub was last rung
  std::map<net::ConnectionHandle, std::size_t> untold_replies_;  // handed to the transport, and the hub was not told
  std::vector<net::ConnectionHandle> replied_;                   // those that are new there
  std::uint64_t datagrams_dropped_ = 0;
  bool reads_fail_ = false;
};

}  // namespace confab::server
