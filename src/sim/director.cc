// SPDX-License-Identifier: MIT
#include "sim/director.h"

#include <algorithm>
#include <chrono>

namespace confab::sim {

namespace {

using namespace std::chrono_literals;

/// An operator who has said SIGTERM waits this long.
constexpr base::Duration drain_patience = 10s;
/// A crash that is to hit a sync waits this long for one that is worth it.
constexpr base::Duration crash_patience = 3s;
/// A program that ends writes its goodbye in its last turn.
constexpr base::Duration last_turn = 1ms;
constexpr std::uint32_t slow_syncs_permille = 300;

}  // namespace

base::Address client_address(std::size_t client, std::uint16_t port) {
  return base::Address::v4(10, 0, 1, static_cast<std::uint8_t>(client + 1), port);
}

void Director::begin(const Mishap& mishap) {
  switch (mishap.fault) {
    case Fault::server_crash:
      return crash_server(mishap, props_.world.now() + crash_patience);
    case Fault::server_drain:
      return drain_server(mishap.lasts);
    case Fault::disk_full:
    case Fault::write_error:
    case Fault::sync_error:
    case Fault::slow_sync:
      return trouble_disk(mishap);
    case Fault::clock_forward:
    case Fault::clock_backward:
      return jump(mishap);
    case Fault::client_kill:
    case Fault::client_power_cut:
    case Fault::client_quit:
      return stop_client(mishap);
    case Fault::sleep:
      return lay_asleep(mishap);
    case Fault::slow_reader:
      return slow_down(mishap);
    case Fault::rebind:
      return rebind(mishap.client);
    default:  // a cut stands in the lines
      return props_.tally.add(mishap.fault);
  }
}

void Director::start_server() {
  ++lives_;
  props_.presence.server_started();
  props_.world.post(server_node, [](base::Now) {});  // a turn, at once: a new program has things to begin
  props_.server.start();
}

void Director::crash_server(const Mishap& mishap, base::Instant no_later_than) {
  if (!props_.server.is_running()) return;
  if (mishap.amid_writes && props_.store.batches_in_sync() < 2 && props_.world.now() < no_later_than) {
    return after(1ms, [this, &mishap, no_later_than] { crash_server(mishap, no_later_than); });
  }
  props_.tally.add(Fault::server_crash);
  server_is_gone(mishap.lasts);
}

void Director::drain_server(base::Duration down) {
  if (!props_.server.is_running() || props_.server.is_draining()) return;
  props_.tally.add(Fault::server_drain);
  const auto stop = [this, down, life = lives_] {
    if (life == lives_ && props_.server.is_running()) server_is_gone(down);
  };
  props_.world.post(server_node, [this, stop, life = lives_](base::Now now) {
    if (life != lives_ || !props_.server.is_running()) return;
    props_.server.drain([this, stop] { after({}, stop); }, now);
  });
  after(drain_patience, stop);
}

void Director::server_is_gone(base::Duration down) {
  props_.server.stop();
  props_.on_server_gone();
  props_.presence.server_stopped();
  after(down, [this] { start_server(); });
}

void Director::trouble_disk(const Mishap& mishap) {
  const bool is_slow = mishap.fault == Fault::slow_sync;
  props_.store.set_trouble(mishap.fault, is_slow ? slow_syncs_permille : mishap.permille);
  after(mishap.lasts, [this, fault = mishap.fault] {
    if (props_.store.is_ill()) props_.presence.store_was_ill();
    props_.store.set_trouble(fault, 0);
  });
}

void Director::jump(const Mishap& mishap) {
  props_.tally.add(mishap.fault);
  props_.world.shift_wall(server_node, mishap.fault == Fault::clock_forward ? mishap.lasts : -mishap.lasts);
}

void Director::rebind(std::size_t client) {
  props_.tally.add(Fault::rebind);
  ports_.resize(std::max(ports_.size(), client + 1));
  const auto port = static_cast<std::uint16_t>(first_client_port + ++ports_[client]);
  props_.world.rebind(client_node(client), client_address(client, port));
}

void Director::stop_client(const Mishap& mishap) {
  QuicParticipant& client = *props_.clients[mishap.client];
  if (!client.is_running() || client.is_asleep()) return;
  props_.tally.add(mishap.fault);
  const auto gone = [this, at = mishap.client, down = mishap.lasts] { after(down, [this, at] { start_client(at); }); };
  if (mishap.fault == Fault::client_quit) {
    in_turn(mishap.client, [](QuicParticipant& each) { each.quit(); });
    after(last_turn, [&client, gone] {
      if (!client.is_running()) return;
      client.kill();
      gone();
    });
    return;
  }
  mishap.fault == Fault::client_power_cut ? client.lose_power() : client.kill();
  gone();
}

void Director::start_client(std::size_t client) {
  // The new program's socket has a port of its own.
  ports_.resize(std::max(ports_.size(), client + 1));
  const auto port = static_cast<std::uint16_t>(first_client_port + ++ports_[client]);
  props_.world.rebind(client_node(client), client_address(client, port));
  in_turn(client, [](QuicParticipant& each) { each.start(); });
}

void Director::lay_asleep(const Mishap& mishap) {
  QuicParticipant& client = *props_.clients[mishap.client];
  if (!client.is_running() || client.is_asleep()) return;
  props_.tally.add(Fault::sleep);
  client.fall_asleep();
  after(mishap.lasts, [this, at = mishap.client] { in_turn(at, [](QuicParticipant& each) { each.wake_up(); }); });
}

void Director::slow_down(const Mishap& mishap) {
  QuicParticipant& client = *props_.clients[mishap.client];
  if (!client.is_running()) return;
  props_.tally.add(Fault::slow_reader);
  client.set_slow(true);
  after(mishap.lasts, [this, at = mishap.client] {
    in_turn(at, [](QuicParticipant& each) {
      if (each.is_running()) each.set_slow(false);
    });
  });
}

void Director::after(base::Duration span, std::function<void()> action) {
  props_.world.at(props_.world.now() + span, std::move(action));
}

void Director::in_turn(std::size_t client, std::function<void(QuicParticipant&)> action) {
  props_.world.post(client_node(client), [this, client, action](base::Now) { action(*props_.clients[client]); });
}

}  // namespace confab::sim
