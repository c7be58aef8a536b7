// SPDX-License-Identifier: MIT
// A transport that somebody watches, and that can be made slow: while it holds, what the machine above has consumed
// gives the peer no credit, as if nobody read.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <utility>

#include "net/transport.h"

namespace confab::sim {

class TransportTap final : public net::Transport {
 public:
  using Watcher = std::function<void(const net::Event&)>;

  /// `watcher` is told each event just before the machine above; it may be empty.
  explicit TransportTap(std::unique_ptr<net::Transport> transport, Watcher watcher = {})
      : transport_(std::move(transport)), watcher_(std::move(watcher)) {}

  void hold(bool holds);

  net::ConnectionHandle connect(net::ConnectOptions options, base::Now now) override {
    return transport_->connect(std::move(options), now);
  }
  bool receive(const base::Datagram& datagram, base::Now now) override { return transport_->receive(datagram, now); }
  void wake(base::Now now) override { transport_->wake(now); }
  void transmit(base::DatagramSink& sink, base::Now now) override { transport_->transmit(sink, now); }
  base::Instant next_deadline() const override { return transport_->next_deadline(); }
  std::optional<net::Event> poll_event() override;
  std::optional<net::StreamId> open_bidi_stream(net::ConnectionHandle connection) override {
    return transport_->open_bidi_stream(connection);
  }
  std::optional<net::StreamId> open_uni_stream(net::ConnectionHandle connection) override {
    return transport_->open_uni_stream(connection);
  }
  void send(net::ConnectionHandle connection, net::StreamId stream, base::SharedBytes bytes) override {
    transport_->send(connection, stream, std::move(bytes));
  }
  void finish(net::ConnectionHandle connection, net::StreamId stream) override {
    transport_->finish(connection, stream);
  }
  void reset(net::ConnectionHandle connection, net::StreamId stream, std::uint64_t code) override {
    transport_->reset(connection, stream, code);
  }
  std::size_t backlog() const override { return transport_->backlog(); }
  std::size_t send_room(net::ConnectionHandle connection, net::StreamId stream) const override {
    return transport_->send_room(connection, stream);
  }
  void consume(net::ConnectionHandle connection, net::StreamId stream, std::size_t bytes) override;
  bool send_datagram(net::ConnectionHandle connection, base::Bytes bytes) override {
    return transport_->send_datagram(connection, std::move(bytes));
  }
  void migrate(net::ConnectionHandle connection, base::Path path, base::Now now) override {
    transport_->migrate(connection, path, now);
  }
  void probe(net::ConnectionHandle connection, base::Now now) override { transport_->probe(connection, now); }
  void close(net::ConnectionHandle connection, std::uint64_t code, std::string reason) override {
    transport_->close(connection, code, std::move(reason));
  }
  std::optional<net::ConnectionInfo> info(net::ConnectionHandle connection) const override {
    return transport_->info(connection);
  }
  const net::EndpointStats& stats() const override { return transport_->stats(); }
  std::size_t connection_count() const override { return transport_->connection_count(); }

 private:
  std::unique_ptr<net::Transport> transport_;
  Watcher watcher_;
  bool holds_ = false;
  std::map<std::pair<net::ConnectionHandle, net::StreamId>, std::size_t> held_;  // bytes consumed and not told
};

}  // namespace confab::sim
