// SPDX-License-Identifier: MIT
// Where a text says certain words, whatever their case, width or spelling in Unicode.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "prefs/text_range.h"

namespace confab::prefs {

/// A text folded for searching that knows where each part of it came from.
class WordFinder {
 public:
  explicit WordFinder(std::string_view text);

  enum class Match { anywhere, whole_words };
  /// Where a folded word is, in bytes of the original text and by whole clusters. In order, none over another.
  std::vector<TextRange> find(std::string_view word, Match match) const;

 private:
  bool is_whole_word(std::size_t begin, std::size_t end) const;

  std::string folded_;
  // For each byte of `folded_`, the cluster of the original that it came from.
  std::vector<TextRange> origins_;
};

}  // namespace confab::prefs
