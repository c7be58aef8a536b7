// SPDX-License-Identifier: MIT
// Whether a database is what this version would have written.
#pragma once

#include <cstddef>
#include <expected>
#include <filesystem>
#include <string>
#include <vector>

#include "log/store.h"

namespace confab::log {

struct CheckReport {
  static constexpr std::size_t findings_max = 100;

  std::vector<std::string> findings;  ///< a line each; the first of them, where there are more
  std::size_t finding_count = 0;
  std::size_t rooms = 0;
  std::size_t events = 0;
  std::size_t members = 0;
  std::size_t names = 0;
};

/// Reads all of the database `file`, which may be in use: its pages, tables and version; that each room's log is its
/// events first_seq to end_seq, with good ids, bodies and times; that members, names, topics and read markers are such.
/// Changes nothing. An error where it cannot be read at all.
std::expected<CheckReport, StoreError> check(const std::filesystem::path& file);

}  // namespace confab::log
