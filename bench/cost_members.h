// SPDX-License-Identifier: MIT
// Members that do the least a member can: say hello, join or read, count the events that they hear.
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

/// All on one endpoint, each with an address of its own. Not thread-safe; `random` and `log` must outlive it.
class Members final : public base::Machine {
 public:
  /// Each joins `rooms`.
  Members(std::size_t count, std::vector<std::string> rooms, base::Random& random, base::Log& log);

  void connect(const base::Address& server, base::Now now);
  /// Every member hears every room that it has joined.
  bool has_joined() const { return streams_open_ == members_.size() * rooms_.size(); }

  /// `speaker` says something of 100 bytes.
  void say(std::size_t speaker, const std::string& room);
  /// Everybody reads `room` from its first event to its newest.
  void read_all(const std::string& room);

  /// Events that were heard, of all members together.
  std::uint64_t heard() const { return heard_; }
  /// Something was not as it should be.
  bool failed() const { return failed_; }

  void receive(const base::Datagram& datagram, base::Now now) override;
  void unreachable(const base::Path&, base::Now) override {}
  void wake(base::Now now) override { endpoint_.wake(now); }
  void transmit(base::DatagramSink& sink, base::Now now) override;
  base::Instant next_deadline() const override { return endpoint_.next_deadline(); }

 private:
  struct Member {
    net::ConnectionHandle connection = 0;
    wire::FrameReader control;
  };
  /// One of the server's: a header, then events.
  struct RoomStream {
    wire::FrameReader frames;
    bool has_header = false;
  };

  void pump();
  void on(net::events::Connected& event);
  void on(net::events::StreamData& event);
  void on(net::events::Closed&) { failed_ = true; }
  template <typename Other>
  void on(Other&) {}
  void hear(RoomStream& stream, base::ByteView bytes);
  void read_reply(Member& member, base::ByteView bytes);
  void ask(const Member& member, wire::pb::Request request);

  std::vector<std::string> rooms_;
  base::Random& random_;
  net::UserKey key_;
  net::Endpoint endpoint_;
  std::vector<Member> members_;
  std::unordered_map<net::ConnectionHandle, std::size_t> numbers_;
  std::unordered_map<std::uint64_t, RoomStream> streams_;  // by connection and stream
  std::uint64_t next_tag_ = 1;
  std::size_t streams_open_ = 0;
  std::uint64_t heard_ = 0;
  bool failed_ = false;
};

}  // namespace confab::bench
