// SPDX-License-Identifier: MIT
#include "base/text.h"

#include <algorithm>
#include <cstdlib>
#include <memory>

#include <utf8proc.h>

namespace confab::base {

namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD

/// How much of the beginning is printable ASCII, which nearly everything is, and nothing here has to change.
std::size_t plain_bytes(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::find_if(text, [](char c) { return c < ' ' || c > '~'; }) - text.begin());
}

bool is_plain(std::string_view text) { return plain_bytes(text) == text.size(); }

struct Character {
  utf8proc_int32_t code;  // -1: not UTF-8
  std::size_t size;       // bytes, at least 1
};

Character first_character(std::string_view text) {
  utf8proc_int32_t code = -1;
  const auto size = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                     static_cast<utf8proc_ssize_t>(text.size()), &code);
  if (size <= 0) return {-1, 1};
  return {code, static_cast<std::size_t>(size)};
}

bool is_unsafe(utf8proc_int32_t code) {
  if (code < 0x20 || (code >= 0x7F && code < 0xA0)) return true;        // C0, DEL, C1
  if (code == 0x2028 || code == 0x2029) return true;                    // line and paragraph separator
  if (code == 0x061C || code == 0x200E || code == 0x200F) return true;  // bidirectional marks
  if (code >= 0x202A && code <= 0x202E) return true;                    // embeddings and overrides
  if (code >= 0x2066 && code <= 0x2069) return true;                    // isolates
  return code == 0xFEFF || (code >= 0xFFF9 && code <= 0xFFFB);          // byte order mark, annotations
}

std::string clean(std::string_view text, bool keep_line_feeds) {
  std::string result;
  result.reserve(text.size());
  for (;;) {
    const std::size_t plain = plain_bytes(text);
    result += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) return result;
    const Character character = first_character(text);
    if (keep_line_feeds && character.code == '\r') {
      result += '\n';
      text.remove_prefix(text.starts_with("\r\n") ? 2 : 1);
      continue;
    }
    if (character.code == '\t') {
      result += ' ';
    } else if (character.code == '\n' && keep_line_feeds) {
      result += '\n';
    } else if (is_unsafe(character.code)) {
      result += replacement;
    } else {
      result += text.substr(0, character.size);
    }
    text.remove_prefix(character.size);
  }
}

bool is_word_category(utf8proc_category_t category) {
  switch (category) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ND:
      return true;
    default:
      return false;
  }
}

std::string map(std::string_view text, int options) {
  utf8proc_uint8_t* out = nullptr;
  const auto size =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()), static_cast<utf8proc_ssize_t>(text.size()),
                   &out, static_cast<utf8proc_option_t>(options));
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(out, &std::free);
  if (size < 0) return std::string(text);
  return {reinterpret_cast<const char*>(out), static_cast<std::size_t>(size)};
}

}  // namespace

bool is_utf8(ByteView bytes) {
  std::string_view text = as_text(bytes);
  for (;;) {
    text.remove_prefix(plain_bytes(text));
    if (text.empty()) return true;
    const Character character = first_character(text);
    if (character.code < 0) return false;
    text.remove_prefix(character.size);
  }
}

std::size_t count_characters(std::string_view text) {
  std::size_t count = plain_bytes(text);
  text.remove_prefix(count);
  for (; !text.empty(); ++count) text.remove_prefix(first_character(text).size);
  return count;
}

std::string clean_line(std::string_view text) { return clean(text, false); }

std::string clean_text(std::string_view text) { return clean(text, true); }

std::string normalize(std::string_view text) {
  return is_plain(text) ? std::string(text) : map(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
}

std::string fold_case(std::string_view text) {
  if (is_plain(text)) {
    std::string folded(text);
    std::ranges::transform(folded, folded.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return folded;
  }
  return map(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE);
}

std::string plain_spaces(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const Character character = first_character(text);
    if (utf8proc_category(character.code) == UTF8PROC_CATEGORY_ZS) {
      if (!result.empty()) result += ' ';
    } else {
      result += text.substr(0, character.size);
    }
    text.remove_prefix(character.size);
  }
  while (result.ends_with(' ')) result.pop_back();
  return result;
}

bool is_word(std::string_view text, std::string_view also) {
  while (!text.empty()) {
    const Character character = first_character(text);
    if (!is_word_category(utf8proc_category(character.code)) && also.find(text.front()) == std::string_view::npos) {
      return false;
    }
    text.remove_prefix(character.size);
  }
  return true;
}

std::string_view prefix_within(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  std::size_t end = bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end);
}

}  // namespace confab::base
