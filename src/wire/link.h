// SPDX-License-Identifier: MIT
// Where a server is, as people write it.
//
//   link    := "confab://" [fingerprint "@"] target ["/" room]
//   target  := host [":" port]          host: name, IPv4 address, or "[" IPv6 address "]"
//   address := link | target            (what the command line takes)
//   fingerprint := "SHA256:" base64 of 32 bytes, with or without "=", "+/" or the URL-safe "-_"
#pragma once

#include <array>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace confab::wire {

inline constexpr std::uint16_t default_port = 2209;

/// SHA-256 of the server key's SubjectPublicKeyInfo (DER), as in RFC 7469.
struct Fingerprint {
  std::array<std::uint8_t, 32> sha256{};
  auto operator<=>(const Fingerprint&) const = default;

  /// `SHA256:` and 43 characters of base64 without padding.
  std::string to_string() const;
  static std::optional<Fingerprint> parse(std::string_view text);
};

struct Link {
  std::optional<Fingerprint> fingerprint;
  std::string host;  ///< without brackets, lower case
  std::uint16_t port = default_port;
  std::optional<std::string> room;  ///< canonical (wire/names.h)

  /// `host:port`, IPv6 in brackets: the key of known_hosts.
  std::string target() const;
  /// A whole link that parse_link reads back to the same value.
  std::string to_string() const;
  bool operator==(const Link&) const = default;
};

/// Takes a link or a bare target; the error is a sentence for people.
std::expected<Link, std::string> parse_link(std::string_view text);

}  // namespace confab::wire
