// SPDX-License-Identifier: MIT
#include "term/text_buffer.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "term/graphemes.h"

namespace confab::term {

void TextBuffer::set(std::string text, std::size_t cursor) {
  assert(text.size() <= bytes_max);
  text_ = std::move(text);
  cursor_ = boundary_from(text_, std::min(cursor, text_.size()));
}

bool TextBuffer::replace(std::size_t from, std::size_t to, std::string_view text) {
  assert(from <= to && to <= text_.size());
  if (text_.size() - (to - from) + text.size() > bytes_max) return false;
  text_.replace(from, to - from, text);
  cursor_ = boundary_from(text_, from + text.size());
  return true;
}

bool TextBuffer::move_to(std::size_t place) { return std::exchange(cursor_, boundary_from(text_, place)) != cursor_; }

std::string TextBuffer::cut_to(std::size_t place) {
  const auto [from, to] = std::minmax(cursor_, place);
  std::string piece = text_.substr(from, to - from);
  text_.erase(from, to - from);
  cursor_ = boundary_from(text_, from);
  return piece;
}

bool TextBuffer::transpose() {
  const std::size_t middle = cursor_ == text_.size() ? left() : cursor_;
  const std::size_t start = previous_boundary(text_, middle);
  const std::size_t end = next_boundary(text_, middle);
  if (start == middle || middle == end) return false;
  std::rotate(text_.begin() + static_cast<std::ptrdiff_t>(start), text_.begin() + static_cast<std::ptrdiff_t>(middle),
              text_.begin() + static_cast<std::ptrdiff_t>(end));
  cursor_ = boundary_from(text_, end);
  return true;
}

std::size_t TextBuffer::left() const { return previous_boundary(text_, cursor_); }

std::size_t TextBuffer::right() const { return next_boundary(text_, cursor_); }

std::size_t TextBuffer::line_start() const { return cursor_ == 0 ? 0 : text_.rfind('\n', cursor_ - 1) + 1; }

std::size_t TextBuffer::line_end() const { return std::min(text_.find('\n', cursor_), text_.size()); }

std::size_t TextBuffer::word_left() const { return word_start(text_, cursor_); }

std::size_t TextBuffer::word_right() const { return word_end(text_, cursor_); }

std::size_t TextBuffer::space_left() const {
  constexpr std::string_view spaces = " \n";  // clean text has no tabs
  const std::size_t last = cursor_ == 0 ? std::string::npos : text_.find_last_not_of(spaces, cursor_ - 1);
  if (last == std::string::npos) return 0;
  return text_.find_last_of(spaces, last) + 1;  // npos + 1 is 0
}

std::optional<std::size_t> TextBuffer::above() const {
  const std::size_t start = line_start();
  if (start == 0) return std::nullopt;
  return place_in_line(start == 1 ? 0 : text_.rfind('\n', start - 2) + 1);
}

std::optional<std::size_t> TextBuffer::below() const {
  const std::size_t end = line_end();
  if (end == text_.size()) return std::nullopt;
  return place_in_line(end + 1);
}

std::size_t TextBuffer::place_in_line(std::size_t start) const {
  const std::string_view text = text_;
  const std::size_t wanted = cells_of(text.substr(line_start(), cursor_ - line_start()));
  const std::string_view line = text.substr(start, text.find('\n', start) - start);
  std::size_t place = start;
  std::size_t cells = 0;
  for (const Cluster& cluster : clusters(line)) {
    cells += cluster.cells;
    if (cells > wanted) break;
    place += cluster.text.size();
  }
  return place;
}

}  // namespace confab::term
