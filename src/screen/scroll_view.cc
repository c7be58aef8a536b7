// SPDX-License-Identifier: MIT
// Where the view stands, and what it draws. Jumps, search and selection are in scroll_jumps.cc.
#include "screen/scroll_view.h"

#include <algorithm>

namespace confab::screen {

ScrollView::ScrollView(const RoomBuffer& buffer, LayoutOptions options)
    : buffer_(buffer), layouts_(buffer, std::move(options)) {}

void ScrollView::resize(term::Size size) {
  size_ = size;
  refresh();
}

void ScrollView::draw(term::Grid& grid, const term::Rect& area) {
  resize({area.columns, area.rows});
  grid.fill(area);
  if (is_empty() || area.columns == 0) return;
  const Position from = top();
  // What does not fill the screen stands at its foot, where the next line comes.
  Position end = from;
  std::size_t rows = rows_of(end.block).rows.size() - end.row;
  while (rows < size_.rows && end.block.end < buffer_.size()) {
    end = {layouts_.block_at(end.block.end), 0};
    rows += rows_of(end.block).rows.size();
  }
  draw_rows(grid, area, from, size_.rows - std::min(rows, size_.rows));
}

void ScrollView::draw_rows(term::Grid& grid, const term::Rect& area, Position from, std::size_t row) {
  constexpr std::size_t none = SIZE_MAX;
  const std::size_t selected = selected_ ? buffer_.index_of(*selected_).value_or(none) : none;
  for (;; from = {layouts_.block_at(from.block.end), 0}) {
    const BlockRows& block = rows_of(from.block);
    const bool is_selected = from.block.first <= selected && selected < from.block.end;
    for (; from.row < block.rows.size() && row < size_.rows; ++from.row, ++row) {
      const bool is_under = is_selected && from.row >= block.lead;
      const term::Style under = is_under ? options().theme.style(Role::selected) : term::Style{};
      if (is_under) grid.fill({area.row + row, area.column, 1, area.columns}, under);
      draw_row(grid, area, row, block.rows[from.row], under);
    }
    if (row >= size_.rows || from.block.end >= buffer_.size()) return;
  }
}

std::optional<std::size_t> ScrollView::anchor_index() const {
  if (const auto index = buffer_.index_of(anchor_->key)) return index;
  // The line is gone: dropped from memory, or a gap that was filled. A line of one's own was the last.
  const std::size_t next = anchor_->seq == 0 ? buffer_.size() : buffer_.index_from(anchor_->seq);
  return next < buffer_.size() ? std::optional(next) : std::nullopt;
}

/// The uppermost row in sight.
ScrollView::Position ScrollView::top() {
  const Position at_end = top_at_end();
  const auto index = anchor_ ? anchor_index() : std::nullopt;
  if (!index) {
    anchor_.reset();
    return at_end;
  }
  Position position{layouts_.block_at(*index), 0};
  const BlockRows& rows = rows_of(position.block);
  const std::ptrdiff_t row = static_cast<std::ptrdiff_t>(rows.lead) + anchor_->row;
  if (row < 0) {
    move_up(position, static_cast<std::size_t>(-row));
  } else {
    position.row = std::min(static_cast<std::size_t>(row), rows.rows.size() - 1);
  }
  if (position.is_before(at_end)) return position;
  anchor_.reset();
  return at_end;
}

ScrollView::Position ScrollView::top_at_end() {
  Position position = end_of(layouts_.block_at(buffer_.size() - 1));
  move_up(position, size_.rows);
  return position;
}

/// The lowest row in sight.
ScrollView::Position ScrollView::bottom() {
  Position position = top();
  move_down(position, size_.rows - 1);
  return position;
}

/// Stops at the first row of all.
void ScrollView::move_up(Position& position, std::size_t rows) {
  while (position.row < rows && position.block.first > 0) {
    rows -= position.row;
    position = end_of(layouts_.block_at(position.block.first - 1));
  }
  position.row -= std::min(position.row, rows);
}

/// Stops at the last row of all.
void ScrollView::move_down(Position& position, std::size_t rows) {
  for (;;) {
    const std::size_t left = rows_of(position.block).rows.size() - 1 - position.row;
    if (rows <= left || position.block.end >= buffer_.size()) {
      position.row += std::min(rows, left);
      return;
    }
    rows -= left + 1;
    position = {layouts_.block_at(position.block.end), 0};
  }
}

void ScrollView::set_top(Position position) {
  if (!position.is_before(top_at_end())) return anchor_.reset();
  // A gap is going to be filled from its lower end: what stands below it is what has to stay.
  std::ptrdiff_t above = 0;
  while (buffer_.at(position.block.first).what == Entry::What::skipped && position.block.end < buffer_.size()) {
    above += static_cast<std::ptrdiff_t>(rows_of(position.block).rows.size() - position.row);
    position = {layouts_.block_at(position.block.end), 0};
  }
  const Entry& entry = buffer_.at(position.block.first);
  const auto row =
      static_cast<std::ptrdiff_t>(position.row) - static_cast<std::ptrdiff_t>(rows_of(position.block).lead);
  anchor_ = Anchor{entry.key, entry.seq, row - above};
}

void ScrollView::line_up(std::size_t rows) {
  refresh();
  focus_.reset();
  if (is_empty()) return;
  Position position = top();
  move_up(position, rows);
  set_top(position);
}

void ScrollView::line_down(std::size_t rows) {
  refresh();
  focus_.reset();
  if (is_empty()) return;
  Position position = top();
  move_down(position, rows);
  set_top(position);
}

void ScrollView::page_up() { line_up(std::max<std::size_t>(size_.rows, 2) - 1); }

void ScrollView::page_down() { line_down(std::max<std::size_t>(size_.rows, 2) - 1); }

void ScrollView::to_top() {
  refresh();
  focus_.reset();
  if (!is_empty()) set_top({layouts_.block_at(0), 0});
}

void ScrollView::to_bottom() {
  focus_.reset();
  anchor_.reset();
}

std::size_t ScrollView::lines_below() {
  refresh();
  if (!anchor_ || is_empty()) return 0;
  return buffer_.size() - bottom().block.end;
}

std::optional<std::uint64_t> ScrollView::wants_older() {
  refresh();
  const auto before_all = buffer_.has_more_before() ? std::optional(buffer_.oldest_seq()) : std::nullopt;
  if (is_empty()) return before_all;
  Block block = bottom().block;
  for (std::size_t rows = 0; rows < 3 * size_.rows; rows += rows_of(block).rows.size()) {
    const Entry& entry = buffer_.at(block.first);
    if (entry.what == Entry::What::skipped) return entry.seq_end + 1;
    if (block.first == 0) return before_all;
    block = layouts_.block_at(block.first - 1);
  }
  return std::nullopt;
}

}  // namespace confab::screen
