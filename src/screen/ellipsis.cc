// SPDX-License-Identifier: MIT
#include "screen/ellipsis.h"

#include "term/graphemes.h"

namespace confab::screen {

std::string with_ellipsis(std::string_view text, std::size_t cells) {
  if (term::cells_of(text) <= cells) return std::string(text);
  if (cells == 0) return {};
  std::string kept;
  std::size_t used = 0;
  for (const term::Cluster& cluster : term::clusters(text)) {
    if (used + cluster.cells + 1 > cells) break;
    used += cluster.cells;
    kept += cluster.text;
  }
  return kept + "…";
}

}  // namespace confab::screen
