// SPDX-License-Identifier: MIT
// A file of TOML of which single lines are none: a slip in one setting is not to cost all others.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <toml++/toml.h>

namespace confab::prefs {

struct TomlProblem {
  toml::source_position place;
  std::string text;  ///< a clean line
};

struct MendedToml {
  toml::table table;
  std::vector<TomlProblem> problems;
};

/// Any bytes. Where the parser stops, the line is left out: a section's header with all that stands below it, a value
/// of several lines as a whole. What is not mended by that is one problem, the first, and an empty table.
MendedToml parse_mended(std::string_view text);

}  // namespace confab::prefs
