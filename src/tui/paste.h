// SPDX-License-Identifier: MIT
// Before many lines are pasted by mistake, both modes ask.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "term/keys.h"

namespace confab::tui {

/// What is asked before this key counts; nullopt for every key but a paste of more than `lines_max` lines (0: never).
std::optional<std::string> paste_question(const term::Key& key, std::size_t lines_max);

/// The answer; every key is one.
bool is_yes(const term::Key& key);

}  // namespace confab::tui
