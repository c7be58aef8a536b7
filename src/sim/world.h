// SPDX-License-Identifier: MIT
// Many machines, one clock, one thread. The world drives each of its nodes as src/io's loop drives the one machine of a
// process. A node's turn is
//
//   posted tasks → datagrams into machine.receive() → machine.wake() if its deadline has come → on_turn →
//   machine.transmit()
//
// and time moves only between turns, to the next thing that is due.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/machine.h"
#include "sim/clock.h"
#include "sim/event_queue.h"
#include "sim/network.h"
#include "sim/trace.h"

namespace confab::sim {

using NodeId = std::size_t;
using Task = std::function<void(base::Now)>;

struct NodeOptions {
  std::string name;
  base::Address address;   ///< its socket's
  base::Machine* machine;  ///< must outlive the world's last step
  Task on_turn;            ///< each turn after all input, before transmit(); may be empty
  /// When a turn is wanted beside the machine's own deadline (a store's answer); may be empty.
  std::function<base::Instant()> other_deadline;
};

/// Counters since the start.
struct WorldStats {
  std::uint64_t turns = 0;
  std::uint64_t datagrams_sent = 0;
  std::uint64_t datagrams_delivered = 0;
  std::uint64_t datagrams_astray = 0;  ///< nobody has that address, or no line leads there
  /// Turns of one node that came by deadline alone, took nothing in, sent nothing, and followed each other within a
  /// millisecond: a machine that cannot say what it waits for burns a core in the real world.
  std::uint64_t idle_turns_in_a_row_max = 0;
};

/// Deterministic: at one time, events come first, in the order they were added, then nodes in the order of their ids.
/// Not thread-safe. `clock`, `trace` and `faults`, which the lines count, must outlive it.
class World {
 public:
  /// A turn takes at least this long: as on a real machine, time passes between two turns.
  static constexpr base::Duration turn_duration = std::chrono::microseconds(1);

  World(Clock& clock, Trace& trace, std::uint64_t seed, FaultTally& faults)
      : clock_(clock), trace_(trace), seed_(seed), faults_(faults) {}

  NodeId add(NodeOptions options);
  /// Two lines, one each way.
  void connect(NodeId a, NodeId b, const LinkOptions& there, const LinkOptions& back);
  /// A NAT gives the node another public address; it is not told. What is on its way to the old one goes astray.
  void rebind(NodeId node, const base::Address& address);

  /// The node's wall clock jumps. Its monotonic clock never does.
  void shift_wall(NodeId node, base::Duration by);

  /// `task` runs in the node's next turn, which comes at once.
  void post(NodeId node, Task task);
  base::Instant now() const { return clock_.instant(); }
  void at(base::Instant when, EventQueue::Action action) { events_.add(when, std::move(action)); }

  /// Goes on to the next thing that is due, but not beyond `until`.
  void step(base::Instant until);
  /// Steps until it is so; false at `limit`.
  bool run_until(const std::function<bool()>& condition, base::Instant limit);

  const WorldStats& stats() const { return stats_; }

 private:
  struct Arrived {
    base::Address from;
    base::Bytes bytes;
    std::uint8_t ecn;
  };
  struct Node {
    NodeOptions options;
    base::Address public_address;
    std::vector<Task> tasks;
    std::vector<Arrived> inbox;
    base::Instant due;  // of the next turn
    base::Instant last_turn = base::at_once;
    std::uint64_t idle_turns_in_a_row = 0;
    std::int64_t wall_shift_ms = 0;
  };
  class Sink;

  void stir(Node& node);
  void turn(NodeId id);
  void count_idle(Node& node, bool idle);
  void send(NodeId from, const base::Path& path, Packet packet);
  void arrive(NodeId to, const base::Address& address, Arrived arrived);
  std::size_t find(const base::Address& address) const;

  Clock& clock_;
  Trace& trace_;
  std::uint64_t seed_;
  FaultTally& faults_;
  EventQueue events_;
  std::deque<Node> nodes_;  // a deque: tasks may add nodes
  std::map<std::pair<NodeId, NodeId>, Line> lines_;
  base::Bytes send_buffer_ = base::Bytes(base::DatagramSink::train_bytes_max);
  WorldStats stats_;
};

}  // namespace confab::sim
