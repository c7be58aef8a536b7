// SPDX-License-Identifier: MIT
// What a search looks for.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace confab::tui {

/// The words of a line, case folded.
std::vector<std::string> fold_words(std::string_view line);

/// Whether `text` contains all of them, whatever its case.
bool contains_all(std::string_view text, const std::vector<std::string>& folded_words);

}  // namespace confab::tui
