// SPDX-License-Identifier: MIT
#include "tui/emoji.h"

#include <algorithm>
#include <array>

namespace confab::tui {

namespace {

/// Sorted by name.
constexpr auto table = std::to_array<Emoji>({
#include "tui/emoji_table.inc"
});

static_assert(std::ranges::is_sorted(table, {}, &Emoji::name));

}  // namespace

std::string_view emoji_for(std::string_view name) {
  const auto* const found = std::ranges::lower_bound(table, name, {}, &Emoji::name);
  return found != table.end() && found->name == name ? found->text : std::string_view();
}

std::span<const Emoji> emoji_from(std::string_view prefix) {
  const auto head = [&prefix](const Emoji& emoji) { return emoji.name.substr(0, prefix.size()); };
  const auto found = std::ranges::equal_range(table, prefix, {}, head);
  return {found.begin(), found.end()};
}

std::string_view emoji_or_text(std::string_view text) {
  if (text.size() < 3 || !text.starts_with(':') || !text.ends_with(':')) return text;
  const std::string_view emoji = emoji_for(text.substr(1, text.size() - 2));
  return emoji.empty() ? text : emoji;
}

}  // namespace confab::tui
