// SPDX-License-Identifier: MIT
// Things by a handle, in an array.
#pragma once

#include <cassert>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace confab::net {

/// A handle is a number that counts up, 1, 2, 3 …, above the place in the array that its owner has:
///
///   handle = count << place_bits | place
///
/// So handles are in the order in which they were made, none is used twice (at 10,000 a second the count lasts for
/// three years below another table's first), and a dead one finds a place that is empty or has another handle's owner.
/// Places are used again.
template <typename Owner>
class SlotTable {
 public:
  using Handle = std::uint64_t;
  static constexpr unsigned place_bits = 20;

  /// Handles are above `first`, which has a count and no place.
  explicit SlotTable(Handle first = 0) : count_((first >> place_bits) + 1) {}

  /// The handle of what is put in next.
  Handle next_handle() const { return count_ << place_bits | (free_.empty() ? slots_.size() : free_.back()); }
  /// Takes what was made for next_handle().
  Owner& put(std::unique_ptr<Owner> owner) {
    const Handle handle = next_handle();
    const std::size_t place = place_of(handle);
    assert(place < std::size_t{1} << place_bits);
    if (place == slots_.size()) {
      slots_.emplace_back();
    } else {
      free_.pop_back();
    }
    slots_[place] = {handle, std::move(owner)};
    ++count_;
    return *slots_[place].owner;
  }

  Owner* find(Handle handle) const {
    const std::size_t place = place_of(handle);
    return place < slots_.size() && slots_[place].handle == handle ? slots_[place].owner.get() : nullptr;
  }

  void erase(Handle handle) {
    assert(find(handle) != nullptr);
    slots_[place_of(handle)] = {};
    free_.push_back(place_of(handle));
  }

 private:
  struct Slot {
    Handle handle = 0;
    std::unique_ptr<Owner> owner;
  };

  static std::size_t place_of(Handle handle) { return handle & ((Handle{1} << place_bits) - 1); }

  std::vector<Slot> slots_;
  std::vector<std::size_t> free_;
  Handle count_;
};

}  // namespace confab::net
