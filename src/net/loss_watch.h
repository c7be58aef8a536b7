// SPDX-License-Identifier: MIT
// What the receiver of a path sees of its losses: gaps in the numbers of the packets that arrive. A sender learns of
// its losses a round trip later, through acknowledgements that may be lost themselves; and every packet has a number,
// those that nobody acknowledges, too.
#pragma once

#include <bitset>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/time.h"

namespace confab::net {

/// Of one direction of one path. Looks at the last `window` numbers, of which the newest `reordering` are not judged
/// yet; a packet that comes after it was taken for lost is no loss any more. The loss that it goes by is
///
///   3 lost ──> one copy ──> 20 lost (8 %) or 4 pairs ──> two ──> below 13 (5 %) and 2 pairs ──> one ──> none lost:
///   none
///
/// A pair is two lost one behind the other. Since a copy follows what it copies, most pairs are a first and its copy:
/// where losses come in bursts, one copy is in the same burst.
///
/// The first packets of a path, and what comes in its first seconds, are not judged: QUIC loses some by itself then,
/// probes of an MTU that the path does not have, and what was sent to an address that the peer has just left.
///
/// Invariant: a slot of `arrived_` that is false and stands for a judged number is counted in `lost_`.
class LossWatch {
 public:
  static constexpr std::size_t window = 256;
  static constexpr std::size_t reordering = 8;
  static constexpr std::size_t settling = 16;
  static constexpr base::Duration settling_time = std::chrono::seconds(5);
  static constexpr std::size_t lost_to_begin = 3;
  static constexpr std::size_t lost_to_double = 20;
  static constexpr std::size_t lost_to_halve = 13;
  static constexpr std::size_t pairs_to_double = 4;
  static constexpr std::size_t pairs_to_halve = 2;

  void saw(std::uint64_t number, base::Instant now);
  /// The path is another one from here on; the numbers go on.
  void forget(base::Instant now);
  /// The peer sees losses on the way back, or none any more: then a single loss on this one is enough to begin.
  void suspect(bool suspicious) { suspicious_ = suspicious; }

  /// The largest number seen; nullopt before the first.
  std::optional<std::uint64_t> newest() const { return newest_; }
  std::size_t lost() const { return lost_; }
  /// How many copies of fresh data would be worth their bytes.
  unsigned copies_wanted() const { return copies_wanted_; }

 private:
  void begin(std::uint64_t number);
  void advance();
  void arrive(std::uint64_t number);
  void decide();
  std::size_t lost_pairs() const;

  std::bitset<window> arrived_;  // by number modulo window
  std::optional<std::uint64_t> newest_;
  std::uint64_t judged_from_ = 0;
  base::Instant settled_at_ = base::never;
  std::uint32_t lost_ = 0;
  std::uint16_t copies_wanted_ = 0;
  bool suspicious_ = false;
};

}  // namespace confab::net
