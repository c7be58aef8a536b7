// SPDX-License-Identifier: MIT
// What is going to happen, in order: by time, and at one time in the order in which it was decided.
#pragma once

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <functional>
#include <vector>

#include "base/time.h"

namespace confab::sim {

class EventQueue {
 public:
  using Action = std::move_only_function<void()>;

  void add(base::Instant at, Action action) {
    entries_.push_back({at, next_number_++, std::move(action)});
    std::ranges::push_heap(entries_, later);
  }

  bool empty() const { return entries_.empty(); }
  base::Instant next_at() const { return entries_.empty() ? base::never : entries_.front().at; }

  /// Takes out the first event; the queue must not be empty.
  Action take() {
    assert(!entries_.empty());
    std::ranges::pop_heap(entries_, later);
    Action action = std::move(entries_.back().action);
    entries_.pop_back();
    return action;
  }

 private:
  struct Entry {
    base::Instant at;
    std::uint64_t number;  // a heap keeps no order among equals: this does
    Action action;
  };

  static bool later(const Entry& a, const Entry& b) { return a.at != b.at ? a.at > b.at : a.number > b.number; }

  std::vector<Entry> entries_;
  std::uint64_t next_number_ = 0;
};

}  // namespace confab::sim
