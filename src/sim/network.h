// SPDX-License-Identifier: MIT
// A bad network, out of small hops. A line leads one way from one node to another; each datagram goes through the
// line's hops in this order:
//
//   Partition → Bottleneck → Loss → Corrupt → Duplicate → Reorder → Delay
//
// What remembers earlier datagrams stands in front of what delays, so every hop sees them in the order of their time,
// and a whole line can be walked through at the moment of sending.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/bytes.h"
#include "base/random.h"
#include "base/time.h"
#include "sim/faults.h"

namespace confab::sim {

/// While from <= now < until, nothing passes.
struct Outage {
  base::Instant from;
  base::Instant until;
};

/// One direction of a link. Chances are in a thousand, each datagram on its own.
struct LinkOptions {
  base::Duration delay = std::chrono::milliseconds(10);  ///< the way's length, for every datagram
  base::Duration jitter{};                               ///< 0 to this is added; beyond their spacing it reorders

  std::uint32_t loss_permille = 0;       ///< gone without a trace
  std::uint32_t corrupt_permille = 0;    ///< one byte is changed
  std::uint32_t duplicate_permille = 0;  ///< arrives twice
  std::uint32_t reorder_permille = 0;    ///< is held up for reorder_hold, while others overtake it
  base::Duration reorder_hold = std::chrono::milliseconds(30);

  std::uint64_t bottleneck_bytes_per_s = 0;     ///< the narrowest place; 0: none
  std::size_t bottleneck_queue_bytes = 64'000;  ///< what waits in front of it; the rest is dropped

  std::vector<Outage> outages;     ///< when the line is cut
  std::uint64_t cuts_one_way = 0;  ///< so many of them in this direction alone

  /// From here on all of the above but delay, jitter and bottleneck has an end.
  base::Instant faults_until = base::never;
};

/// A datagram on its way: `delay` grows from hop to hop.
struct Packet {
  base::Bytes bytes;
  std::uint8_t ecn = 0;
  base::Duration delay{};
};
using Packets = std::vector<Packet>;

class Hop {
 public:
  virtual ~Hop() = default;
  /// What becomes of a datagram that was sent at `at`: none, one or more are added to `out`.
  virtual void pass(Packet packet, base::Instant at, Packets& out) = 0;
};

class Delay final : public Hop {
 public:
  Delay(base::Duration base, base::Duration jitter, std::uint64_t seed) : base_(base), jitter_(jitter), random_(seed) {}
  void pass(Packet packet, base::Instant at, Packets& out) override;

 private:
  base::Duration base_;
  base::Duration jitter_;
  base::SeededRandom random_;
};

/// A hop that strikes now and then, each datagram on its own.
class ChanceHop : public Hop {
 public:
  ChanceHop(std::uint32_t permille, std::uint64_t seed, FaultTally& counts)
      : random_(seed), permille_(permille), counts_(counts) {}

 protected:
  bool strikes(Fault fault);

  base::SeededRandom random_;

 private:
  std::uint32_t permille_;
  FaultTally& counts_;
};

class Loss final : public ChanceHop {
 public:
  using ChanceHop::ChanceHop;
  void pass(Packet packet, base::Instant at, Packets& out) override;
};

class Duplicate final : public ChanceHop {
 public:
  using ChanceHop::ChanceHop;
  void pass(Packet packet, base::Instant at, Packets& out) override;
};

class Reorder final : public ChanceHop {
 public:
  Reorder(std::uint32_t permille, base::Duration hold, std::uint64_t seed, FaultTally& counts)
      : ChanceHop(permille, seed, counts), hold_(hold) {}
  void pass(Packet packet, base::Instant at, Packets& out) override;

 private:
  base::Duration hold_;
};

class Corrupt final : public ChanceHop {
 public:
  using ChanceHop::ChanceHop;
  void pass(Packet packet, base::Instant at, Packets& out) override;
};

/// One datagram after the other at a fixed speed. Must be given them in the order of `at`.
class Bottleneck final : public Hop {
 public:
  Bottleneck(std::uint64_t bytes_per_s, std::size_t queue_bytes, FaultTally& counts)
      : bytes_per_s_(bytes_per_s), queue_bytes_(queue_bytes), counts_(counts) {}
  void pass(Packet packet, base::Instant at, Packets& out) override;

 private:
  base::Duration time_for(std::uint64_t bytes) const;

  std::uint64_t bytes_per_s_;
  std::size_t queue_bytes_;
  base::Instant busy_until_ = base::at_once;
  FaultTally& counts_;
};

class Partition final : public Hop {
 public:
  Partition(std::vector<Outage> outages, FaultTally& counts) : outages_(std::move(outages)), counts_(counts) {}
  void pass(Packet packet, base::Instant at, Packets& out) override;

 private:
  std::vector<Outage> outages_;
  FaultTally& counts_;
};

/// The hops that a direction's options ask for, each with dice of its own. `counts` must outlive it.
class Line {
 public:
  Line(const LinkOptions& options, std::uint64_t seed, FaultTally& counts);

  /// The datagrams that arrive, each after its delay.
  Packets send(Packet packet, base::Instant at);

 private:
  struct Place {
    std::unique_ptr<Hop> hop;
    base::Instant until;  // then it lets everything pass
  };

  std::vector<Place> places_;
};

}  // namespace confab::sim
