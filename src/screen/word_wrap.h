// SPDX-License-Identifier: MIT
// Breaks a text into rows of cells, between words where there are any.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "term/graphemes.h"

namespace confab::screen {

/// Clusters [begin, end) of what was wrapped, without the line feed or the spaces that it was broken at.
struct WrappedRow {
  std::size_t begin = 0;
  std::size_t end = 0;
  bool operator==(const WrappedRow&) const = default;
};

/// At line feeds; behind spaces, and before and behind wide characters (Chinese and Japanese know no spaces); and where
/// one word is longer than a row, anywhere between clusters. `columns_first` are those of the first row. At least one
/// row; none is wider than its columns, save for a wide cluster where there is but one column.
std::vector<WrappedRow> wrap_words(std::span<const term::Cluster> clusters, std::size_t columns_first,
                                   std::size_t columns);

}  // namespace confab::screen
