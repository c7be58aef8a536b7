// SPDX-License-Identifier: MIT
// A terminal for tests: a grid of cells that understands what a Painter may write and nothing else, and that complains
// where real terminals differ.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "term/graphemes.h"
#include "term/grid.h"
#include "term/layout.h"

namespace confab::term {

/// What a cell shows: "" in the right half of a wide cluster. Colours are those that were written.
struct ShownCell {
  std::string text = " ";
  Style style = {};
  std::string link = {};
  bool operator==(const ShownCell&) const = default;
};

class TerminalModel {
 public:
  explicit TerminalModel(Size size) { resize(size); }

  /// As real ones do: what was there stands about somewhere.
  void resize(Size size) {
    size_ = size;
    cells_.assign(size.columns * size.rows, {.text = "?"});
  }

  void write(std::string_view bytes) {
    while (!bytes.empty()) {
      const std::size_t text = std::min(bytes.find('\x1B'), bytes.size());
      for (const Cluster& cluster : clusters(bytes.substr(0, text))) put(cluster);
      bytes.remove_prefix(text);
      if (!bytes.empty()) bytes.remove_prefix(obey(bytes));
    }
  }

  const ShownCell& at(std::size_t row, std::size_t column) const { return cells_[row * size_.columns + column]; }
  Place cursor() const { return cursor_; }
  bool is_cursor_shown() const { return cursor_shown_; }
  bool is_alternate() const { return alternate_; }
  bool is_updating() const { return updating_; }
  /// Cells written to since the last call.
  std::size_t take_written() { return std::exchange(written_, 0); }

 private:
  ShownCell& cell(std::size_t row, std::size_t column) { return cells_[row * size_.columns + column]; }

  /// Half a wide character is none.
  void blank(std::size_t row, std::size_t column) {
    if (cell(row, column).text.empty() && column > 0) cell(row, column - 1).text = " ";
    if (column + 1 < size_.columns && cell(row, column + 1).text.empty()) cell(row, column + 1).text = " ";
  }

  void put(const Cluster& cluster) {
    ASSERT_GT(cluster.cells, 0u) << "a mark with nothing to stand on";
    ASSERT_FALSE(lost_) << "where the cursor is now is a matter of opinion";
    ASSERT_LE(cursor_.column + cluster.cells, size_.columns) << "it would wrap";
    ASSERT_LT(cursor_.row, size_.rows);
    for (std::size_t i = 0; i < cluster.cells; ++i) {
      blank(cursor_.row, cursor_.column + i);
      cell(cursor_.row, cursor_.column + i) = {i == 0 ? std::string(cluster.text) : "", style_, link_};
    }
    written_ += cluster.cells;
    cursor_.column += cluster.cells;
    lost_ = cluster.text.size() > 1 || cursor_.column == size_.columns;
  }

  std::size_t obey(std::string_view bytes) {
    if (bytes.starts_with("\x1B]8;;")) {
      const std::size_t end = bytes.find("\x1B\\", 2);
      link_ = bytes.substr(5, end - 5);
      return end + 2;
    }
    const std::size_t end = bytes.find_first_of("hlHJKm", 2);
    if (!bytes.starts_with("\x1B[") || end == std::string_view::npos) {
      ADD_FAILURE() << "not for every terminal: " << testing::PrintToString(std::string(bytes.substr(0, 8)));
      return bytes.size();
    }
    control(bytes[end], bytes.substr(2, end - 2));
    return end + 1;
  }

  void control(char final, std::string_view parameters) {
    const std::vector<int> numbers = numbers_of(parameters);
    if (final == 'h' || final == 'l') return set_mode(parameters, final == 'h');
    if (final == 'm') return set_style(numbers);
    if (final == 'H') {
      lost_ = false;
      cursor_ = {static_cast<std::size_t>(numbers[0] - 1), static_cast<std::size_t>(numbers[1] - 1)};
      EXPECT_TRUE(cursor_.row < size_.rows && cursor_.column < size_.columns);
      return;
    }
    // It erases with the background that is set, in some terminals: there must be none.
    EXPECT_EQ(style_, Style{});
    if (final == 'J') {
      cells_.assign(cells_.size(), {});
      return;
    }
    EXPECT_FALSE(lost_);
    if (cell(cursor_.row, cursor_.column).text.empty()) blank(cursor_.row, cursor_.column);
    for (std::size_t column = cursor_.column; column < size_.columns; ++column) cell(cursor_.row, column) = {};
  }

  void set_mode(std::string_view mode, bool on) {
    if (mode == "?1049") alternate_ = on;
    if (mode == "?25") cursor_shown_ = on;
    if (mode == "?2026") updating_ = on;
    EXPECT_TRUE(mode == "?1049" || mode == "?25" || mode == "?2026" || mode == "?2004" || mode == "?7") << mode;
  }

  void set_style(const std::vector<int>& numbers) {
    EXPECT_EQ(numbers[0], 0) << "each style is said in whole";
    style_ = {};
    for (std::size_t i = 1; i < numbers.size(); ++i) {
      const int number = numbers[i];
      style_.bold |= number == 1;
      style_.dim |= number == 2;
      style_.italic |= number == 3;
      style_.underline |= number == 4;
      style_.reverse |= number == 7;
      if (number < 30) continue;
      Color& color = number / 10 == 3 || number / 10 == 9 ? style_.foreground : style_.background;
      if (number % 10 == 8) {
        color.index = static_cast<std::int16_t>(numbers[i + 2]);
        i += 2;
      } else {
        color.index = static_cast<std::int16_t>(number % 10 + (number >= 90 ? 8 : 0));
      }
    }
  }

  static std::vector<int> numbers_of(std::string_view parameters) {
    std::vector<int> numbers(1);
    for (const char byte : parameters) {
      if (byte == ';') numbers.push_back(0);
      if (byte >= '0' && byte <= '9') numbers.back() = numbers.back() * 10 + (byte - '0');
    }
    return numbers;
  }

  Size size_;
  std::vector<ShownCell> cells_;
  Place cursor_;
  Style style_;
  std::string link_;
  bool cursor_shown_ = true;
  bool alternate_ = false;
  bool updating_ = false;
  bool lost_ = false;
  std::size_t written_ = 0;
};

}  // namespace confab::term
