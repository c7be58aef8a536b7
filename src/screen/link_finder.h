// SPDX-License-Identifier: MIT
// Addresses inside what people write.
//
//   link     = scheme 1*visible
//   scheme   = "http://" / "https://" / "confab://"     in any case, not behind a letter or digit
//   visible  = any byte but controls, space, '<', '>', '"', '`'
//
// Signs at the end that close a sentence, and brackets that the link does not open itself, are not part of it.
#pragma once

#include <string_view>
#include <vector>

#include "prefs/text_range.h"

namespace confab::screen {

/// In order, none over another.
std::vector<prefs::TextRange> find_links(std::string_view text);

}  // namespace confab::screen
