// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace confab::io {

/// What the system said no to. `text` is one line for people, without a full stop: a caller may add a hint after a
/// colon.
struct IoError {
  int error = 0;  ///< errno
  std::string text;
};

/// "address already in use": the system's words for an errno, as they read in the middle of a sentence.
std::string describe(int error);

/// "cannot WHAT: REASON".
IoError make_error(std::string_view what, int error);

}  // namespace confab::io
