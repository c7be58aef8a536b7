// SPDX-License-Identifier: MIT
// A bad network of one's own, in user space: members send to it as if it were the server, and it carries their
// datagrams there and back, late, and not all of them.
#pragma once

#include <atomic>
#include <cstdint>
#include <expected>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "bad_path.h"
#include "base/address.h"
#include "io/fd.h"

namespace confab::bench {

/// What members and server have handed to a path, lost or not, with UDP's and IPv4's headers.
struct Traffic {
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;
};

/// Every member has a way of its own, which is to say one that loses independently. Runs on a thread of its own until
/// it is destroyed; traffic() may be called from any thread.
class BadRelay {
 public:
  /// Between members and `server`, both on loopback.
  static std::expected<std::unique_ptr<BadRelay>, std::string> start(const base::Address& server,
                                                                     const PathConditions& conditions);
  ~BadRelay();
  BadRelay(const BadRelay&) = delete;
  BadRelay& operator=(const BadRelay&) = delete;

  /// Where members find the server.
  const base::Address& address() const { return address_; }
  Traffic traffic() const { return {packets_, bytes_}; }

 private:
  struct Member {
    base::Address address;
    io::Fd to_server;  // connected: what comes here is for this member
    LossDice up;
    LossDice down;
  };

  BadRelay(const base::Address& server, const PathConditions& conditions, io::Fd front, io::Fd stop,
           const base::Address& address);
  void run(const std::stop_token& stopped);
  void wait() const;
  void take_from_members(base::Instant now);
  void take_from_server(std::size_t member, base::Instant now);
  std::size_t find(const base::Address& member);
  void carry(DelayLine& line, LossDice& dice, std::size_t member, base::ByteView bytes, base::Instant now);
  void deliver(base::Instant now);

  const base::Address server_;
  const PathConditions conditions_;
  const io::Fd front_;
  const io::Fd stop_;
  const base::Address address_;
  std::vector<Member> members_;
  std::map<base::Address, std::size_t> numbers_;  // of members
  DelayLine up_;
  DelayLine down_;
  base::Bytes buffer_;
  std::atomic<std::uint64_t> packets_ = 0;
  std::atomic<std::uint64_t> bytes_ = 0;
  std::jthread thread_;  // last: it uses all of the above
};

}  // namespace confab::bench
