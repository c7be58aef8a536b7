// SPDX-License-Identifier: MIT
// A terminal for tests: a grid of cells that understands what PromptView may write and nothing else, and that complains
// where real terminals differ (moving or erasing while the cursor hangs behind the last column).
#pragma once

#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "term/graphemes.h"

namespace confab::tui {

/// One cell: what it shows, " " if nothing, "" for the right half of a wide character.
using Cells = std::vector<std::string>;

inline std::string join(std::vector<std::string> rows) {
  std::string text;
  for (const std::string& row : rows) text += (text.empty() ? "" : "\n") + row;
  return text;
}

/// Behaves as xterm does: wraps late, cuts rows off when it gets narrower, scrolls when it gets lower.
class Screen {
 public:
  Screen(std::size_t columns, std::size_t rows) : columns_(columns), grid_(rows, Cells(columns, " ")) {}

  void write(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto control =
          std::ranges::find_if(bytes, [](char byte) { return static_cast<unsigned char>(byte) < 0x20; });
      const auto size = static_cast<std::size_t>(control - bytes.begin());
      for (const term::Cluster& cluster : term::clusters(bytes.substr(0, size))) put(cluster);
      bytes.remove_prefix(size);
      if (!bytes.empty()) bytes.remove_prefix(obey(bytes));
    }
  }

  void resize(std::size_t columns, std::size_t rows) {
    while (row_ >= rows) scroll();
    grid_.resize(rows);
    for (Cells& row : grid_) cut(row, columns);
    columns_ = columns;
    column_ = std::min(column_, columns - 1);
  }

  /// Rows without the blanks at their ends, without the blank rows below; `|` before the cell the cursor is on.
  std::string picture() const {
    std::vector<std::string> rows;
    std::size_t used = 0;
    for (std::size_t row = 0; row < grid_.size(); ++row) {
      rows.push_back(row_text(row));
      if (rows.back() != "") used = row + 1;
    }
    rows.resize(used);
    std::string text;
    for (std::size_t i = 0; i < rows.size(); ++i) text += (i == 0 ? "" : "\n") + rows[i];
    return text;
  }

  static void cut(Cells& row, std::size_t columns) {
    if (columns < row.size() && row[columns].empty()) row[columns - 1] = " ";
    row.resize(columns, " ");
  }

  const std::vector<Cells>& grid() const { return grid_; }
  std::size_t row() const { return row_; }
  std::size_t column() const { return column_; }
  std::size_t columns() const { return columns_; }
  std::size_t rows() const { return grid_.size(); }

 private:
  std::string row_text(std::size_t row) const {
    std::string text;
    for (std::size_t column = 0; column < columns_; ++column) {
      if (row == row_ && column == column_) text += '|';
      text += grid_[row][column];
    }
    text.erase(text.find_last_not_of(' ') + 1);
    return text;
  }

  void scroll() {
    grid_.erase(grid_.begin());
    grid_.emplace_back(columns_, " ");
    --row_;
  }

  void line_feed() {
    if (++row_ == grid_.size()) scroll();
  }

  void put(const term::Cluster& cluster) {
    if (cluster.cells == 0) {
      if (column_ > 0) before_cursor() += cluster.text;
      return;
    }
    if (column_ + cluster.cells > columns_) {
      column_ = 0;
      line_feed();
    }
    for (std::size_t i = 0; i < cluster.cells; ++i) blank(column_ + i);
    grid_[row_][column_] = cluster.text;
    if (cluster.cells == 2) grid_[row_][column_ + 1] = "";
    column_ += cluster.cells;
  }

  std::string& before_cursor() {
    std::string& cell = grid_[row_][column_ - 1];
    return cell.empty() ? grid_[row_][column_ - 2] : cell;
  }

  /// Half a wide character is none.
  void blank(std::size_t column) {
    Cells& row = grid_[row_];
    if (row[column].empty()) row[column - 1] = " ";
    if (column + 1 < columns_ && row[column + 1].empty()) row[column + 1] = " ";
    row[column] = " ";
  }

  /// Does what the control at the front says and answers its size.
  std::size_t obey(std::string_view bytes) {
    if (bytes.front() == '\r') {
      column_ = 0;
      return 1;
    }
    if (bytes.front() == '\n') {
      line_feed();
      return 1;
    }
    if (bytes.starts_with("\x1B[?2004h") || bytes.starts_with("\x1B[?2004l")) return 8;
    std::size_t count = 0;
    std::size_t size = 2;
    if (!bytes.starts_with("\x1B[")) return unknown(bytes);
    for (; size < bytes.size() && bytes[size] >= '0' && bytes[size] <= '9'; ++size) {
      count = count * 10 + static_cast<std::size_t>(bytes[size] - '0');
    }
    if (size == bytes.size()) return unknown(bytes);
    EXPECT_LT(column_, columns_) << "terminals differ in what this does behind the last column";
    if (!control(bytes[size], count)) return unknown(bytes);
    return size + 1;
  }

  bool control(char final, std::size_t count) {
    const std::size_t distance = std::max<std::size_t>(count, 1);
    if (final == 'A') row_ -= std::min(row_, distance);
    if (final == 'B') row_ = std::min(row_ + distance, grid_.size() - 1);
    if (final == 'C') column_ = std::min(column_ + distance, columns_ - 1);
    if (final == 'D') column_ -= std::min(column_, distance);
    if (final == 'J' || final == 'K') erase(final == 'J', count);
    return std::string_view("ABCDJK").find(final) != std::string_view::npos;
  }

  void erase(bool below, std::size_t count) {
    EXPECT_EQ(count, 0U) << "only the part behind the cursor";
    EXPECT_FALSE(below && row_ + column_ == 0) << "tmux puts the screen that is cleared into its scrollback";
    for (std::size_t column = column_; column < columns_; ++column) blank(column);
    for (std::size_t row = row_ + 1; below && row < grid_.size(); ++row) grid_[row].assign(columns_, " ");
  }

  static std::size_t unknown(std::string_view bytes) {
    ADD_FAILURE() << "not for every terminal: " << testing::PrintToString(std::string(bytes.substr(0, 8)));
    return 1;
  }

  std::size_t columns_;
  std::vector<Cells> grid_;
  std::size_t row_ = 0;
  std::size_t column_ = 0;  ///< `columns_`: hangs behind the last column
};

}  // namespace confab::tui
