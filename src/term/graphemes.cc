// SPDX-License-Identifier: MIT
#include "term/graphemes.h"

#include <algorithm>

#include <utf8proc.h>

namespace confab::term {

namespace {

struct Point {
  utf8proc_int32_t code;
  std::size_t size;
};

Point point_at(std::string_view text, std::size_t at) {
  utf8proc_int32_t code = -1;
  const auto size = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()) + at,
                                     static_cast<utf8proc_ssize_t>(text.size() - at), &code);
  if (size <= 0) return {0xFFFD, 1};
  return {code, static_cast<std::size_t>(size)};
}

/// Letters, digits and signs of ASCII stand alone next to each other: most of what is typed needs no table.
bool is_ascii(std::string_view text, std::size_t at) { return text[at] >= 0x20 && text[at] < 0x7F; }

/// The end of the cluster that starts at `start`, which is a boundary and not the end of the text.
std::size_t cluster_end(std::string_view text, std::size_t start) {
  if (is_ascii(text, start) && (start + 1 == text.size() || is_ascii(text, start + 1))) return start + 1;
  utf8proc_int32_t state = 0;
  Point point = point_at(text, start);
  std::size_t at = start + point.size;
  while (at < text.size()) {
    const Point next = point_at(text, at);
    if (utf8proc_grapheme_break_stateful(point.code, next.code, &state)) break;
    at += next.size;
    point = next;
  }
  return at;
}

/// The parts of a cluster share two cells at most: an emoji and its skin colour, a family, the two letters of a flag,
/// the parts of a Hangul syllable. A Thai consonant and its vowel do take one each.
std::size_t cluster_cells(std::string_view cluster) {
  if (cluster.size() == 1 && is_ascii(cluster, 0)) return 1;
  constexpr utf8proc_int32_t emoji_presentation = 0xFE0F;  // variation selector 16
  int cells = 0;
  for (std::size_t at = 0; at < cluster.size();) {
    const Point point = point_at(cluster, at);
    if (point.code == emoji_presentation && cells > 0) return 2;
    cells += utf8proc_charwidth(point.code);
    at += point.size;
  }
  return static_cast<std::size_t>(std::clamp(cells, 0, 2));
}

/// A line feed is a boundary whatever stands around it, so that a search back need not begin with the text.
std::size_t line_start(std::string_view text, std::size_t at) {
  return at == 0 ? 0 : text.rfind('\n', at - 1) + 1;  // npos + 1 is 0
}

bool is_word(std::string_view text, std::size_t at) {
  switch (utf8proc_category(point_at(text, at).code)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
      return true;
    default:
      return false;
  }
}

}  // namespace

std::vector<Cluster> clusters(std::string_view text) {
  std::vector<Cluster> result;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = cluster_end(text, at);
    const std::string_view cluster = text.substr(at, end - at);
    result.push_back({cluster, cluster_cells(cluster)});
    at = end;
  }
  return result;
}

std::size_t boundary_from(std::string_view text, std::size_t at) {
  std::size_t boundary = line_start(text, at);
  while (boundary < at) boundary = cluster_end(text, boundary);
  return boundary;
}

std::size_t next_boundary(std::string_view text, std::size_t at) {
  return at >= text.size() ? text.size() : boundary_from(text, at + 1);
}

std::size_t previous_boundary(std::string_view text, std::size_t at) {
  if (at == 0) return 0;
  std::size_t boundary = line_start(text, at - 1);
  for (std::size_t next = boundary; next < at; next = cluster_end(text, next)) boundary = next;
  return boundary;
}

std::size_t cells_of(std::string_view text) {
  std::size_t cells = 0;
  for (const Cluster& cluster : clusters(text)) cells += cluster.cells;
  return cells;
}

std::size_t word_end(std::string_view text, std::size_t at) {
  while (at < text.size() && !is_word(text, at)) at = cluster_end(text, at);
  while (at < text.size() && is_word(text, at)) at = cluster_end(text, at);
  return at;
}

std::size_t word_start(std::string_view text, std::size_t at) {
  std::size_t word = 0;  // of the last run that begins before `at`
  bool inside = false;
  for (std::size_t i = 0; i < at; i = cluster_end(text, i)) {
    const bool letter = is_word(text, i);
    if (letter && !inside) word = i;
    inside = letter;
  }
  return word;
}

}  // namespace confab::term
