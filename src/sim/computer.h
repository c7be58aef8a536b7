// SPDX-License-Identifier: MIT
// What a program runs on. It is off while there is no program; asleep, it is a closed laptop: the program takes no turn
// and what comes over the network is gone. The program may change between two turns.
#pragma once

#include "base/machine.h"

namespace confab::sim {

class Computer final : public base::Machine {
 public:
  /// nullptr: the program has ended. It must outlive its time here.
  void run(base::Machine* program) { program_ = program; }
  void set_asleep(bool asleep) { asleep_ = asleep; }
  bool is_on() const { return program_ != nullptr && !asleep_; }

  void receive(const base::Datagram& datagram, base::Now now) override {
    if (is_on()) program_->receive(datagram, now);
  }
  void unreachable(const base::Path& path, base::Now now) override {
    if (is_on()) program_->unreachable(path, now);
  }
  void wake(base::Now now) override {
    if (is_on()) program_->wake(now);
  }
  void transmit(base::DatagramSink& sink, base::Now now) override {
    if (is_on()) program_->transmit(sink, now);
  }
  base::Instant next_deadline() const override { return is_on() ? program_->next_deadline() : base::never; }

 private:
  base::Machine* program_ = nullptr;
  bool asleep_ = false;
};

}  // namespace confab::sim
