// SPDX-License-Identifier: MIT
// A text in several styles, and the rows of cells that it is wrapped into.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "screen/link_finder.h"
#include "term/grid.h"
#include "term/style.h"

namespace confab::screen {

/// A part of a row in one style. `address`: where it leads to, if it is a link.
struct Span {
  std::string text;
  term::Style style;
  std::string address = {};
  bool operator==(const Span&) const = default;
};

struct TextRow {
  std::vector<Span> spans;
  bool operator==(const TextRow&) const = default;
};

/// Clean text (base::clean_text) only. Not thread-safe.
///
/// Invariant: each byte of the text has a look.
class StyledText {
 public:
  /// What one cell is given at most: enough for every emoji there is, and an end to floods of combining marks.
  static constexpr std::size_t cell_bytes_max = 64;

  void append(std::string_view text, term::Style style);
  void restyle(prefs::TextRange range, term::Style style);
  void link(prefs::TextRange range, std::string address);

  std::size_t size() const { return text_.size(); }
  /// Wrapped (see word_wrap.h), with as many columns for the first row as for the others or fewer.
  std::vector<TextRow> wrap(std::size_t columns_first, std::size_t columns) const;

 private:
  struct Look {
    term::Style style;
    std::uint16_t link = 0;  // in links_; 0: none
    bool operator==(const Look&) const = default;
  };

  std::string text_;
  std::vector<Look> looks_;  // by byte
  std::vector<std::string> links_ = {{}};
};

/// Draws a row into a row of `area`, with `under` beneath it: what is selected keeps its own colours, and has this
/// background and these attributes as well.
void draw_row(term::Grid& grid, const term::Rect& area, std::size_t row, const TextRow& text, const term::Style& under);

}  // namespace confab::screen
