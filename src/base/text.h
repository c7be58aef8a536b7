// SPDX-License-Identifier: MIT
// What other people typed, made safe to keep and to show: valid UTF-8, no control characters, no reordering tricks.
// Unicode's tables come from utf8proc.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace confab::base {

/// Strict UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing above U+10FFFF.
bool is_utf8(ByteView bytes);

/// Code points in valid UTF-8; bytes in anything else.
std::size_t count_characters(std::string_view text);

/// For one line on a screen: everything that could move the cursor, colour the screen or change the direction of what
/// follows (C0, C1, DEL, line and paragraph separators, bidirectional controls) and every invalid byte becomes U+FFFD;
/// a tab becomes a space.
std::string clean_line(std::string_view text);

/// The same, but keeps line feeds (and reads CR LF and CR as one): for the body of a message.
std::string clean_text(std::string_view text);

/// Canonical composition (NFC): one spelling for what looks the same. Expects clean text.
std::string normalize(std::string_view text);

/// Compatibility case folding (NFKC_Casefold): two names that differ only in case or width are one name.
std::string fold_case(std::string_view text);

/// Every kind of space (Unicode category Zs) as U+0020, none at the ends.
std::string plain_spaces(std::string_view text);

/// Whether all of `text` is letters, digits and combining marks of any script, or characters of `also` (ASCII).
bool is_word(std::string_view text, std::string_view also);

/// The longest prefix of `text` of at most `bytes_max` bytes that ends on a character boundary.
std::string_view prefix_within(std::string_view text, std::size_t bytes_max);

}  // namespace confab::base
