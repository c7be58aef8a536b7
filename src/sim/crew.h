// SPDX-License-Identifier: MIT
// A program of several threads on one computer: each has a machine, and takes its turns at moments of its own. The seed
// decides how they interleave: most turns come when they are wanted, some threads are kept waiting for a while.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "base/machine.h"
#include "sim/dice.h"

namespace confab::sim {

/// To the world it is one machine. Alone, a thread takes its turns exactly when they are wanted. Not thread-safe.
class Crew final : public base::Machine {
 public:
  struct Member {
    base::Machine* machine;
    /// When a turn is wanted beside the machine's own deadline (a store's answer).
    std::function<base::Instant()> other_deadline;
  };
  /// Which member gets a datagram.
  using Steering = std::function<std::size_t(const base::Datagram&)>;

  /// `members` must outlive it.
  Crew(std::vector<Member> members, Steering steering, std::uint64_t seed);

  /// This member is to have a turn soon; within a turn of another's, too.
  void stir(std::size_t member) { members_[member].is_stirred = true; }

  void receive(const base::Datagram& datagram, base::Now now) override;
  void unreachable(const base::Path&, base::Now) override {}  // no line of the simulator says so
  void wake(base::Now) override {}                            // each is woken in its turn
  void transmit(base::DatagramSink& sink, base::Now now) override;
  base::Instant next_deadline() const override;

 private:
  struct Arrived {
    base::Path path;
    base::Bytes bytes;
    std::uint8_t ecn;
  };
  struct Thread {
    Member member;
    std::vector<Arrived> inbox;
    bool is_stirred = true;  // a new program has things to begin
    base::Instant rests_until = base::at_once;
  };

  static base::Instant due(const Thread& thread);
  void turn(Thread& thread, base::DatagramSink& sink, base::Now now);

  std::vector<Thread> members_;
  Steering steering_;
  Dice dice_;
};

}  // namespace confab::sim
