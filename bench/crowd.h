// SPDX-License-Identifier: MIT
// Members of a room as the measuring sees them, whatever they speak.
#pragma once

#include <cstdint>

#include "histogram.h"
#include "workload.h"

namespace confab::bench {

/// What became of one workload's messages.
struct Tally {
  std::uint64_t messages = 0;    ///< sent
  std::uint64_t expected = 0;    ///< deliveries that this should have made
  std::uint64_t deliveries = 0;  ///< each message at each member once
  std::uint64_t doubled = 0;     ///< deliveries beyond those
  std::uint64_t disordered = 0;  ///< deliveries at another place than in the one order
  Histogram latency;             ///< from the intended time of sending to the hearer

  std::uint64_t lost() const { return expected - deliveries; }
};

/// After a workload's end, what has not arrived by then is lost, also where something still trickles in.
inline constexpr base::Duration overtime_max = std::chrono::seconds(30);

/// Not thread-safe.
class Crowd {
 public:
  virtual ~Crowd() = default;

  virtual void begin(const Workload& workload, base::Instant now) = 0;
  /// All is sent.
  virtual bool has_sent_all(base::Instant now) const = 0;
  /// All is sent, and has arrived or is given up.
  virtual bool is_done(base::Instant now) const = 0;
  /// Of the workload begun last.
  virtual const Tally& tally() const = 0;
};

}  // namespace confab::bench
