// SPDX-License-Identifier: MIT
// A bad network for servers that speak TCP: two network namespaces with a tun device each, and between the devices the
// same delay and losses, packet for packet, that a BadRelay has for datagrams. The kernel's own netem is not
// everywhere.
#pragma once

#include <expected>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>

#include "bad_path.h"
#include "base/address.h"
#include "io/fd.h"

namespace confab::bench {

/// One namespace: its own loopback and one tun device.
struct TunEnd {
  io::Fd network;  // what setns() takes
  io::Fd device;
};

/// Made and used by one thread, which is in one of the two namespaces from then on; the others of the program stay
/// where they are. Carries packets on a thread of its own until it is destroyed.
class TunPath {
 public:
  /// The error says why this machine does not allow it: without root it takes user namespaces, and a program that has
  /// no second thread at that moment.
  static std::expected<std::unique_ptr<TunPath>, std::string> open(const PathConditions& conditions);
  ~TunPath();
  TunPath(const TunPath&) = delete;
  TunPath& operator=(const TunPath&) = delete;

  /// Of the server's end; the port is 0.
  static base::Address server_address();

  /// Where this thread, and the processes that it starts, are from now on.
  void enter_server() const;
  void enter_members() const;

 private:
  struct Way {
    Way(const PathConditions& conditions, std::uint64_t seed) : up(conditions, seed), down(conditions, seed + 1) {}
    LossDice up;
    LossDice down;
  };

  TunPath(const PathConditions& conditions, TunEnd members, TunEnd server, io::Fd stop);
  void run(const std::stop_token& stopped);
  void wait() const;
  void take(const io::Fd& device, bool from_members, base::Instant now);
  Way& way_of(std::uint16_t member_port);

  const PathConditions conditions_;
  const TunEnd members_;
  const TunEnd server_;
  const io::Fd stop_;
  std::map<std::uint16_t, Way> ways_;  // by a member's port: each connection has a way of its own
  DelayLine up_;
  DelayLine down_;
  base::Bytes buffer_;
  std::jthread thread_;  // last: it uses all of the above
};

}  // namespace confab::bench
