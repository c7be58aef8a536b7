// SPDX-License-Identifier: MIT
// What was measured, as a table (Markdown, which a terminal shows as well), as JSON, and as a verdict.
#pragma once

#include <string>
#include <vector>

#include "trial.h"

namespace confab::bench {

/// One promise, held against what was measured.
struct Check {
  std::string text;
  bool kept = false;
};

struct Report {
  std::vector<Trial> trials;
  std::vector<std::string> notes;  ///< what was left out, and why

  /// Every promise that the trials say something about; all are kept, or the program fails.
  std::vector<Check> checks() const;
  std::string to_markdown() const;
  std::string to_json() const;
};

}  // namespace confab::bench
