// SPDX-License-Identifier: MIT
// Members that speak the toy's protocol, `name : text` in a datagram, each from a socket of its own: what the toy takes
// for a member is an address.
#pragma once

#include <cstdint>
#include <expected>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/address.h"
#include "crowd.h"
#include "io/fd.h"
#include "io/udp_socket.h"
#include "running_order.h"

namespace confab::bench {

/// Message i is sent by member i modulo the number of members; every other member should hear it once. The toy's order
/// is the order of sending: there is one server and one sender's machine, so nothing else can be meant by it. Not
/// thread-safe.
class PlainSwarm final : public Crowd {
 public:
  static std::expected<PlainSwarm, std::string> open(std::size_t members, const base::Address& server);

  /// Makes the toy know every member: each speaks until it has heard somebody, since only then it is surely known.
  std::expected<void, std::string> join(base::Duration patience);

  void begin(const Workload& workload, base::Instant now) override;
  bool has_sent_all(base::Instant now) const override { return schedule_.is_over(now); }
  bool is_done(base::Instant now) const override;
  const Tally& tally() const override { return tally_; }

  /// Sends what is due, waits until something comes or is due, and takes in what has come.
  void turn();

 private:
  struct Member {
    explicit Member(io::UdpSocket opened) : socket(std::move(opened)) {}
    io::UdpSocket socket;
    bool has_heard = false;
    RunningOrder order;  // of indices
  };

  PlainSwarm(std::vector<Member> members, io::Fd poll, const base::Address& server)
      : members_(std::move(members)), poll_(std::move(poll)), server_(server) {}

  void say(std::size_t member, std::string_view text);
  std::size_t speak_up();
  void send_due(base::Instant now);
  void expire_window(base::Instant now);
  base::Duration time_to_wait(base::Instant now) const;
  void take_in(base::Duration wait_max);
  void read(Member& member);
  void hear(Member& member, std::string_view datagram);

  std::vector<Member> members_;
  io::Fd poll_;
  base::Address server_;
  std::size_t heard_ = 0;  // members that have heard somebody
  Schedule schedule_;
  Tally tally_;
  base::Instant last_progress_;  // last delivery, or the workload's beginning

  /// Messages under way, by index, for a workload that waits for them.
  struct Flight {
    base::Instant sent_at;
    std::size_t hearers = 0;
  };
  std::map<std::uint64_t, Flight> flights_;
};

}  // namespace confab::bench
