// SPDX-License-Identifier: MIT
// A part of a text.
#pragma once

#include <cstddef>

namespace confab::prefs {

/// Bytes [begin, end) of a text.
struct TextRange {
  std::size_t begin = 0;
  std::size_t end = 0;
  bool operator==(const TextRange&) const = default;
};

}  // namespace confab::prefs
