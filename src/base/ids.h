// SPDX-License-Identifier: MIT
// Names of things on the wire and in the store.
#pragma once

#include <array>
#include <charconv>
#include <compare>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include "base/bytes.h"
#include "base/random.h"

namespace confab::base {

/// The place of an event in its room's log: 1 for the first, without gaps.
using Seq = std::uint64_t;

/// 128 random bits that the author's client gives a message before its first attempt, so that a retry is recognised.
struct MessageId {
  std::array<std::uint8_t, 16> bytes{};

  auto operator<=>(const MessageId&) const = default;

  static MessageId make(Random& random) {
    MessageId id;
    random.fill(id.bytes);
    return id;
  }
  /// Exactly 16 bytes, else nullopt.
  static std::optional<MessageId> from(ByteView view) {
    MessageId id;
    if (view.size() != id.bytes.size()) return std::nullopt;
    std::memcpy(id.bytes.data(), view.data(), id.bytes.size());
    return id;
  }
  /// 32 hexadecimal digits of either case, else nullopt.
  static std::optional<MessageId> parse(std::string_view text) {
    MessageId id;
    if (text.size() != 2 * id.bytes.size()) return std::nullopt;
    for (std::size_t i = 0; i < id.bytes.size(); ++i) {
      const char* digits = text.data() + 2 * i;
      const auto [end, error] = std::from_chars(digits, digits + 2, id.bytes[i], 16);
      if (error != std::errc() || end != digits + 2) return std::nullopt;
    }
    return id;
  }
  /// 32 lower-case hexadecimal digits.
  std::string to_string() const {
    static constexpr char digits[] = "0123456789abcdef";
    std::string text;
    for (std::uint8_t byte : bytes) {
      text += digits[byte >> 4];
      text += digits[byte & 15];
    }
    return text;
  }
};

struct MessageIdHash {
  /// The bits are random already; a hostile client that makes its own collide slows only its own retries.
  std::size_t operator()(const MessageId& id) const {
    std::size_t hash;
    std::memcpy(&hash, id.bytes.data(), sizeof hash);
    return hash;
  }
};

}  // namespace confab::base
