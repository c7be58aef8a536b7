// SPDX-License-Identifier: MIT
// One server, one crowd, some workloads: started, measured and stopped. Everything is on loopback and bounded in time.
#pragma once

#include <expected>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "arrival.h"
#include "base/address.h"
#include "peer.h"
#include "stepper.h"

namespace confab::bench {

/// Which program is measured, with how many members, at what.
struct TrialOptions {
  std::filesystem::path program;  ///< the server; of the toy, server.py
  std::size_t members = 0;
  std::vector<Workload> workloads;
};

struct Trial {
  std::string system;  ///< "confab", "toy", "bare" or a peer's name
  bool is_encrypted = false;
  std::size_t members = 0;
  Memory empty = {};   ///< the server's, with nobody there; of plain relays not known
  Coming coming = {};  ///< of all members; of plain relays not known
  Coming again = {};   ///< of all members a second time, with the server's tickets; of Confab alone
  std::vector<Measurement> measurements = {};
};

/// What can go wrong is one line for people. A message that was lost is none of that: it is in the measurement.
using TrialResult = std::expected<Trial, std::string>;

/// confabd with a data directory of its own, at a port that the kernel chooses.
TrialResult measure_confab(const TrialOptions& options);

/// Where a peer and its members are, and how this thread gets from the ones to the other.
struct Ground {
  base::Address server = base::Address::v4(127, 0, 0, 1, 0);
  std::function<void()> enter_server = [] {};
  std::function<void()> enter_members = [] {};
};

/// A peer with a configuration of its own, at a port that was free.
TrialResult measure_peer(const Peer& peer, const TrialOptions& options, const Ground& ground = {});

/// The toy, unchanged but for its port, by the python3 that is found in PATH.
TrialResult measure_toy(const TrialOptions& options);

/// A relay that does nothing but relay (bare_relay.h); the program is one that becomes it when told --bare-relay PORT.
TrialResult measure_bare(const TrialOptions& options);

}  // namespace confab::bench
