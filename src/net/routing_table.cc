// SPDX-License-Identifier: MIT
#include "net/routing_table.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <utility>

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

std::size_t RoutingTable::home_of(const Key& key) const {
  std::uint64_t first;
  std::uint64_t second;
  std::uint32_t third;
  std::memcpy(&first, key.bytes.data(), sizeof first);
  std::memcpy(&second, key.bytes.data() + 8, sizeof second);
  std::memcpy(&third, key.bytes.data() + 16, sizeof third);
  const std::uint64_t folded = mix(first ^ secret_a_, second ^ secret_b_);
  return mix(folded ^ third, secret_a_ ^ key.size) & (entries_.size() - 1);
}

/// Where the key stands, or else the empty place where it would.
std::size_t RoutingTable::place_of(const Key& key) const {
  std::size_t place = home_of(key);
  while (entries_[place].connection != nullptr && entries_[place].key != key) place = next(place);
  return place;
}

void RoutingTable::add(base::ByteView view, Connection& connection) {
  if (4 * (taken_ + 1) > 3 * entries_.size()) grow();
  const Key key(view);
  Entry& entry = entries_[place_of(key)];
  if (entry.connection != nullptr) return;
  entry = {&connection, key};
  ++taken_;
}

void RoutingTable::grow() {
  for (const Entry& entry : std::exchange(entries_, std::vector<Entry>(2 * entries_.size()))) {
    if (entry.connection != nullptr) entries_[place_of(entry.key)] = entry;
  }
}

void RoutingTable::remove(base::ByteView view, const Connection& connection) {
  std::size_t hole = place_of(Key(view));
  if (entries_[hole].connection != &connection) return;
  --taken_;
  // What stands behind the hole, up to the next empty place, moves up as far as its home allows.
  for (std::size_t place = next(hole); entries_[place].connection != nullptr; place = next(place)) {
    const std::size_t mask = entries_.size() - 1;
    const std::size_t from_home = (place - home_of(entries_[place].key)) & mask;
    const std::size_t from_hole = (place - hole) & mask;
    if (from_home < from_hole) continue;
    entries_[hole] = entries_[place];
    hole = place;
  }
  entries_[hole] = {};
}

Connection* RoutingTable::find(base::ByteView key) const {
  if (key.size() > key_bytes_max) return nullptr;
  return entries_[place_of(Key(key))].connection;
}

}  // namespace confab::net
