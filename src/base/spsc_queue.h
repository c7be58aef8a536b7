// SPDX-License-Identifier: MIT
// A queue from one thread to one other, without locks: what one worker hands another.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

namespace confab::base {

/// Thread rule: one thread pushes, one other (or the same) pops; both may ask for the size. What was written before a
/// push is seen after its pop.
///
///   chunk → chunk → chunk        slots filled in order, each once; the reader gives its last chunk back to the writer
///   ^reader         ^writer
///
/// It has no bound of its own: whoever pushes asks size() and stops bringing more. A push allocates only while the
/// reader falls behind by more than it ever did before.
template <typename T>
class SpscQueue {
 public:
  SpscQueue() : first_(std::make_unique<Chunk>()), write_chunk_(first_.get()) {}
  SpscQueue(const SpscQueue&) = delete;
  SpscQueue& operator=(const SpscQueue&) = delete;
  ~SpscQueue() {
    // Chunk by chunk: a long chain that destroys itself goes as deep as it is long.
    while (first_) first_ = std::move(first_->next);
    delete spare_.load(std::memory_order_relaxed);
  }

  void push(T value) {
    if (write_slot_ == slots_per_chunk) {
      write_chunk_->next = take_spare();
      write_chunk_ = write_chunk_->next.get();
      write_slot_ = 0;
    }
    write_chunk_->slots[write_slot_++] = std::move(value);
    pushed_.store(pushed_.load(std::memory_order_relaxed) + 1, std::memory_order_release);
  }

  std::optional<T> pop() {
    if (empty()) return std::nullopt;
    if (read_slot_ == slots_per_chunk) {
      std::unique_ptr<Chunk> done = std::exchange(first_, std::move(first_->next));
      delete spare_.exchange(done.release(), std::memory_order_acq_rel);
      read_slot_ = 0;
    }
    std::optional<T> value = std::exchange(first_->slots[read_slot_++], std::nullopt);
    popped_.store(popped_.load(std::memory_order_relaxed) + 1, std::memory_order_release);
    return value;
  }

  /// How many wait; the other side may change it at the same time, to fewer for the writer, to more for the reader.
  std::size_t size() const {
    const std::uint64_t popped = popped_.load(std::memory_order_acquire);
    return static_cast<std::size_t>(pushed_.load(std::memory_order_acquire) - popped);
  }
  bool empty() const { return size() == 0; }

 private:
  static constexpr std::size_t slots_per_chunk = 64;
  /// What one thread writes and another polls stands apart, so that they do not take a cache line from each other.
  static constexpr std::size_t cache_line_bytes = 64;

  struct Chunk {
    std::array<std::optional<T>, slots_per_chunk> slots;
    std::unique_ptr<Chunk> next;
  };

  std::unique_ptr<Chunk> take_spare() {
    std::unique_ptr<Chunk> spare(spare_.exchange(nullptr, std::memory_order_acq_rel));
    return spare ? std::move(spare) : std::make_unique<Chunk>();
  }

  // The reader's.
  alignas(cache_line_bytes) std::unique_ptr<Chunk> first_;
  std::size_t read_slot_ = 0;
  std::atomic<std::uint64_t> popped_ = 0;
  // The writer's.
  alignas(cache_line_bytes) Chunk* write_chunk_;
  std::size_t write_slot_ = 0;
  std::atomic<std::uint64_t> pushed_ = 0;
  // Both's.
  alignas(cache_line_bytes) std::atomic<Chunk*> spare_ = nullptr;
};

}  // namespace confab::base
