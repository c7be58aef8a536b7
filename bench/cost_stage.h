// SPDX-License-Identifier: MIT
// A server and its members in one process, over real QUIC and TLS, a wire without losses and a clock that stands still
// while they work: the same instructions at every run.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/log.h"
#include "base/random.h"
#include "cost_members.h"
#include "cost_meter.h"
#include "cost_wire.h"
#include "log/direct_store.h"
#include "log/memory_store.h"
#include "server/server.h"
#include "sim/clock.h"
#include "sim/deterministic_tls.h"

namespace confab::bench {

/// Not thread-safe. Throws std::runtime_error where the members do not get in, or something goes wrong between them and
/// the server: then there is nothing to measure.
class Stage {
 public:
  Stage(std::size_t members, std::vector<std::string> rooms);

  Members& members() { return members_; }
  Meter& meter() { return meter_; }
  /// Of the server, both ways.
  std::uint64_t datagrams_sent() const { return to_members_.datagrams(); }
  std::uint64_t datagrams_received() const { return to_server_.datagrams(); }

  /// Lets so much time go by.
  void run(base::Duration time);

 private:
  base::Instant next_moment();
  void turn();

  sim::Clock clock_;
  sim::DeterministicTls tls_;
  base::SeededRandom random_;
  base::NullLog log_;
  net::ServerKey key_;
  log::MemoryStore memory_;
  log::DirectStore store_;
  log::DirectReader reader_;
  Meter meter_;
  server::Server server_;
  Members members_;
  Wire to_members_;
  Wire to_server_;
};

}  // namespace confab::bench
