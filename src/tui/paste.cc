// SPDX-License-Identifier: MIT
#include "tui/paste.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "base/text.h"

namespace confab::tui {

namespace {

std::size_t count_lines(std::string_view text) {
  // A terminal pastes line ends as CR, some as LF.
  return 1 + static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return c == '\r' || c == '\n'; }));
}

}  // namespace

std::optional<std::string> paste_question(const term::Key& key, std::size_t lines_max) {
  if (key.kind != term::Key::Kind::paste || lines_max == 0) return std::nullopt;
  const std::size_t lines = count_lines(key.text);
  if (lines <= lines_max) return std::nullopt;
  return fmt::format("paste {} lines? y: yes, any other key: no", lines);
}

bool is_yes(const term::Key& key) { return key.kind == term::Key::Kind::character && base::fold_case(key.text) == "y"; }

}  // namespace confab::tui
