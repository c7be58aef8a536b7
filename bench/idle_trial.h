// SPDX-License-Identifier: MIT
// Very many members who say nothing for a long time, then one message to all of them.
#pragma once

#include <expected>
#include <filesystem>
#include <string>

#include "trial.h"

namespace confab::bench {

struct IdleOptions {
  std::filesystem::path program;  ///< confabd
  std::size_t members = 10'000;
  base::Duration length = std::chrono::minutes(1);
};

struct IdleResult {
  Trial trial;               ///< settle, idle, one message
  std::string failure = {};  ///< what went wrong at the message, which is then no measurement; empty: nothing

  const Measurement& idle() const { return trial.measurements.at(1); }
  const Measurement& message() const { return trial.measurements.at(2); }
  std::string to_string() const;
  std::string to_json() const;
  /// Everybody has the message, once.
  bool is_kept() const;
};

/// The error is a line for people: one member that loses its connection before the message is one. Bounded by the
/// length, and by a time for joining that grows with the number of members.
std::expected<IdleResult, std::string> measure_idle(const IdleOptions& options);

}  // namespace confab::bench
