// SPDX-License-Identifier: MIT
// Addresses inside what people write.
//
//   link     = scheme 1*visible
//   scheme   = "http://" / "https://" / "confab://"     in any case, not behind a letter or digit
//   visible  = any byte but controls, space, '<', '>', '"', '`'
//
// Signs at the end that close a sentence, and brackets that the link does not open itself, are not part of it.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace confab::screen {

/// Bytes [begin, end) of a text.
struct TextRange {
  std::size_t begin = 0;
  std::size_t end = 0;
  bool operator==(const TextRange&) const = default;
};

/// In order, none over another.
std::vector<TextRange> find_links(std::string_view text);

}  // namespace confab::screen
