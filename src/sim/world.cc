// SPDX-License-Identifier: MIT
#include "sim/world.h"

#include <algorithm>
#include <cassert>
#include <chrono>

#include "sim/seed.h"

namespace confab::sim {

namespace {

/// Turns further apart than this are no spinning.
constexpr base::Duration spin_window = std::chrono::milliseconds(1);

}  // namespace

/// A node's socket: takes everything, at once.
class World::Sink final : public base::DatagramSink {
 public:
  Sink(World& world, NodeId from) : world_(world), from_(from) {}

  std::span<std::uint8_t> buffer() override { return world_.send_buffer_; }

  void commit(const base::Path& path, std::uint8_t ecn, std::size_t size, std::size_t segment_size) override {
    const base::ByteView train = base::ByteView(world_.send_buffer_).first(size);
    for (std::size_t at = 0; at < size; at += segment_size) {
      const base::ByteView segment = train.subspan(at, std::min(segment_size, size - at));
      world_.send(from_, path, {.bytes = {segment.begin(), segment.end()}, .ecn = ecn});
      used_ = true;
    }
  }

  bool used() const { return used_; }

 private:
  World& world_;
  NodeId from_;
  bool used_ = false;
};

NodeId World::add(NodeOptions options) {
  const base::Address address = options.address;
  nodes_.push_back(
      {.options = std::move(options), .public_address = address, .tasks = {}, .inbox = {}, .due = clock_.instant()});
  return nodes_.size() - 1;
}

void World::connect(NodeId a, NodeId b, const LinkOptions& there, const LinkOptions& back) {
  const auto line = [this](NodeId from, NodeId to, const LinkOptions& options) {
    const std::uint64_t seed = derive_seed(derive_seed(seed_, "line from", from), "to", to);
    lines_.emplace(std::pair(from, to), Line(options, seed, faults_));
  };
  line(a, b, there);
  line(b, a, back);
}

void World::rebind(NodeId node, const base::Address& address) {
  trace_.note(nodes_[node].options.name, "is seen at " + address.to_string() + " from now on");
  nodes_[node].public_address = address;
}

void World::shift_wall(NodeId node, base::Duration by) {
  nodes_[node].wall_shift_ms += std::chrono::floor<std::chrono::milliseconds>(by).count();
  trace_.note(nodes_[node].options.name, "has another time of day");
}

void World::post(NodeId node, Task task) {
  nodes_[node].tasks.push_back(std::move(task));
  stir(nodes_[node]);
}

void World::step(base::Instant until) {
  const auto node = std::ranges::min_element(nodes_, {}, &Node::due);
  const base::Instant turn_at = node == nodes_.end() ? base::never : node->due;
  const base::Instant next = std::min(events_.next_at(), turn_at);
  if (next > until) return clock_.advance(until);
  clock_.advance(next);
  if (events_.next_at() <= next) {
    events_.take()();
  } else {
    turn(static_cast<NodeId>(node - nodes_.begin()));
  }
}

bool World::run_until(const std::function<bool()>& condition, base::Instant limit) {
  while (!condition()) {
    if (clock_.instant() >= limit) return false;
    step(limit);
  }
  return true;
}

void World::stir(Node& node) {
  const base::Instant earliest = node.last_turn == base::at_once ? clock_.instant() : node.last_turn + turn_duration;
  node.due = std::min(node.due, std::max(clock_.instant(), earliest));
}

void World::turn(NodeId id) {
  Node& node = nodes_[id];
  base::Machine& machine = *node.options.machine;
  base::Now now = clock_.now();
  now.wall.unix_ms += node.wall_shift_ms;
  ++stats_.turns;
  bool idle = node.tasks.empty() && node.inbox.empty();

  for (const Task& task : std::exchange(node.tasks, {})) task(now);
  for (const Arrived& each : std::exchange(node.inbox, {})) {
    machine.receive({.path = {node.options.address, each.from}, .bytes = each.bytes, .ecn = each.ecn}, now);
  }
  if (machine.next_deadline() <= now.instant) machine.wake(now);
  if (node.options.on_turn) node.options.on_turn(now);
  Sink sink(*this, id);
  machine.transmit(sink, now);

  count_idle(node, idle && !sink.used());
  node.last_turn = now.instant;
  base::Instant wanted = machine.next_deadline();
  if (node.options.other_deadline) wanted = std::min(wanted, node.options.other_deadline());
  node.due = std::max(wanted, now.instant + turn_duration);
  if (!node.tasks.empty()) stir(node);
}

void World::count_idle(Node& node, bool idle) {
  const bool close = node.last_turn != base::at_once && clock_.instant() - node.last_turn < spin_window;
  node.idle_turns_in_a_row = idle ? (close ? node.idle_turns_in_a_row + 1 : 1) : 0;
  stats_.idle_turns_in_a_row_max = std::max(stats_.idle_turns_in_a_row_max, node.idle_turns_in_a_row);
}

void World::send(NodeId from, const base::Path& path, Packet packet) {
  ++stats_.datagrams_sent;
  const base::Address source = nodes_[from].public_address;
  trace_.datagram("send", source, path.remote, packet.bytes);
  const NodeId to = find(path.remote);
  const auto line = lines_.find({from, to});
  if (line == lines_.end()) {
    ++stats_.datagrams_astray;
    return;
  }
  for (Packet& each : line->second.send(std::move(packet), clock_.instant())) {
    events_.add(clock_.instant() + each.delay, [this, to, address = path.remote,
                                                arrived = Arrived{source, std::move(each.bytes), each.ecn}]() mutable {
      arrive(to, address, std::move(arrived));
    });
  }
}

void World::arrive(NodeId to, const base::Address& address, Arrived arrived) {
  Node& node = nodes_[to];
  if (node.public_address != address) {
    ++stats_.datagrams_astray;
    return;
  }
  ++stats_.datagrams_delivered;
  trace_.datagram("arrive", arrived.from, address, arrived.bytes);
  node.inbox.push_back(std::move(arrived));
  stir(node);
}

/// nodes_.size() if nobody has that address.
std::size_t World::find(const base::Address& address) const {
  return static_cast<std::size_t>(std::ranges::find(nodes_, address, &Node::public_address) - nodes_.begin());
}

}  // namespace confab::sim
