// SPDX-License-Identifier: MIT
// Emoji by their short names, as they are typed: `:thumbs_up:`, `:+1:`. The table is made when Confab is built
// (tools/emoji_table.py).
#pragma once

#include <span>
#include <string_view>

namespace confab::tui {

struct Emoji {
  std::string_view name;  ///< lower-case ASCII letters, digits, '_', '-', '+'
  std::string_view text;
};

/// The emoji of a name; empty where there is none.
std::string_view emoji_for(std::string_view name);

/// All whose names begin with `prefix`, by name.
std::span<const Emoji> emoji_from(std::string_view prefix);

/// `:name:` as its emoji; anything else as it is.
std::string_view emoji_or_text(std::string_view text);

}  // namespace confab::tui
