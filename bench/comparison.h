// SPDX-License-Identifier: MIT
// The usual run: every server that is there, one after the other, with the same members and workloads.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "report.h"

namespace confab::bench {

struct ComparisonOptions {
  bool quick = false;              ///< within two minutes
  std::filesystem::path confabd;   ///< the server
  std::filesystem::path toy;       ///< its server.py; empty: it is not here
  std::vector<std::string> only;   ///< servers, by the names that the tables give them; none: all
  std::vector<std::size_t> sizes;  ///< numbers of members, of those that are planned; none: all
};

/// What is measured beside Confab and fails is left out, with a note. Throws std::runtime_error where Confab cannot be
/// measured.
Report compare(const ComparisonOptions& options);

}  // namespace confab::bench
