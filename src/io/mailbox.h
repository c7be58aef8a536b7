// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <mutex>
#include <vector>

#include "base/time.h"

namespace confab::io {

/// Something to be done on the loop's thread in its next turn.
using Task = std::function<void(base::Now)>;

/// The way into an event loop from other threads. Thread-safe. Shared by the loop and whoever may outlive it (a thread
/// that waits for a name server cannot be called back): once closed, it takes everything and does nothing.
class Mailbox {
 public:
  /// `ring` makes the loop take a turn; called by any thread, once however much is posted before the loop looks.
  explicit Mailbox(std::function<void()> ring) : ring_(std::move(ring)) {}

  void post(Task task);
  /// A turn with nothing to do in it but what the machine finds.
  void wake();

  /// The tasks in the order they were posted. By the loop's thread, at the start of a turn.
  std::vector<Task> take();
  /// `ring` is not called any more when this returns.
  void close();

 private:
  void ring_once();

  std::mutex mutex_;  ///< guards all below
  std::function<void()> ring_;
  std::vector<Task> tasks_;
  bool rung_ = false;
};

}  // namespace confab::io
