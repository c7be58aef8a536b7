// SPDX-License-Identifier: MIT
#include "io/mailbox.h"

#include <utility>

namespace confab::io {

void Mailbox::post(Task task) {
  const std::lock_guard lock(mutex_);
  if (!ring_) return;
  tasks_.push_back(std::move(task));
  ring_once();
}

void Mailbox::wake() {
  const std::lock_guard lock(mutex_);
  if (ring_) ring_once();
}

std::vector<Task> Mailbox::take() {
  const std::lock_guard lock(mutex_);
  rung_ = false;
  return std::exchange(tasks_, {});
}

void Mailbox::close() {
  std::vector<Task> unused;  // destroyed without the lock: a task may own something that posts as it goes
  const std::lock_guard lock(mutex_);
  ring_ = nullptr;
  unused.swap(tasks_);
}

void Mailbox::ring_once() {
  if (!std::exchange(rung_, true)) ring_();
}

}  // namespace confab::io
