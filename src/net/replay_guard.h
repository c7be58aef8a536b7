// SPDX-License-Identifier: MIT
// Early data (RFC 8446, section 8) can be recorded by anybody on the way and sent to the server again; only the server
// can know that it has had them. What it promises: the early data of one first flight are taken once, by one process.
// A second time they are refused, and the handshake goes on without them; so they are after a restart, since the key of
// all older tickets is gone then.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <set>

#include <gnutls/gnutls.h>

#include "base/bytes.h"
#include "net/gnutls_handles.h"

namespace confab::net {

/// How long a ticket is good for. A chain of resumed connections does not make it longer: after this time the server
/// has to show its certificate again.
inline constexpr std::chrono::seconds ticket_lifetime = std::chrono::hours(24);

/// Remembers first flights for as long as GnuTLS would let one of them pass (`retention`): older ones it refuses by the
/// ages that client and server say the ticket has. GnuTLS takes the system's wall clock for it.
///
/// Thread-safe: a first flight may come to any of a server's workers. Two sets take turns: the younger one is filled
/// for `retention`, then it becomes the elder one, whose flights have all expired by the time it is thrown away.
class FlightLog {
 public:
  static constexpr std::chrono::seconds retention = ticket_lifetime;
  /// Each set; about 100 bytes a flight. A server that has seen so many within `retention` takes no early data until
  /// some of them have expired.
  static constexpr std::size_t flights_max = 65'536;

  /// False: it was seen before, or there is no room left to remember it. `flight` is an HMAC of it, 32 octets or more.
  bool admit(base::ByteView flight, std::chrono::seconds now);

 private:
  using Flight = std::array<std::uint8_t, 32>;

  std::mutex mutex_;  ///< guards all below
  std::set<Flight> younger_;
  std::set<Flight> elder_;
  std::chrono::seconds younger_since_{};
};

/// A FlightLog where GnuTLS asks it. Not thread-safe itself: one an endpoint.
class ReplayGuard {
 public:
  /// `flights` must outlive it.
  explicit ReplayGuard(FlightLog& flights);
  ReplayGuard(const ReplayGuard&) = delete;
  ReplayGuard& operator=(const ReplayGuard&) = delete;

  /// The session must not outlive this.
  void watch(gnutls_session_t session) const { gnutls_anti_replay_enable(session, handle_.get()); }

 private:
  using Handle = Owned<gnutls_anti_replay_t, gnutls_anti_replay_deinit>;

  Handle handle_;
};

}  // namespace confab::net
