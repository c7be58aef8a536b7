// SPDX-License-Identifier: MIT
// What a bad network does to one direction of one member's way: some packets are lost, all others are late.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/random.h"
#include "base/time.h"

namespace confab::bench {

struct PathConditions {
  base::Duration delay = std::chrono::milliseconds(25);  ///< one way
  std::uint32_t loss_permille = 0;
  /// Mean length of a burst in which all is lost (Gilbert's model, in time); 0: each packet is lost on its own.
  base::Duration burst{};

  /// `5 %`, `5 % in bursts of 8 ms`.
  std::string to_string() const;
};

/// Whether a packet is lost. Asked in the order of time.
class LossDice {
 public:
  LossDice(const PathConditions& conditions, std::uint64_t seed) : conditions_(conditions), random_(seed) {}

  bool loses(base::Instant now);

 private:
  base::Duration draw(base::Duration mean);

  PathConditions conditions_;
  base::SeededRandom random_;
  bool in_burst_ = false;
  base::Instant changes_at_ = base::at_once;
};

/// Packets on their way, each as long as any other: first in, first out.
class DelayLine {
 public:
  struct Packet {
    base::Instant due;
    std::size_t member;
    base::Bytes bytes;
  };

  void push(base::Instant due, std::size_t member, base::ByteView bytes) {
    packets_.push_back({due, member, base::Bytes(bytes.begin(), bytes.end())});
  }
  base::Instant next_due() const { return packets_.empty() ? base::never : packets_.front().due; }
  std::optional<Packet> pop(base::Instant now);

 private:
  std::deque<Packet> packets_;
};

}  // namespace confab::bench
