// SPDX-License-Identifier: MIT
// Clients that connect, ask nothing, and go as soon as the handshake is done at both ends: a few at a time, each with a
// connection of its own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_set>
#include <vector>

#include "base/log.h"
#include "base/machine.h"
#include "base/random.h"
#include "net/endpoint.h"

namespace confab::bench {

/// How a round's handshakes begin: from nothing; with a ticket of the round before; with that and a byte of early data,
/// which asks nothing either.
enum class Opening { full, resumed, early };

struct CallingTally {
  std::uint64_t completed = 0;  ///< at both ends: a server sends its ticket after the client's last word
  std::uint64_t resumed = 0;    ///< of those
  std::uint64_t early = 0;      ///< of those: the server took early data, or would have taken some
  std::uint64_t failed = 0;     ///< ended before
  std::uint64_t retries = 0;    ///< asked to prove their address
  base::Instant last_ended;     ///< completed or failed
};

/// Rounds, one after the other; each ends: a caller that hears nothing gives up. Not thread-safe; `random` and `log`
/// must outlive it.
class Callers final : public base::Machine {
 public:
  /// Far below what a server lets in before it asks for proof of an address, and what the sockets' buffers hold.
  static constexpr std::size_t at_a_time = 64;

  Callers(const base::Address& server, base::Random& random, base::Log& log);

  /// The sockets that the connections are spread over. Before the first round.
  void set_locals(std::vector<base::Address> locals) { locals_ = std::move(locals); }

  /// A round that begins with tickets needs one before it, with as many calls.
  void begin(Opening opening, std::size_t calls, base::Instant now);
  /// All calls have ended, and the server has had the time to forget them.
  bool is_done(base::Instant now) const { return has_ended() && now >= quiet_until(); }
  const CallingTally& tally() const { return tally_; }

  void receive(const base::Datagram& datagram, base::Now now) override;
  /// Without an answer a call fails in its time.
  void unreachable(const base::Path&, base::Now) override {}
  void wake(base::Now now) override;
  void transmit(base::DatagramSink& sink, base::Now now) override;
  base::Instant next_deadline() const override;

 private:
  bool has_room() const { return begun_ < calls_ && open_.size() < at_a_time; }
  bool has_ended() const { return begun_ == calls_ && open_.empty(); }
  base::Instant quiet_until() const;
  void call_more(base::Now now);
  void call(base::Now now);

  void pump(base::Instant now);
  void on(net::events::EarlyReady& event, base::Instant now);
  void on(net::events::Connected& event, base::Instant now);
  void on(net::events::Resumption& event, base::Instant now);
  void on(net::events::Closed& event, base::Instant now);
  template <typename Other>
  void on(Other&, base::Instant) {}

  base::Address server_;
  net::Endpoint endpoint_;
  std::vector<base::Address> locals_;
  std::vector<base::Bytes> tickets_;      // for this round, unused
  std::vector<base::Bytes> new_tickets_;  // for the next
  Opening opening_ = Opening::full;
  std::size_t calls_ = 0;                           // of this round
  std::size_t begun_ = 0;                           // of those
  std::unordered_set<net::ConnectionHandle> open_;  // looked up, never walked
  CallingTally tally_;
};

}  // namespace confab::bench
