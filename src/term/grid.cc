// SPDX-License-Identifier: MIT
#include "term/grid.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "term/graphemes.h"

namespace confab::term {

Grid::Grid(Size size)
    : size_{std::min(size.columns, columns_max), std::min(size.rows, rows_max)},
      cells_(size_.columns * size_.rows),
      links_(1) {}

std::size_t Grid::put(const Rect& area, std::size_t row, std::size_t column, std::string_view text, Style style,
                      LinkId link) {
  if (row >= area.rows || area.row + row >= size_.rows) return column;
  const std::size_t width = std::min(area.columns, size_.columns - std::min(area.column, size_.columns));
  const std::size_t y = area.row + row;
  for (const Cluster& cluster : clusters(text)) {
    const std::size_t x = area.column + column;
    if (cluster.cells == 0) {
      // It is drawn onto what stands before it, or not at all.
      if (column > 0 && x <= size_.columns) {
        Cell& before = cell(y, x - 1).text.empty() && x > 1 ? cell(y, x - 2) : cell(y, x - 1);
        before.text += cluster.text;
      }
      continue;
    }
    if (column + cluster.cells > width) break;
    for (std::size_t i = 0; i < cluster.cells; ++i) {
      free(y, x + i);
      cell(y, x + i) = {i == 0 ? std::string(cluster.text) : std::string(), style, link};
    }
    column += cluster.cells;
  }
  return column;
}

/// The cell is to be drawn over: half a wide cluster is none.
void Grid::free(std::size_t row, std::size_t column) {
  if (cell(row, column).text.empty() && column > 0) cell(row, column - 1).text = " ";
  if (column + 1 < size_.columns && cell(row, column + 1).text.empty()) cell(row, column + 1).text = " ";
}

void Grid::fill(const Rect& area, Style style) { fill(area, " ", style); }

void Grid::fill(const Rect& area, std::string_view cluster, Style style) {
  for (std::size_t row = area.row; row < std::min(area.end_row(), size_.rows); ++row) {
    for (std::size_t column = area.column; column < std::min(area.end_column(), size_.columns); ++column) {
      free(row, column);
      cell(row, column) = {std::string(cluster), style, 0};
    }
  }
}

LinkId Grid::add_link(std::string address) {
  // Nobody sees so many on one screen; those beyond are text.
  if (links_.size() > std::numeric_limits<LinkId>::max()) return 0;
  links_.push_back(std::move(address));
  return static_cast<LinkId>(links_.size() - 1);
}

std::string Grid::picture() const {
  std::string picture;
  for (std::size_t row = 0; row < size_.rows; ++row) {
    std::string line;
    for (std::size_t column = 0; column < size_.columns; ++column) line += at(row, column).text;
    line.erase(line.find_last_not_of(' ') + 1);
    picture += line + '\n';
  }
  return picture;
}

}  // namespace confab::term
