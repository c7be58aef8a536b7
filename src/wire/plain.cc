// SPDX-License-Identifier: MIT
#include "wire/plain.h"

#include <algorithm>
#include <cassert>

#include "base/text.h"
#include "wire/limits.h"

namespace confab::wire {

namespace {

constexpr std::string_view separator = " : ";

// A long line is cut after a space, where there is one this close to the end of what fits.
constexpr std::size_t cut_window_bytes = 64;

// Line ends, tabs, what an arrow or delete key leaves in a line that was typed without an editor, and the bell that
// programs put into lines: parse_plain cleans them, and a line that somebody meant to send is not lost.
bool is_typed_control(std::uint8_t byte) {
  return byte == '\n' || byte == '\r' || byte == '\t' || byte == '\b' || byte == '\a' || byte == 0x1B || byte == 0x7F;
}

bool is_binary(std::uint8_t byte) { return byte < 0x20 && !is_typed_control(byte); }

// The next piece of a line, at most `bytes_max` bytes. Expects bytes_max >= 4, the longest character.
std::string_view next_piece(std::string_view line, std::size_t bytes_max) {
  const std::string_view piece = base::prefix_within(line, bytes_max);
  assert(!piece.empty() || line.empty());
  if (piece.size() == line.size()) return piece;
  const std::size_t space = piece.rfind(' ');
  if (space == std::string_view::npos || space + cut_window_bytes < piece.size()) return piece;
  return piece.substr(0, space + 1);
}

}  // namespace

DatagramKind classify(base::ByteView datagram) {
  if (datagram.empty() || std::ranges::any_of(datagram, is_binary)) return DatagramKind::quic;
  return base::is_utf8(datagram) ? DatagramKind::text : DatagramKind::quic;
}

PlainLine parse_plain(base::ByteView datagram) {
  std::string_view text = base::as_text(datagram);
  PlainLine line;
  if (const std::size_t at = text.find(separator); at != std::string_view::npos) {
    line.name = text.substr(0, at);
    text.remove_prefix(at + separator.size());
  }
  line.text = base::clean_text(text);
  while (line.text.ends_with('\n')) line.text.pop_back();
  return line;
}

std::vector<std::string> format_plain(std::string_view name, std::string_view text) {
  const std::string prefix = std::string(name).append(separator);
  assert(prefix.size() + 4 <= limits::plain_datagram_bytes_max);
  const std::size_t piece_bytes_max = limits::plain_datagram_bytes_max - prefix.size();
  std::vector<std::string> datagrams;
  for (bool more = true; more;) {
    const std::size_t line_end = text.find('\n');
    std::string_view line = text.substr(0, line_end);
    more = line_end != std::string_view::npos;
    if (more) text.remove_prefix(line_end + 1);
    do {
      const std::string_view piece = next_piece(line, piece_bytes_max);
      datagrams.push_back(prefix + std::string(piece));
      line.remove_prefix(piece.size());
    } while (!line.empty());
  }
  return datagrams;
}

std::vector<std::string> format_for_plain_member(std::string_view name, std::string_view text) {
  std::string dense;
  for (const char byte : text) {
    if (byte != '\n' || (!dense.empty() && dense.back() != '\n')) dense += byte;
  }
  std::vector<std::string> datagrams = format_plain(name, dense);
  if (datagrams.size() > limits::plain_datagrams_per_message_max) {
    datagrams.resize(limits::plain_datagrams_per_message_max);
    datagrams.back() = std::string(name).append(separator).append("…");
  }
  return datagrams;
}

}  // namespace confab::wire
