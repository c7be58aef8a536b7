// SPDX-License-Identifier: MIT
#include "screen/link_finder.h"

#include <algorithm>
#include <array>
#include <optional>

namespace confab::screen {

namespace {

constexpr std::array<std::string_view, 3> schemes = {"http", "https", "confab"};
constexpr std::string_view separator = "://";

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool is_alphanumeric(char c) { return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9'); }

bool is_visible(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte > ' ' && byte != 0x7F && c != '<' && c != '>' && c != '"' && c != '`';
}

/// Where the scheme before the "://" at `colon` begins, if it is one of ours.
std::optional<std::size_t> scheme_start(std::string_view text, std::size_t colon) {
  std::size_t start = colon;
  while (start > 0 && is_alphanumeric(text[start - 1])) --start;
  const std::string_view word = text.substr(start, colon - start);
  const bool known = std::ranges::any_of(
      schemes, [&](std::string_view scheme) { return std::ranges::equal(word, scheme, {}, lower); });
  return known ? std::optional(start) : std::nullopt;
}

/// Brackets are counted while the link is read, so that a flood of them costs one pass.
class Brackets {
 public:
  explicit Brackets(std::string_view link) {
    for (const char c : link) count(c, 1);
  }
  void drop(char c) { count(c, -1); }
  bool closes_too_many(char c) const { return (c == ')' && round_ < 0) || (c == ']' && square_ < 0); }

 private:
  void count(char c, int by) {
    if (c == '(' || c == ')') round_ += c == '(' ? by : -by;
    if (c == '[' || c == ']') square_ += c == '[' ? by : -by;
  }

  int round_ = 0;
  int square_ = 0;
};

std::size_t without_end_of_sentence(std::string_view text, std::size_t start, std::size_t end) {
  constexpr std::string_view closing = ".,;:!?'*_~";
  Brackets brackets(text.substr(start, end - start));
  for (; end > start; --end) {
    const char last = text[end - 1];
    if (closing.find(last) == std::string_view::npos && !brackets.closes_too_many(last)) break;
    brackets.drop(last);
  }
  return end;
}

}  // namespace

std::vector<prefs::TextRange> find_links(std::string_view text) {
  std::vector<prefs::TextRange> links;
  std::size_t from = 0;
  for (;;) {
    const std::size_t colon = text.find(separator, from);
    if (colon == std::string_view::npos) return links;
    const std::size_t body = colon + separator.size();
    from = body;
    const auto start = scheme_start(text, colon);
    if (!start) continue;
    std::size_t end = body;
    while (end < text.size() && is_visible(text[end])) ++end;
    from = end;
    end = without_end_of_sentence(text, body, end);
    if (end > body) links.push_back({*start, end});
  }
}

}  // namespace confab::screen
