// SPDX-License-Identifier: MIT
#include "prefs/highlight.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "base/text.h"
#include "prefs/word_finder.h"

namespace confab::prefs {

namespace {

bool overlap(const TextRange& left, const TextRange& right) { return left.begin < right.end && right.begin < left.end; }

}  // namespace

Highlights::Highlights(std::string_view own_name, const std::vector<std::string>& words)
    : own_name_(base::fold_case(own_name)) {
  if (!own_name_.empty()) needles_.push_back(own_name_);
  for (const std::string& word : words) {
    if (std::string folded = base::fold_case(word); !folded.empty()) needles_.push_back(std::move(folded));
  }
  std::ranges::sort(needles_, std::greater(), &std::string::size);
}

std::vector<TextRange> Highlights::find(std::string_view text) const {
  std::vector<TextRange> found;
  // Nearly every message has none of them: that is seen without looking at its characters.
  const std::string folded = base::fold_case(text);
  if (std::ranges::none_of(needles_, [&](const std::string& needle) { return folded.contains(needle); })) return found;

  const WordFinder finder(text);
  for (const std::string& needle : needles_) {
    for (const TextRange& range : finder.find(needle, WordFinder::Match::whole_words)) {
      const bool taken = std::ranges::any_of(found, [&](const TextRange& other) { return overlap(range, other); });
      if (!taken) found.push_back(range);
    }
  }
  std::ranges::sort(found, {}, &TextRange::begin);
  return found;
}

bool Highlights::mentions(const Message& message, const std::vector<std::string>& ignored) const {
  const std::string author = base::fold_case(message.name);
  if (message.own || (message.verified && author == own_name_)) return false;
  const auto is_author = [&author](const std::string& name) { return base::fold_case(name) == author; };
  return std::ranges::none_of(ignored, is_author) && !find(message.text).empty();
}

}  // namespace confab::prefs
