// SPDX-License-Identifier: MIT
// What a person takes for one character (an extended grapheme cluster, UAX #29), how many cells of a screen it takes,
// and where words begin and end. The tables are utf8proc's.
//
// All functions expect valid UTF-8 and take places as byte offsets.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace confab::term {

struct Cluster {
  std::string_view text;
  std::size_t cells = 0;  ///< 0, 1 or 2
};

std::vector<Cluster> clusters(std::string_view text);

/// The first boundary after `at`, or the end.
std::size_t next_boundary(std::string_view text, std::size_t at);
/// The last boundary before `at`, or 0.
std::size_t previous_boundary(std::string_view text, std::size_t at);
/// The first boundary that is not before `at`.
std::size_t boundary_from(std::string_view text, std::size_t at);

/// Cells on a screen. A line feed takes none.
std::size_t cells_of(std::string_view text);

/// The end of the word at or after `at`, the start of the word before `at`; a word is a run of letters and digits, as
/// in readline.
std::size_t word_end(std::string_view text, std::size_t at);
std::size_t word_start(std::string_view text, std::size_t at);

}  // namespace confab::term
