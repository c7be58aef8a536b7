// SPDX-License-Identifier: MIT
// Two or more endpoints, a virtual clock and a network between them that is told what to do to each datagram.
#pragma once

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "net/endpoint.h"

namespace confab::net::test {

using namespace std::chrono_literals;

inline const base::Address server_address = base::Address::v4(10, 0, 0, 1, 2209);
inline const base::Address client_address = base::Address::v4(10, 0, 0, 2, 40'000);

/// One on the way. Both ends are the public ones.
struct Flying {
  base::Address from;
  base::Address to;
  base::Bytes bytes;
  std::uint8_t ecn;
};

/// An endpoint on the network, what happened to it, and a habit: it consumes what it reads, unless told not to.
class Host : private base::DatagramSink {
 public:
  Host(EndpointOptions options, base::Address own, std::uint64_t seed);

  /// Takes what came and sends what is to be sent, as a driver's turn does.
  void turn(base::Now now);

  template <typename Kind>
  const Kind* last() const {
    for (auto event = events.rbegin(); event != events.rend(); ++event) {
      if (const auto* found = std::get_if<Kind>(&*event)) return found;
    }
    return nullptr;
  }
  template <typename Kind>
  std::size_t count() const {
    return static_cast<std::size_t>(
        std::ranges::count_if(events, [](const Event& event) { return std::holds_alternative<Kind>(event); }));
  }

  base::SeededRandom random;
  base::NullLog log;
  std::unique_ptr<Endpoint> endpoint;
  base::Address own_address;     ///< what its socket is bound to
  base::Address told_address;    ///< what its driver says that datagrams came to
  base::Address public_address;  ///< what the others see (NAT)
  bool consumes = true;
  bool sink_full = false;
  std::vector<Event> events;
  std::map<StreamId, std::string> received;
  std::map<StreamId, bool> finished;
  std::function<void(const Event&)> on_event;
  std::vector<Flying> outbox;
  std::size_t segments_in_train_max = 0;
  std::size_t datagrams_in_turn_max = 0;

 private:
  std::span<std::uint8_t> buffer() override;
  void commit(const base::Path& path, std::uint8_t ecn, std::size_t size, std::size_t segment_size) override;
  void take(const Event& event);

  base::Bytes memory_ = base::Bytes(train_bytes_max);
};

class Network {
 public:
  /// The client's and the server's ends of one connection.
  struct Pair {
    ConnectionHandle client = 0;
    ConnectionHandle server = 0;
  };

  /// GnuTLS goes by this network's clock from now on.
  Network();

  Host& add(EndpointOptions options, base::Address address);
  Host& add_server(EndpointOptions options = {});
  Host& add_client(EndpointOptions options = {}, base::Address address = client_address);

  /// Starts a connection that trusts anybody.
  ConnectionHandle start(Host& client);
  /// Connects and waits until both sides are told.
  Pair connect(Host& client, Host& server);

  /// Lets time pass, event by event, until it is so; false after `limit`.
  bool run_until(const std::function<bool()>& condition, base::Duration limit = 60s);
  void run_for(base::Duration time);

  base::Now now() const { return {time, base::WallTime{wall_origin_ms + wall_offset_ms + (time - origin) / 1ms}}; }

  base::Duration delay = 10ms;
  std::int64_t wall_offset_ms = 0;  ///< the wall clock was put forward, or back
  /// May change a datagram; false loses it.
  std::function<bool(Flying&)> fault;
  std::size_t delivered = 0;
  std::size_t steps = 0;
  std::uint64_t trace = 0;  ///< of every datagram's time and bytes
  ServerKey key = ServerKey::generate();

 private:
  static constexpr base::Instant origin{100h};
  static constexpr std::int64_t wall_origin_ms = 1'700'000'000'000;

  void set_time(base::Instant instant);
  void step(base::Instant until);
  void collect();

  base::Instant time = origin;
  std::multimap<base::Instant, Flying> flying_;
  std::vector<std::unique_ptr<Host>> hosts_;
};

/// GnuTLS's randomness, which these tests replace, begins anew: then keys and handshakes repeat as well.
void seed_gnutls(std::uint64_t seed);

/// `size` bytes that are not the same everywhere.
std::string pattern(std::size_t size);
base::SharedBytes shared(std::string_view text);

/// Loses one datagram in `every`, by a seed of its own.
std::function<bool(Flying&)> lose_one_in(std::uint64_t every, std::uint64_t seed);

}  // namespace confab::net::test
