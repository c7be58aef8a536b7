// SPDX-License-Identifier: MIT
// An IP address and UDP port as a small value that can be compared, hashed, printed and parsed.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <netinet/in.h>

namespace confab::base {

/// Invariant: an IPv4 address fills the first 4 bytes of `ip`, the rest is zero.
struct Address {
  enum class Family : std::uint8_t { none, v4, v6 };

  std::array<std::uint8_t, 16> ip{};
  std::uint32_t scope = 0;  ///< IPv6 scope id (interface) of link-local addresses, else 0
  std::uint16_t port = 0;   ///< host byte order
  Family family = Family::none;

  auto operator<=>(const Address&) const = default;

  static Address from_sockaddr(const sockaddr* address);
  static Address v4(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d, std::uint16_t port);

  /// Writes the system's form and answers its length in bytes.
  socklen_t to_sockaddr(sockaddr_storage& out) const;

  bool is_loopback() const;
  bool is_unspecified() const;

  /// `127.0.0.1:2209`, `[::1]:2209`.
  std::string to_string() const;
  /// Numeric addresses only, in the form to_string() gives; nullopt for anything else.
  static std::optional<Address> parse(std::string_view text);
};

struct AddressHash {
  std::size_t operator()(const Address& address) const;
};

/// The two ends of the way a datagram took or is to take. An unspecified local IP leaves the choice to the kernel.
struct Path {
  Address local;
  Address remote;
  bool operator==(const Path&) const = default;
};

}  // namespace confab::base
