// SPDX-License-Identifier: MIT
// How long a message takes from its sender to its readers while both have bad ways to the server, and what that costs.
#pragma once

#include <expected>
#include <filesystem>
#include <string>
#include <vector>

#include "bad_path.h"
#include "bad_relay.h"
#include "crowd.h"
#include "peer.h"
#include "report.h"

namespace confab::bench {

struct LossOptions {
  std::filesystem::path program;  ///< confabd
  std::size_t members = 20;
  std::uint64_t messages_per_s = 10;                   ///< of all members together
  base::Duration noticing = std::chrono::seconds(20);  ///< not measured: both ends find out what the way loses
  base::Duration length = std::chrono::seconds(60);    ///< measured
};

/// One server over one network.
struct LossResult {
  std::string system;
  PathConditions conditions;
  Tally tally;
  Traffic traffic = {};  ///< of the time that is measured; of peers it is not known
};

std::expected<LossResult, std::string> measure_loss(const LossOptions& options, const PathConditions& conditions);

/// A peer that speaks TLS over TCP, with the same members over an equal network. This thread, and what it starts, is in
/// the network's namespace from then on: so nothing else is measured after it.
std::expected<LossResult, std::string> measure_peer_loss(const Peer& peer, const LossOptions& options,
                                                         const PathConditions& conditions);

/// Each system's first result is that of the way without loss, which its others are held against.
struct LossReport {
  std::vector<LossResult> results;
  std::vector<std::string> notes;  ///< what was left out, and why

  std::string to_markdown() const;
  std::vector<Check> checks() const;

 private:
  const LossResult& clean(const LossResult& result) const;
};

}  // namespace confab::bench
