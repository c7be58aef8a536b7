// SPDX-License-Identifier: MIT
#include "prefs/word_finder.h"

#include <algorithm>

#include "base/text.h"
#include "term/graphemes.h"

namespace confab::prefs {

WordFinder::WordFinder(std::string_view text) {
  folded_.reserve(text.size());
  origins_.reserve(text.size());
  std::size_t at = 0;
  for (const term::Cluster& cluster : term::clusters(text)) {
    const std::size_t end = at + cluster.text.size();
    folded_ += base::fold_case(cluster.text);
    origins_.resize(folded_.size(), {at, end});
    at = end;
  }
}

std::vector<TextRange> WordFinder::find(std::string_view word, Match match) const {
  std::vector<TextRange> found;
  if (word.empty()) return found;
  for (std::size_t at = folded_.find(word); at != std::string::npos; at = folded_.find(word, at)) {
    const std::size_t end = at + word.size();
    if (match == Match::anywhere || is_whole_word(at, end)) {
      const TextRange range{origins_[at].begin, origins_[end - 1].end};
      if (found.empty() || found.back().end <= range.begin) found.push_back(range);
    }
    at = end;
  }
  return found;
}

/// No letter or digit stands before it or behind it.
bool WordFinder::is_whole_word(std::size_t begin, std::size_t end) const {
  const auto is_letter = [this](std::size_t at, std::size_t count) {
    std::size_t start = at;
    while (start > 0 && (static_cast<unsigned char>(folded_[start]) & 0xC0) == 0x80) --start;
    std::size_t stop = at + count;
    while (stop < folded_.size() && (static_cast<unsigned char>(folded_[stop]) & 0xC0) == 0x80) ++stop;
    return base::is_word(std::string_view(folded_).substr(start, stop - start), "_");
  };
  return (begin == 0 || !is_letter(begin - 1, 1)) && (end == folded_.size() || !is_letter(end, 1));
}

}  // namespace confab::prefs
