// SPDX-License-Identifier: MIT
#include "screen/highlight.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "base/text.h"
#include "term/graphemes.h"

namespace confab::screen {

namespace {

bool is_word(std::string_view cluster) { return base::is_word(cluster, "_"); }

/// A text folded character by character, so that what is found in it can be shown in the original.
struct FoldedText {
  explicit FoldedText(std::string_view original) {
    std::size_t at = 0;
    for (const term::Cluster& cluster : term::clusters(original)) {
      clusters.push_back(cluster.text);
      folded_at.push_back(text.size());
      original_at.push_back(at);
      text += base::fold_case(cluster.text);
      at += cluster.text.size();
    }
    folded_at.push_back(text.size());
    original_at.push_back(at);
  }

  /// The character behind `needle` where it stands as whole words from character `first` on; 0 where it does not.
  std::size_t match(std::size_t first, std::string_view needle) const {
    if (!std::string_view(text).substr(folded_at[first]).starts_with(needle)) return 0;
    const auto end = std::ranges::lower_bound(folded_at, folded_at[first] + needle.size());
    if (end == folded_at.end() || *end != folded_at[first] + needle.size()) return 0;
    const auto behind = static_cast<std::size_t>(end - folded_at.begin());
    return joins(first) || joins(behind) ? 0 : behind;
  }

  /// Whether one word goes on over the start of this character.
  bool joins(std::size_t at) const {
    return at > 0 && at < clusters.size() && is_word(clusters[at - 1]) && is_word(clusters[at]);
  }

  std::string text;
  std::vector<std::string_view> clusters;
  std::vector<std::size_t> folded_at;    ///< where each character begins in `text`, and the end
  std::vector<std::size_t> original_at;  ///< and in the original
};

}  // namespace

Highlights::Highlights(std::string_view own_name, const std::vector<std::string>& words)
    : own_name_(base::fold_case(own_name)) {
  if (!own_name_.empty()) needles_.push_back(own_name_);
  for (const std::string& word : words) {
    if (std::string folded = base::fold_case(word); !folded.empty()) needles_.push_back(std::move(folded));
  }
  std::ranges::stable_sort(needles_, std::greater(), &std::string::size);
}

std::vector<TextRange> Highlights::find(std::string_view text) const {
  std::vector<TextRange> found;
  // Nearly every message has none of them: that is seen without looking at its characters.
  const std::string quick = base::fold_case(text);
  if (std::ranges::none_of(needles_, [&](const std::string& needle) { return quick.contains(needle); })) return found;

  const FoldedText folded(text);
  for (std::size_t at = 0; at < folded.clusters.size();) {
    std::size_t behind = 0;
    for (const std::string& needle : needles_) {
      behind = folded.match(at, needle);
      if (behind > 0) break;
    }
    if (behind > 0) found.push_back({.begin = folded.original_at[at], .end = folded.original_at[behind]});
    at = std::max(behind, at + 1);
  }
  return found;
}

bool Highlights::mentions(const Message& message, const std::vector<std::string>& ignored) const {
  const std::string author = base::fold_case(message.name);
  if (message.own || (message.verified && author == own_name_)) return false;
  if (std::ranges::any_of(ignored, [&](const std::string& name) { return base::fold_case(name) == author; }))
    return false;
  return !find(message.text).empty();
}

}  // namespace confab::screen
