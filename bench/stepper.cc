// SPDX-License-Identifier: MIT
#include "stepper.h"

#include <utility>

#include "io/clock.h"

namespace confab::bench {

Stepper::Stepper(Crowd& crowd, pid_t server, std::vector<Workload> workloads)
    : crowd_(crowd), server_(server), workloads_(std::move(workloads)) {}

bool Stepper::step(base::Instant now) {
  if (measurements_.size() == workloads_.size()) return true;
  if (!std::exchange(under_way_, true)) begin();
  const std::uint64_t deliveries = crowd_.tally().deliveries;
  if (crowd_.has_sent_all(now) && (deliveries != deliveries_at_last_ || deliveries == 0)) {
    last_ = read(now);
    deliveries_at_last_ = deliveries;
  }
  if (!crowd_.is_done(now)) return false;
  finish();
  // At once: who calls may have nothing else to wait for.
  return step(now);
}

/// A server that has died has used nothing: what it failed to deliver shows elsewhere.
Stepper::Reading Stepper::read(base::Instant now) const {
  return {.at = now, .cpu = cpu_time(server_).value_or(base::Duration::zero())};
}

void Stepper::begin() {
  // The turn's clock is as old as the turn: a schedule that begins in the past would have messages due at once.
  begun_ = last_ = read(io::read_clocks().instant);
  deliveries_at_last_ = 0;
  crowd_.begin(workloads_[measurements_.size()], begun_.at);
}

void Stepper::finish() {
  measurements_.push_back({.workload = workloads_[measurements_.size()],
                           .tally = crowd_.tally(),
                           .wall = last_.at - begun_.at,
                           .cpu = last_.cpu - begun_.cpu,
                           .memory = memory(server_).value_or(Memory{})});
  under_way_ = false;
}

}  // namespace confab::bench
