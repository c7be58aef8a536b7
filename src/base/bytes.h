// SPDX-License-Identifier: MIT
// Bytes as everything below text handles them: a view that borrows, a vector that owns, a slice that shares.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace confab::base {

using ByteView = std::span<const std::uint8_t>;
using Bytes = std::vector<std::uint8_t>;

inline ByteView as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

inline std::string_view as_text(ByteView bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

/// A slice of bytes that several holders read and nobody changes while one of them is left: a room's log hands the same
/// memory to every member's stream, which must keep it in place until the peer has acknowledged it.
struct SharedBytes {
  std::shared_ptr<const void> owner;  ///< keeps `view` alive
  ByteView view;

  /// Moves `bytes` into shared ownership.
  static SharedBytes own(Bytes bytes) {
    auto owner = std::make_shared<const Bytes>(std::move(bytes));
    ByteView view = *owner;
    return {std::move(owner), view};
  }
};

}  // namespace confab::base
