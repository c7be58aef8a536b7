// SPDX-License-Identifier: MIT
// First in, first out.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace confab::net {

/// A queue that is emptied again and again: it uses the same memory each time, where std::deque would take and give
/// back a piece every few elements.
template <typename T>
class Fifo {
 public:
  bool empty() const { return first_ == elements_.size(); }
  std::size_t size() const { return elements_.size() - first_; }
  T& front() { return elements_[first_]; }
  T& back() { return elements_.back(); }
  void push(T element) { elements_.push_back(std::move(element)); }

  T pop() {
    T element = std::move(elements_[first_++]);
    if (empty()) {
      clear();
    } else if (first_ >= gap_max && 2 * first_ >= elements_.size()) {
      elements_.erase(elements_.begin(), elements_.begin() + static_cast<std::ptrdiff_t>(first_));
      first_ = 0;
    }
    return element;
  }

 private:
  static constexpr std::size_t gap_max = 64;
  /// A burst's memory is not kept for good.
  static constexpr std::size_t kept_max = 16 * 1024;

  void clear() {
    elements_.clear();
    first_ = 0;
    if (elements_.capacity() > kept_max) elements_.shrink_to_fit();
  }

  std::vector<T> elements_;  // from first_ on
  std::size_t first_ = 0;
};

}  // namespace confab::net
