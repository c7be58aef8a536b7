// SPDX-License-Identifier: MIT
#include "net/routing_table.h"

#include <algorithm>
#include <cassert>
#include <cstring>

namespace confab::net {

namespace {

__extension__ using Product = unsigned __int128;

/// Multiplies and folds: every bit of the inputs reaches every bit of the result.
std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  const Product product = static_cast<Product>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

}  // namespace

RoutingTable::Key::Key(base::ByteView view) : size(static_cast<std::uint8_t>(view.size())) {
  assert(view.size() <= bytes.size());
  std::ranges::copy(view, bytes.begin());
}

std::size_t RoutingTable::Hash::operator()(const Key& key) const {
  std::uint64_t first;
  std::uint64_t second;
  std::uint32_t third;
  std::memcpy(&first, key.bytes.data(), sizeof first);
  std::memcpy(&second, key.bytes.data() + 8, sizeof second);
  std::memcpy(&third, key.bytes.data() + 16, sizeof third);
  const std::uint64_t folded = mix(first ^ secret_a, second ^ secret_b);
  return mix(folded ^ third, secret_a ^ key.size);
}

void RoutingTable::remove(base::ByteView key, const Connection& connection) {
  const auto found = entries_.find(Key(key));
  if (found != entries_.end() && found->second == &connection) entries_.erase(found);
}

Connection* RoutingTable::find(base::ByteView key) const {
  if (key.size() > key_bytes_max) return nullptr;
  const auto found = entries_.find(Key(key));
  return found == entries_.end() ? nullptr : found->second;
}

}  // namespace confab::net
