// SPDX-License-Identifier: MIT
// Which connection a datagram belongs to: by connection id, or by the token of a stateless reset.
#pragma once

#include <array>
#include <cstdint>
#include <unordered_map>

#include "base/bytes.h"
#include "base/random.h"

namespace confab::net {

class Connection;

/// Keys of up to 20 bytes (NGTCP2_MAX_CIDLEN), some of them chosen by strangers: the hash is keyed, so that nobody can
/// make keys that collide. Never iterated over, so its order does not matter.
class RoutingTable {
 public:
  explicit RoutingTable(base::Random& random) : entries_(0, Hash{random.next(), random.next()}) {}

  /// Keeps the older entry where the key is taken.
  void add(base::ByteView key, Connection& connection) { entries_.try_emplace(Key(key), &connection); }
  /// Removes the entry only where it leads to this connection.
  void remove(base::ByteView key, const Connection& connection);
  Connection* find(base::ByteView key) const;

 private:
  static constexpr std::size_t key_bytes_max = 20;

  struct Key {
    explicit Key(base::ByteView view);
    bool operator==(const Key&) const = default;

    std::array<std::uint8_t, key_bytes_max> bytes{};
    std::uint8_t size;
  };
  struct Hash {
    std::uint64_t secret_a;
    std::uint64_t secret_b;
    std::size_t operator()(const Key& key) const;
  };

  std::unordered_map<Key, Connection*, Hash> entries_;
};

}  // namespace confab::net
