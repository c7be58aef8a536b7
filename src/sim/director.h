// SPDX-License-Identifier: MIT
// Makes a plan's mishaps happen: to the server, its disk and its clock, to the clients' machines.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "sim/faults.h"
#include "sim/plan.h"
#include "sim/presence_check.h"
#include "sim/quic_participant.h"
#include "sim/server_host.h"
#include "sim/sim_store.h"
#include "sim/world.h"

namespace confab::sim {

inline constexpr NodeId server_node = 0;
/// Participants stand in the world in their order, behind the server.
inline NodeId client_node(std::size_t client) { return client + 1; }

base::Address client_address(std::size_t client, std::uint16_t port);
inline constexpr std::uint16_t first_client_port = 40'000;

/// Everything on the stage; all of it must outlive the director.
struct Props {
  World& world;
  ServerHost& server;
  SimStore& store;
  PresenceCheck& presence;
  FaultTally& tally;
  std::vector<QuicParticipant*>& clients;
  /// Called when the server is gone, with what its store has kept.
  std::function<void()> on_server_gone;
};

class Director {
 public:
  explicit Director(Props props) : props_(std::move(props)) {}

  void start_server();
  /// Now; what it ends with comes by itself. `mishap` must outlive the run.
  void begin(const Mishap& mishap);

 private:
  void crash_server(const Mishap& mishap, base::Instant no_later_than);
  void drain_server(base::Duration down);
  void server_is_gone(base::Duration down);
  void trouble_disk(const Mishap& mishap);
  void jump(const Mishap& mishap);
  void rebind(std::size_t client);
  void stop_client(const Mishap& mishap);
  void start_client(std::size_t client);
  void lay_asleep(const Mishap& mishap);
  void slow_down(const Mishap& mishap);
  void after(base::Duration span, std::function<void()> action);
  void in_turn(std::size_t client, std::function<void(QuicParticipant&)> action);

  Props props_;
  std::uint64_t lives_ = 0;  // of the server, so far
  std::vector<std::uint16_t> ports_;
};

}  // namespace confab::sim
