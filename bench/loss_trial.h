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
#include "report.h"

namespace confab::bench {

struct LossOptions {
  std::filesystem::path program;  ///< confabd
  std::size_t members = 20;
  std::uint64_t messages_per_s = 10;                   ///< of all members together
  base::Duration noticing = std::chrono::seconds(20);  ///< not measured: both ends find out what the way loses
  base::Duration length = std::chrono::seconds(60);    ///< measured
};

/// Over one network.
struct LossResult {
  PathConditions conditions;
  Tally tally;
  Traffic traffic;  ///< of the time that is measured
};

std::expected<LossResult, std::string> measure_loss(const LossOptions& options, const PathConditions& conditions);

/// The first result is that of the way without loss, which the others are held against.
struct LossReport {
  std::vector<LossResult> results;

  std::string to_markdown() const;
  std::vector<Check> checks() const;
};

}  // namespace confab::bench
