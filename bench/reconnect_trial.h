// SPDX-License-Identifier: MIT
// The server is killed in the middle of a conversation and started again: everybody comes back at once.
#pragma once

#include <expected>
#include <filesystem>
#include <string>

#include "crowd.h"
#include "process_stats.h"

namespace confab::bench {

struct ReconnectOptions {
  std::filesystem::path program;  ///< confabd
  std::size_t members = 2000;
};

struct ReconnectResult {
  std::size_t members = 0;
  base::Duration down{};     ///< from the kill until the new process says that it is ready
  base::Duration back{};     ///< from then until the last member is back
  base::Duration settled{};  ///< from then until everybody has heard everything
  base::Duration cpu{};      ///< of the new process, until all was settled
  Memory before;             ///< of the old process, with all members
  Memory after;              ///< of the new one
  Tally tally;               ///< of the conversation around it

  std::string to_string() const;
  std::string to_json() const;
  bool is_kept() const { return tally.lost() == 0 && tally.doubled == 0 && tally.disordered == 0; }
};

/// The error is a line for people: somebody who is not back within a minute and 10 ms for each member is one.
std::expected<ReconnectResult, std::string> measure_reconnect(const ReconnectOptions& options);

}  // namespace confab::bench
