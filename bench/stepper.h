// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include <sys/types.h>

#include "crowd.h"
#include "process_stats.h"

namespace confab::bench {

/// One workload, carried out.
struct Measurement {
  Workload workload;
  Tally tally;
  base::Duration wall{};  ///< from the first message to the last delivery
  base::Duration cpu{};   ///< of all of the server's threads meanwhile
  Memory memory;          ///< of the server at the end
};

/// Leads a crowd through workloads, one after the other, and reads the server's meters in between. Not thread-safe.
class Stepper {
 public:
  /// `crowd` must outlive it. `server` is the process that is measured.
  Stepper(Crowd& crowd, pid_t server, std::vector<Workload> workloads);

  /// Called whenever something may have happened. True: all workloads are done.
  bool step(base::Instant now);

  const std::vector<Measurement>& measurements() const { return measurements_; }

 private:
  /// Time and the server's CPU time at one moment.
  struct Reading {
    base::Instant at;
    base::Duration cpu{};
  };

  Reading read(base::Instant now) const;
  void begin();
  void finish();

  Crowd& crowd_;
  pid_t server_;
  std::vector<Workload> workloads_;
  std::vector<Measurement> measurements_;
  bool under_way_ = false;
  Reading begun_;
  // When the last delivery had come: waiting in vain for lost ones is not charged to the server.
  Reading last_;
  std::uint64_t deliveries_at_last_ = 0;
};

}  // namespace confab::bench
