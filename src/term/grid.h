// SPDX-License-Identifier: MIT
// A screen as a grid of cells: what views draw onto, and what tests look at. Nothing here knows a terminal.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "term/style.h"

namespace confab::term {

struct Size {
  std::size_t columns = 0;
  std::size_t rows = 0;
  bool operator==(const Size&) const = default;
};

/// A part of a grid.
struct Rect {
  std::size_t row = 0;
  std::size_t column = 0;
  std::size_t rows = 0;
  std::size_t columns = 0;
  bool operator==(const Rect&) const = default;

  std::size_t end_row() const { return row + rows; }
  std::size_t end_column() const { return column + columns; }
};

/// What a cell belongs to for a click: a number from Grid::add_link(); 0: nothing.
using LinkId = std::uint16_t;

/// `text` is a grapheme cluster; empty in the right half of a wide one, which stands in the cell to the left.
struct Cell {
  std::string text = " ";
  Style style = {};
  LinkId link = 0;
  bool operator==(const Cell&) const = default;
};

/// Not thread-safe.
///
/// Invariant: a wide cluster has both its cells, always: whatever is put over one half blanks the other.
class Grid {
 public:
  /// More than anybody's screen; what is beyond is not drawn.
  static constexpr std::size_t columns_max = 1000;
  static constexpr std::size_t rows_max = 500;

  explicit Grid(Size size);

  Size size() const { return size_; }
  Rect whole() const { return {0, 0, size_.rows, size_.columns}; }
  const Cell& at(std::size_t row, std::size_t column) const { return cells_[row * size_.columns + column]; }

  /// Draws clean text (base::clean_text, no line feed) in one row of `area`, from its column `column` on, and answers
  /// the column behind it. What does not fit is left out, and never half a cluster drawn. Outside the grid nothing is.
  std::size_t put(const Rect& area, std::size_t row, std::size_t column, std::string_view text, Style style = {},
                  LinkId link = 0);
  /// Blanks in this style.
  void fill(const Rect& area, Style style = {});
  /// One cluster of one cell everywhere in the area: a line between panes.
  void fill(const Rect& area, std::string_view cluster, Style style);

  LinkId add_link(std::string address);
  /// Of 0: empty.
  const std::string& link(LinkId id) const { return links_[id]; }

  /// The rows as text, without the blanks at their ends, each with its line feed: for tests, and for people.
  std::string picture() const;

 private:
  Cell& cell(std::size_t row, std::size_t column) { return cells_[row * size_.columns + column]; }
  void free(std::size_t row, std::size_t column);

  Size size_;
  std::vector<Cell> cells_;
  std::vector<std::string> links_;
};

}  // namespace confab::term
