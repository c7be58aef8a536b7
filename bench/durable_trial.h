// SPDX-License-Identifier: MIT
// How many messages a second are stored for good, and how soon their authors know, beside what the disk itself takes.
#pragma once

#include <expected>
#include <filesystem>
#include <string>
#include <vector>

#include "writers.h"

namespace confab::bench {

struct DurableOptions {
  std::filesystem::path program;                    ///< confabd
  base::Duration length = std::chrono::seconds(3);  ///< of each row
};

struct DurableRow {
  WritingPlan plan;
  WritingTally tally;
  base::Duration wall{};
  base::Duration cpu{};  ///< the server's
};

struct DurableResult {
  Histogram disk;  ///< fdatasync of a page, in the server's own directory
  std::vector<DurableRow> rows;

  std::string to_string() const;
  std::string to_json() const;
  /// Something was stored in every row, and every message under a seq of its own, in its author's order.
  bool is_kept() const;
};

/// The error is a line for people.
std::expected<DurableResult, std::string> measure_durable(const DurableOptions& options);

}  // namespace confab::bench
