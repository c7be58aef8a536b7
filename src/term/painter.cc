// SPDX-License-Identifier: MIT
#include "term/painter.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include <fmt/format.h>

#include "term/graphemes.h"

namespace confab::term {

namespace {

constexpr std::string_view alternate_screen_on = "\x1B[?1049h";
constexpr std::string_view alternate_screen_off = "\x1B[?1049l";
constexpr std::string_view bracketed_paste_on = "\x1B[?2004h";
constexpr std::string_view bracketed_paste_off = "\x1B[?2004l";
constexpr std::string_view wrapping_off = "\x1B[?7l";
constexpr std::string_view wrapping_on = "\x1B[?7h";
constexpr std::string_view focus_told = "\x1B[?1004h";
constexpr std::string_view focus_untold = "\x1B[?1004l";
constexpr std::string_view cursor_off = "\x1B[?25l";
constexpr std::string_view cursor_on = "\x1B[?25h";
constexpr std::string_view update_begin = "\x1B[?2026h";
constexpr std::string_view update_end = "\x1B[?2026l";
constexpr std::string_view clear = "\x1B[0m\x1B[2J";
constexpr std::string_view erase_to_end = "\x1B[K";

bool is_blank(const Cell& cell) { return cell.text == " " && cell.style == Style{} && cell.link == 0; }

/// All terminals agree how far the cursor moves.
bool is_plain(const Cell& cell) { return cell.text.size() == 1; }

/// How many cells such a cluster takes is for each terminal to say: a family of four is two to one, eight to the next.
bool is_doubtful(const Cell& cell) {
  const auto begins_point = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; };
  return std::ranges::count_if(cell.text, begins_point) > 1;
}

/// The column from which the row is blank.
std::size_t text_end(const Grid& grid, std::size_t row) {
  std::size_t end = grid.size().columns;
  while (end > 0 && is_blank(grid.at(row, end - 1))) --end;
  return end;
}

std::string color_codes(Color color, int base) {
  constexpr int bright = 60 - 8;
  if (color.index < 0) return {};
  if (color.index < 8) return fmt::format(";{}", base + color.index);
  if (color.index < 16) return fmt::format(";{}", base + bright + color.index);
  return fmt::format(";{};5;{}", base + 8, color.index);
}

}  // namespace

std::string Painter::enter() {
  forget();
  return fmt::format("{}{}{}{}{}", alternate_screen_on, bracketed_paste_on, focus_told, wrapping_off, clear);
}

std::string Painter::leave() {
  forget();
  std::string bytes = options_.links && !link_.empty() ? "\x1B]8;;\x1B\\" : "";
  link_.clear();
  // The picture before may have been cut off in its middle.
  return bytes + fmt::format("\x1B[0m{}{}{}{}{}{}", update_end, cursor_on, wrapping_on, focus_untold,
                             bracketed_paste_off, alternate_screen_off);
}

std::string Painter::paint(const Grid& grid, std::optional<Place> cursor) {
  output_ = fmt::format("{}{}", update_begin, cursor_off);
  if (!shown_ || shown_->size() != grid.size()) {
    output_ += clear;
    shown_.emplace(grid.size());
    style_ = Style{};
    at_.reset();
  }
  for (std::size_t row = 0; row < grid.size().rows; ++row) paint_row(grid, row);
  set_link({});
  shown_ = grid;
  if (cursor) {
    move_to(*cursor);
    output_ += cursor_on;
  }
  output_ += update_end;
  return std::exchange(output_, {});
}

void Painter::paint_row(const Grid& grid, std::size_t row) {
  const std::size_t end = text_end(grid, row);
  for (std::size_t column = 0; column < end; ++column) {
    if (is_changed(grid, row, column)) paint_cell(grid, row, column);
  }
  if (end < text_end(*shown_, row)) erase_from({row, end});
}

/// What stood there is painted anew where it still belongs there.
void Painter::erase_from(Place place) {
  const std::size_t columns = shown_->size().columns;
  if (place.column >= columns) return;
  move_to(place);
  set_link({});
  set_style({});
  output_ += erase_to_end;
  shown_->fill({place.row, place.column, 1, columns - place.column});
}

bool Painter::is_changed(const Grid& grid, std::size_t row, std::size_t column) const {
  const Cell& now = grid.at(row, column);
  const Cell& before = shown_->at(row, column);
  return now.text != before.text || now.style != before.style || grid.link(now.link) != shown_->link(before.link);
}

void Painter::paint_cell(const Grid& grid, std::size_t row, std::size_t column) {
  // The right half comes with the left one. Where only its style changed, so did that of the left.
  if (grid.at(row, column).text.empty()) return;
  const Cell& cell = grid.at(row, column);
  const bool doubtful = is_doubtful(cell);
  if (doubtful) erase_from({row, column});
  move_to({row, column});
  set_link(grid.link(cell.link));
  set_style(cell.style);
  output_ += cell.text;
  // Behind the last column terminals differ.
  if (is_plain(cell) && column + 1 < grid.size().columns) {
    at_ = Place{row, column + 1};
  } else {
    at_.reset();
  }
  if (!doubtful) return;
  const bool wide = column + 1 < grid.size().columns && grid.at(row, column + 1).text.empty();
  erase_from({row, column + (wide ? 2 : 1)});
}

void Painter::move_to(Place place) {
  if (at_ == place) return;
  output_ += fmt::format("\x1B[{};{}H", place.row + 1, place.column + 1);
  at_ = place;
}

void Painter::set_style(Style style) {
  style.foreground = reduce(style.foreground, options_.colors);
  style.background = reduce(style.background, options_.colors);
  if (style_ == style) return;
  style_ = style;
  output_ += "\x1B[0";
  if (style.bold) output_ += ";1";
  if (style.dim) output_ += ";2";
  if (style.italic) output_ += ";3";
  if (style.underline) output_ += ";4";
  if (style.reverse) output_ += ";7";
  output_ += color_codes(style.foreground, 30);
  output_ += color_codes(style.background, 40);
  output_ += 'm';
}

void Painter::set_link(const std::string& address) {
  if (!options_.links || link_ == address) return;
  link_ = address;
  output_ += fmt::format("\x1B]8;;{}\x1B\\", address);
}

std::string copy_sequence(std::string_view text) {
  static constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string base64;
  for (std::size_t i = 0; i < text.size(); i += 3) {
    const auto byte = [&](std::size_t at) {
      return at < text.size() ? static_cast<std::uint32_t>(static_cast<unsigned char>(text[at])) : 0U;
    };
    const std::uint32_t bits = byte(i) << 16 | byte(i + 1) << 8 | byte(i + 2);
    base64 += digits[bits >> 18];
    base64 += digits[bits >> 12 & 63];
    base64 += i + 1 < text.size() ? digits[bits >> 6 & 63] : '=';
    base64 += i + 2 < text.size() ? digits[bits & 63] : '=';
  }
  return fmt::format("\x1B]52;c;{}\x1B\\", base64);
}

}  // namespace confab::term
