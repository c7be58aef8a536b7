// SPDX-License-Identifier: MIT
// One member stops reading while a million messages pass: what it costs the server, and whether the member has them all
// in the end.
#pragma once

#include <expected>
#include <filesystem>
#include <string>

#include "crowd.h"
#include "process_stats.h"

namespace confab::bench {

struct SleeperOptions {
  std::filesystem::path program;  ///< confabd
  std::size_t members = 3;        ///< the sleeper among them
  std::uint64_t messages = 1'000'000;
};

struct SleeperResult {
  Memory before;             ///< of the server, when all have joined
  Memory while_asleep;       ///< when all others have heard the last message
  Memory after;              ///< when the sleeper has, too
  base::Duration passing{};  ///< until the others had heard all
  base::Duration catching_up{};
  Tally tally;

  std::string to_string() const;
  std::string to_json() const;
  bool is_kept() const { return tally.lost() == 0 && tally.doubled == 0 && tally.disordered == 0; }
};

/// The error is a line for people. At most ten minutes.
std::expected<SleeperResult, std::string> measure_sleeper(const SleeperOptions& options);

}  // namespace confab::bench
