// SPDX-License-Identifier: MIT
// Connections to one server that have greeted it, each under a name of its own. What they do then is a scenario's.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/log.h"
#include "base/machine.h"
#include "base/random.h"
#include "net/endpoint.h"
#include "wire/framing.h"

namespace confab::bench {

/// `name` proves that it has the key.
wire::pb::Request make_hello(std::string name, const net::UserKey& key, const net::ExporterSecret& exporter);

/// Invariant: a visitor that loses its connection, is refused anything or hears what it cannot read is a failure of the
/// whole. Not thread-safe; `random` and `log` must outlive it.
class Visitors : public base::Machine {
 public:
  Visitors(const base::Address& server, std::size_t count, base::Random& random, base::Log& log);

  /// The sockets that the connections are spread over. Before the first turn.
  void set_locals(std::vector<base::Address> locals) { locals_ = std::move(locals); }

  bool are_welcome() const { return welcome_ == visitors_.size(); }
  /// What has gone wrong for good, in one line for people; empty while nothing has.
  const std::string& failure() const { return failure_; }

  void receive(const base::Datagram& datagram, base::Now now) override;
  void unreachable(const base::Path& path, base::Now now) override;
  void wake(base::Now now) override;
  void transmit(base::DatagramSink& sink, base::Now now) override;
  base::Instant next_deadline() const override;

 protected:
  std::size_t count() const { return visitors_.size(); }
  /// The time of what is being heard or done.
  base::Instant now() const { return now_; }
  base::Random& random() { return random_; }
  void request(std::size_t visitor, const wire::pb::Request& request);
  void fail(std::string why);

 private:
  /// Sends what is due; called in every turn.
  virtual void act() = 0;
  /// When act() is wanted, though nothing has come.
  virtual base::Instant next_act() const = 0;
  virtual void on_reply(std::size_t visitor, const wire::pb::Reply& reply) = 0;
  /// A stream of a room's log brings a frame: first its header.
  virtual void on_frame(std::size_t visitor, net::StreamId stream, base::ByteView frame) = 0;
  virtual void on_end(std::size_t visitor, net::StreamId stream) = 0;

  struct Visitor {
    net::ConnectionHandle connection = 0;
    std::unordered_map<net::StreamId, wire::FrameReader> streams;  // looked up, never walked
  };

  void connect_all(base::Now now);
  void pump();
  void on(std::size_t visitor, net::events::Connected& event);
  void on(std::size_t visitor, net::events::StreamData& event);
  void on(std::size_t visitor, net::events::Closed& event);
  template <typename Other>
  void on(std::size_t, Other&) {}
  void read_reply(std::size_t visitor, base::ByteView frame);

  base::Address server_;
  base::Random& random_;
  net::UserKey key_;  // of all: one key may own many names
  net::Endpoint endpoint_;
  std::vector<base::Address> locals_;
  std::vector<Visitor> visitors_;
  std::unordered_map<net::ConnectionHandle, std::size_t> numbers_;  // of visitors; looked up, never walked
  bool connected_ = false;
  std::size_t welcome_ = 0;
  std::string failure_;
  base::Instant now_;
};

}  // namespace confab::bench
