// SPDX-License-Identifier: MIT
// What a sender adds for a peer whose path loses packets: second copies of what is fresh, in DATAGRAM frames, before
// anybody can know that the first was lost.
//
//   sent ──5 ms──> copy ──15 ms──> copy ──> …until the answer is late──> probe ──> probe ──> …left to ngtcp2
//        (as many copies as the peer wishes)        (1.25 RTT + 10 ms after the first)
//
// A lost packet is found out by ngtcp2 after a round trip and a little, in a quiet room after its probe timeout, and
// then a round trip of the loss is what a reader waits. A copy a few milliseconds behind is lost with the first only if
// the path loses both. The probes are for what even the copies did not bring, and keep the longest wait short.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "net/streams.h"

namespace confab::net {

/// Of one connection whose peer wishes copies. The bytes stay in their streams: what is acknowledged there, or in a
/// copy, needs no other.
///
/// Bounds: only what stands in a stream with at most `backlog_bytes_max` on its way is fresh: a long message or a
/// history is not copied. A fresh byte earns copies_wanted + 0.5 bytes of copies, and no more than `savings_bytes_max`
/// are saved: so in the long run a connection sends at most 1.5 times as much again where one copy is wished, 2.5 times
/// where two are.
class SecondCopies {
 public:
  static constexpr base::Duration first_gap = std::chrono::milliseconds(5);
  static constexpr base::Duration second_gap = std::chrono::milliseconds(15);
  static constexpr base::Duration answer_slack = std::chrono::milliseconds(10);
  /// What is due within this time goes with what goes now.
  static constexpr base::Duration company = std::chrono::milliseconds(3);
  static constexpr unsigned probes_max = 4;
  static constexpr std::size_t backlog_bytes_max = 8 * 1024;
  static constexpr std::size_t savings_bytes_max = 4 * 1024;
  static constexpr std::size_t entries_max = 64;
  static constexpr std::size_t piece_bytes_max = 1024;

  /// `datagram_bytes_max`: what a datagram of copies may take.
  explicit SecondCopies(std::size_t datagram_bytes_max) : datagram_bytes_max_(datagram_bytes_max) {}

  void wish(unsigned copies) { copies_wanted_ = copies; }
  /// Before write() and copied(): how long an answer takes.
  void set_rtt(base::Duration rtt) { rtt_ = rtt; }

  /// The stream has just sent its bytes [offset, offset + bytes) for the first time.
  void sent(const Stream& stream, std::uint64_t offset, std::size_t bytes, base::Instant now);

  /// When the next copy is due.
  base::Instant due() const;
  /// A datagram of what is due until then; empty if there is nothing. It has gone when copied() says so.
  base::Bytes write(const Streams& streams, base::Instant until);
  void copied(std::uint64_t datagram, base::Instant now);
  /// What is due could not go, for the congestion window is full: tried again a little later.
  void postpone(base::Instant now);

  /// The peer has all of the stream's bytes before `end`, or what the datagram held.
  void acknowledged(StreamId stream, std::uint64_t end);
  void acknowledged(std::uint64_t datagram);
  void forget(StreamId stream);

 private:
  struct Entry {
    StreamId stream;
    std::uint64_t offset;
    std::size_t bytes;
    base::Instant sent;
    base::Instant due;
    unsigned copies = 0;
    bool in_datagram = false;              // in the one that write() made last
    std::vector<std::uint64_t> datagrams;  // that held it
  };

  void plan_next(Entry& entry, base::Instant now) const;

  const std::size_t datagram_bytes_max_;
  unsigned copies_wanted_ = 0;
  base::Duration rtt_{};
  std::deque<Entry> entries_;  // in the order they were sent
  std::size_t savings_bytes_ = savings_bytes_max;
};

}  // namespace confab::net
