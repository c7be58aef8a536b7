// SPDX-License-Identifier: MIT
// Whether a message is for me.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "confab/types.h"
#include "prefs/text_range.h"

namespace confab::prefs {

/// My name, and the words and phrases that count as it does. Case and width do not matter; a word is found whole alone:
/// "Ada" in "@ada: tea?" and not in "Adam". Made once for a name and settings, then asked for each message.
class Highlights {
 public:
  Highlights() = default;
  Highlights(std::string_view own_name, const std::vector<std::string>& words);

  /// All places, in order; they do not overlap.
  std::vector<TextRange> find(std::string_view text) const;
  /// Of the reader's own messages none, nor of those whose name is ignored.
  bool mentions(const Message& message, const std::vector<std::string>& ignored) const;

 private:
  std::vector<std::string> needles_;  ///< folded, longest first
  std::string own_name_;              ///< folded
};

}  // namespace confab::prefs
