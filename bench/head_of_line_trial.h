// SPDX-License-Identifier: MIT
// One member has much to read, or a slow link: whether anybody's live messages wait for that, his own among them.
#pragma once

#include <expected>
#include <filesystem>
#include <string>
#include <vector>

#include "listeners.h"

namespace confab::bench {

/// What one member has to bear.
struct Burden {
  std::string name;
  std::uint64_t messages = 0;         ///< of history, that he reads from its beginning while the others talk
  std::size_t text_bytes = 0;         ///< of each
  std::uint64_t link_bits_per_s = 0;  ///< 0: as fast as everybody's
};

struct HeadOfLineOptions {
  std::filesystem::path program;  ///< confabd
  std::size_t members = 20;
  base::Duration length = std::chrono::seconds(5);  ///< of each measurement
};

struct HeadOfLineResult {
  struct Row {
    Burden burden;
    LiveTally without;
    LiveTally with;
  };
  std::vector<Row> rows;
  double length_s = 0;  ///< of each measurement

  std::string to_string() const;
  std::string to_json() const;
  /// Everybody heard everything in order, and with the burden the others' p99 is less than 50 ms above what it is
  /// without: the burdens take seconds.
  bool is_kept() const;
};

/// The error is a line for people.
std::expected<HeadOfLineResult, std::string> measure_head_of_line(const HeadOfLineOptions& options);

}  // namespace confab::bench
