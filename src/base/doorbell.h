// SPDX-License-Identifier: MIT
// How one worker wakes another that sleeps, and spares itself the system call where it does not.
#pragma once

#include <atomic>
#include <functional>

namespace confab::base {

/// One sleeper, many who ring. The sleeper goes to sleep in this order, the others ring in that one, and whatever the
/// threads' timing, either the sleeper sees what was put there or its waker is called:
///
///   sleeper: about_to_sleep() → look whether anything is there → sleep
///   other:   put something there → ring()
///
/// Every access exchanges the flag, so that of any two the later one sees what happened before the earlier one.
class Doorbell {
 public:
  /// Before any thread rings. `waker` may be called by any thread; the sleeper then takes a turn soon.
  void set_waker(std::function<void()> waker) { waker_ = std::move(waker); }

  /// The sleeper. It may change its mind: a ring that was not needed costs it one turn.
  void about_to_sleep() { asleep_.exchange(true, std::memory_order_acq_rel); }
  void awake() { asleep_.exchange(false, std::memory_order_acq_rel); }

  void ring() {
    if (asleep_.exchange(false, std::memory_order_acq_rel) && waker_) waker_();
  }

 private:
  std::atomic<bool> asleep_ = false;
  std::function<void()> waker_;
};

}  // namespace confab::base
