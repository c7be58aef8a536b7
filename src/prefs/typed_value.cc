// SPDX-License-Identifier: MIT
#include "prefs/typed_value.h"

#include <algorithm>

namespace confab::prefs {

namespace {

constexpr std::string_view quotes = "\"'";

/// Of the string that begins with a quote: the place of the one that ends it, or npos.
std::size_t closing_quote(std::string_view text) {
  const char quote = text.front();
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == quote) return i;
    if (text[i] == '\\' && quote == '"') ++i;
  }
  return std::string_view::npos;
}

std::string unescaped(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escapes = text[i] == '\\' && i + 1 < text.size() && (text[i + 1] == '"' || text[i + 1] == '\\');
    plain += text[escapes ? ++i : i];
  }
  return plain;
}

/// The comma behind the first string of a list, or the list's end.
std::size_t end_of_first(std::string_view list) {
  const std::size_t start = list.find_first_not_of(' ');
  const bool is_quoted = start != std::string_view::npos && quotes.contains(list[start]);
  const std::size_t closing = is_quoted ? closing_quote(list.substr(start)) : std::string_view::npos;
  return std::min(list.find(',', closing == std::string_view::npos ? 0 : start + closing), list.size());
}

}  // namespace

std::string trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(' ') - first + 1));
}

std::string typed_string(std::string_view text) {
  std::string words = trimmed(text);
  if (words.empty() || !quotes.contains(words.front()) || closing_quote(words) != words.size() - 1) return words;
  const std::string within = words.substr(1, words.size() - 2);
  return words.front() == '"' ? unescaped(within) : within;
}

std::vector<std::string> typed_list(std::string_view text) {
  const std::string words = trimmed(text);
  std::string_view rest = words;
  if (rest.starts_with('[') && rest.ends_with(']')) rest = rest.substr(1, rest.size() - 2);
  std::vector<std::string> list;
  while (!rest.empty()) {
    const std::size_t end = end_of_first(rest);
    if (std::string each = typed_string(rest.substr(0, end)); !each.empty()) list.push_back(std::move(each));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return list;
}

}  // namespace confab::prefs
