// SPDX-License-Identifier: MIT
#include "tui/run.h"

#include <algorithm>
#include <utility>

namespace confab::tui {

void Run::wake(base::Now now) {
  if (!std::exchange(started_, true)) conversation_.start();
  client_.wake(now);
  conversation_.wake(now);
}

void Run::transmit(base::DatagramSink& sink, base::Now now) {
  pump(now);
  client_.transmit(sink, now);
  pump(now);
  conversation_.end_turn();
  if (!conversation_.exit_code() || std::exchange(said_goodbye_, true)) return;
  client_.quit();
  client_.transmit(sink, now);
}

base::Instant Run::next_deadline() const {
  if (!started_) return base::at_once;
  return std::min(client_.next_deadline(), conversation_.next_deadline());
}

void Run::pump(base::Now now) {
  while (!conversation_.exit_code()) {
    const auto event = client_.poll_event();
    if (!event) return;
    conversation_.hear(*event, now);
  }
}

}  // namespace confab::tui
