// SPDX-License-Identifier: MIT
// A text that has to fit a number of cells.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace confab::screen {

/// The text, or as much of its beginning as fits before an ellipsis. Never half a character.
std::string with_ellipsis(std::string_view text, std::size_t cells);

}  // namespace confab::screen
