// SPDX-License-Identifier: MIT
#include "tui/words.h"

#include <algorithm>

#include "base/text.h"

namespace confab::tui {

std::vector<std::string> fold_words(std::string_view line) {
  std::vector<std::string> words;
  while (!line.empty()) {
    const std::string_view word = line.substr(0, line.find_first_of(" \n"));
    if (!word.empty()) words.push_back(base::fold_case(word));
    line.remove_prefix(std::min(line.size(), word.size() + 1));
  }
  return words;
}

bool contains_all(std::string_view text, const std::vector<std::string>& folded_words) {
  const std::string folded = base::fold_case(text);
  return std::ranges::all_of(folded_words, [&](const std::string& word) { return folded.contains(word); });
}

}  // namespace confab::tui
