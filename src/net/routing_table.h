// SPDX-License-Identifier: MIT
// Which connection a datagram belongs to: by connection id, or by the token of a stateless reset.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "base/bytes.h"
#include "base/random.h"

namespace confab::net {

class Connection;

/// Keys of up to 20 bytes (NGTCP2_MAX_CIDLEN), some of them chosen by strangers: the hash is keyed, so that nobody can
/// make keys that collide. Every datagram asks here, so a look-up costs one line of the cache, most of the time: the
/// entries stand in one array, each as near behind the place that its hash names as it can.
///
/// Invariants:
/// 1. Between an entry and the place that its hash names there is no empty place.
/// 2. The array's size is a power of two, and at most three quarters of it are taken.
class RoutingTable {
 public:
  explicit RoutingTable(base::Random& random) : secret_a_(random.next()), secret_b_(random.next()), entries_(64) {}

  /// Keeps the older entry where the key is taken.
  void add(base::ByteView key, Connection& connection);
  /// Removes the entry only where it leads to this connection.
  void remove(base::ByteView key, const Connection& connection);
  Connection* find(base::ByteView key) const;

 private:
  static constexpr std::size_t key_bytes_max = 20;

  struct Key {
    Key() = default;
    explicit Key(base::ByteView view);
    bool operator==(const Key&) const = default;

    std::array<std::uint8_t, key_bytes_max> bytes{};
    std::uint8_t size = 0;
  };
  struct Entry {
    Connection* connection = nullptr;  // none: an empty place
    Key key;
  };

  std::size_t home_of(const Key& key) const;
  std::size_t place_of(const Key& key) const;
  std::size_t next(std::size_t place) const { return (place + 1) & (entries_.size() - 1); }
  void grow();

  std::uint64_t secret_a_;
  std::uint64_t secret_b_;
  std::vector<Entry> entries_;
  std::size_t taken_ = 0;
};

}  // namespace confab::net
