// SPDX-License-Identifier: MIT
#include "tui/prompt_view.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace confab::tui {

namespace {

constexpr std::string_view erase_to_end_of_row = "\x1B[K";
/// From the start of a row on. CSI J in the screen's first cell would be clearing the screen to tmux, which keeps what
/// was on it in its scrollback: so the row is erased by itself and the rest from the second cell on.
constexpr std::string_view erase_below = "\x1B[K\x1B[C\x1B[J\r";

/// Writes at places that count from the first row of the prompt, and knows where the terminal's cursor got to.
class Pen {
 public:
  Pen(term::Place at, std::size_t columns) : at_(at), columns_(columns) {}

  void move_to(term::Place place) {
    // After a row's last cell the cursor hangs at the edge, each terminal's in its own way. CR ends that everywhere.
    if (at_.column >= columns_ || at_.row < place.row || place.column == 0) carriage_return();
    for (; at_.row < place.row; ++at_.row) out_ += '\n';  // LF makes a row where the screen ends; CSI B would not
    move('A', at_.row - place.row);
    if (at_.column < place.column) {
      move('C', place.column - at_.column);
    } else {
      move('D', at_.column - place.column);
    }
    at_ = place;
  }

  void draw(const term::Glyph& glyph) {
    out_ += glyph.text;
    at_.column += glyph.cells;
  }

  /// Draws what is not the same in `before`, which stands in that row.
  void draw_row(std::size_t row, const term::Row& before, const term::Row& after) {
    const auto [same, first] = std::ranges::mismatch(before.glyphs, after.glyphs);
    if (same == before.glyphs.end() && first == after.glyphs.end()) return;
    std::size_t column = 0;
    std::for_each(after.glyphs.begin(), first, [&column](const term::Glyph& glyph) { column += glyph.cells; });
    move_to({row, column});
    std::for_each(first, after.glyphs.end(), [this](const term::Glyph& glyph) { draw(glyph); });
    if (after.cells < before.cells) out_ += erase_to_end_of_row;
  }

  void draw_rows(const std::vector<term::Row>& before, const std::vector<term::Row>& after) {
    static const term::Row blank;
    for (std::size_t row = 0; row < after.size(); ++row) {
      if (row >= before.size()) move_to({row, 0});  // an empty row must be made too
      draw_row(row, row < before.size() ? before[row] : blank, after[row]);
    }
    if (before.size() > after.size()) erase_from(after.size());
  }

  void erase_from(std::size_t row) {
    move_to({row, 0});
    out_ += erase_below;
  }

  /// Lines that scroll past; what comes then counts from the row below them.
  void print(std::string_view text) {
    if (text.ends_with('\n')) text.remove_suffix(1);
    for (const char byte : text) out_ += byte == '\n' ? std::string_view("\r\n") : std::string_view(&byte, 1);
    out_ += "\r\n";
    at_ = {};
  }

  std::string take() { return std::move(out_); }

 private:
  void carriage_return() {
    if (at_.column > 0) out_ += '\r';
    at_.column = 0;
  }

  void move(char direction, std::size_t count) {
    if (count == 1) out_ += fmt::format("\x1B[{}", direction);
    if (count > 1) out_ += fmt::format("\x1B[{}{}", count, direction);
  }

  term::Place at_;
  std::size_t columns_;
  std::string out_;
};

ScreenSize at_least_minimum(ScreenSize size) {
  return {.columns = std::max<std::size_t>(size.columns, 2), .rows = std::max<std::size_t>(size.rows, 1)};
}

}  // namespace

PromptView::PromptView(ScreenSize size) : size_(at_least_minimum(size)) {}

std::string PromptView::show(std::string_view prompt, std::string_view text, std::size_t cursor) {
  prompt_ = prompt;
  text_ = text;
  text_cursor_ = cursor;
  if (!is_drawn()) return redraw();
  term::Layout layout = visible();
  Pen pen(cursor_, size_.columns);
  pen.draw_rows(rows_, layout.rows);
  pen.move_to(layout.cursor);
  rows_ = std::move(layout.rows);
  cursor_ = layout.cursor;
  return pen.take();
}

std::string PromptView::print_above(std::string_view text) {
  Pen pen(cursor_, size_.columns);
  if (is_drawn()) pen.erase_from(0);
  pen.print(text);
  if (is_drawn()) {
    pen.draw_rows({}, rows_);
    pen.move_to(cursor_);
  }
  return pen.take();
}

std::string PromptView::resize(ScreenSize size) {
  size_ = at_least_minimum(size);
  return is_drawn() ? redraw() : std::string();
}

std::string PromptView::redraw() {
  term::Layout layout = visible();
  Pen pen(cursor_, size_.columns);
  pen.erase_from(0);
  pen.draw_rows({}, layout.rows);
  pen.move_to(layout.cursor);
  rows_ = std::move(layout.rows);
  cursor_ = layout.cursor;
  return pen.take();
}

std::string PromptView::finish() {
  if (!is_drawn()) return {};
  // Behind a full row, or a last line feed, the next row is there already.
  const bool has_next_row = rows_.size() > 1 && rows_.back().cells == 0;
  Pen pen(cursor_, size_.columns);
  pen.move_to({rows_.size() - (has_next_row ? 1 : 0), 0});
  rows_.clear();
  cursor_ = {};
  return pen.take();
}

std::string PromptView::erase() {
  if (!is_drawn()) return {};
  Pen pen(cursor_, size_.columns);
  pen.erase_from(0);
  rows_.clear();
  cursor_ = {};
  return pen.take();
}

/// The layout cut to what the screen can hold.
term::Layout PromptView::visible() const {
  term::Layout layout = term::lay_out(prompt_, text_, text_cursor_, size_.columns);
  if (layout.rows.size() <= size_.rows) return layout;
  const std::size_t top = std::min(layout.rows.size() - size_.rows, layout.cursor.row);
  const auto first = layout.rows.begin() + static_cast<std::ptrdiff_t>(top);
  layout.rows = {first, first + static_cast<std::ptrdiff_t>(size_.rows)};
  layout.cursor.row -= top;
  return layout;
}

}  // namespace confab::tui
