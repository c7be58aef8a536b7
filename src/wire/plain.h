// SPDX-License-Identifier: MIT
// The toy's protocol: one UDP datagram, one line, `name : text`, UTF-8, at most 1,024 bytes. And how its datagrams are
// told from QUIC packets on the same port: every connection id that a Confab server issues begins with 0xFF, so the
// second byte of a QUIC packet for it (0xFF in a short header, 0x00 or 0x6b, the version's first, in a long one) never
// continues a UTF-8 character. Strict UTF-8 is therefore never a QUIC packet, and all that is not text is QUIC's. Of C0
// control characters only those pass that people type by mistake (line ends, tab, bell, backspace, escape, delete): the
// others mark strays, such as DNS.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace confab::wire {

/// First byte of every connection id that a server issues.
inline constexpr std::uint8_t connection_id_mark = 0xFF;

enum class DatagramKind { text, quic };

/// An empty datagram says nothing: it is left to QUIC, which drops it.
DatagramKind classify(base::ByteView datagram);

struct PlainLine {
  std::string name;  ///< as written, unchecked (see canonical_name); empty where the datagram has none
  std::string text;  ///< clean (base::clean_text), trailing line ends removed; may be empty
};

/// Reads a text datagram: what stands before the first " : " is the name, what follows is the text; without " : " all
/// is text.
PlainLine parse_plain(base::ByteView datagram);

/// The datagrams that show a message to a plain client: one or more a line of the text (an empty line too), each
/// `name : text` and at most limits::plain_datagram_bytes_max bytes, cut only between characters and after a space
/// where one is near. Nothing is lost: the pieces of a line put together are the line. Expects a canonical name and
/// clean text.
std::vector<std::string> format_plain(std::string_view name, std::string_view text);

/// What a server sends to a plain member for a message: the same without empty lines, and at most
/// limits::plain_datagrams_per_message_max datagrams, the last of which is then "…".
std::vector<std::string> format_for_plain_member(std::string_view name, std::string_view text);

}  // namespace confab::wire
