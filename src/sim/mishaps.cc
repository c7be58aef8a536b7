// SPDX-License-Identifier: MIT
#include <algorithm>
#include <chrono>
#include <tuple>

#include "sim/dice.h"
#include "sim/seed.h"
#include "sim/swarm.h"

namespace confab::sim {

namespace {

using namespace std::chrono_literals;

/// Draws the mishaps of one run. A mishap of a kind comes once to a few times, to the server or to each client that its
/// coin picks.
class MishapWriter {
 public:
  MishapWriter(Plan& plan, const Swarm& swarm) : plan_(plan), swarm_(swarm) {}

  void write_server() {
    // Some crashes come before the server has stored its first event, some twice in a row.
    each_time(Fault::server_crash, 1, 4, [this](Dice& dice) {
      Mishap mishap = some_mishap(dice, 100ms, dice.coin() ? 20s : 1s);
      mishap.amid_writes = dice.coin();
      return mishap;
    });
    each_time(Fault::server_drain, 1, 2, [this](Dice& dice) { return some_mishap(dice, 100ms, 5s); });
    for (const Fault fault : {Fault::disk_full, Fault::write_error, Fault::sync_error}) {
      each_time(fault, 1, 3, [this](Dice& dice) {
        Mishap mishap = some_mishap(dice, 50ms, dice.one_in(4) ? 20s : 3s);
        mishap.permille = dice.coin() ? 1000U : dice.between(200U, 900U);
        return mishap;
      });
    }
    each_time(Fault::slow_sync, 1, 3, [this](Dice& dice) { return some_mishap(dice, 1s, 6s); });
    for (const Fault fault : {Fault::clock_forward, Fault::clock_backward}) {
      each_time(fault, 1, 3,
                [this](Dice& dice) { return some_mishap(dice, 1s, dice.coin() ? base::Duration(24h * 5) : 10s); });
    }
  }

  void write_clients() {
    for (std::size_t client = 0; client < plan_.clients.size(); ++client) {
      for (const Fault fault : {Fault::client_kill, Fault::client_power_cut, Fault::client_quit}) {
        // Some stay away until nobody may show them any more.
        befall(client, fault, 1, 2, [this](Dice& dice) {
          return dice.one_in(8) ? some_mishap(dice, 70s, 100s) : some_mishap(dice, 100ms, 20s);
        });
      }
      befall(client, Fault::sleep, 1, 2,
             [this](Dice& dice) { return some_mishap(dice, 1s, dice.one_in(3) ? 100s : 20s); });
      befall(client, Fault::slow_reader, 1, 2, [this](Dice& dice) { return some_mishap(dice, 2s, 40s); });
      if (plan_.tier == Tier::quic) {
        befall(client, Fault::rebind, 1, 3, [this](Dice& dice) { return some_mishap(dice, 0s, 0s); });
      }
    }
  }

  /// Cuts of whole machines: the same outages in several lines.
  void write_cuts() {
    for (std::size_t client = 0; client < plan_.clients.size(); ++client) {
      befall(client, Fault::cut_client, 1, 2,
             [this](Dice& dice) { return some_mishap(dice, 100ms, dice.one_in(4) ? 45s : 8s); });
    }
    each_time(Fault::cut_all, 1, 2, [this](Dice& dice) { return some_mishap(dice, 100ms, dice.one_in(3) ? 45s : 8s); });
    for (const Mishap& each : plan_.mishaps) {
      if (each.fault == Fault::cut_client) cut(plan_.clients[each.client], each);
      if (each.fault != Fault::cut_all) continue;
      for (ClientPlan& client : plan_.clients) cut(client, each);
    }
  }

 private:
  template <typename Draw>
  void each_time(Fault fault, std::uint32_t min, std::uint32_t max, Draw draw) {
    if (!swarm_.has(fault)) return;
    add(fault, 0, Dice(derive_seed(plan_.seed, "mishap", static_cast<std::uint64_t>(fault))), min, max, draw);
  }

  template <typename Draw>
  void befall(std::size_t client, Fault fault, std::uint32_t min, std::uint32_t max, Draw draw) {
    if (!swarm_.has(fault)) return;
    const std::uint64_t kind = derive_seed(plan_.seed, "mishap", static_cast<std::uint64_t>(fault));
    Dice dice(derive_seed(kind, "client", client));
    // Of many, few at a time: else nobody would be left to notice.
    const bool picked = plan_.clients.size() > 10 ? dice.one_in(5) : dice.coin();
    if (picked) add(fault, client, std::move(dice), min, max, draw);
  }

  template <typename Draw>
  void add(Fault fault, std::size_t client, Dice dice, std::uint32_t min, std::uint32_t max, Draw draw) {
    for (std::uint32_t count = dice.between(min, max); count > 0; --count) {
      Mishap mishap = draw(dice);
      mishap.fault = fault;
      mishap.client = client;
      plan_.mishaps.push_back(mishap);
    }
  }

  Mishap some_mishap(Dice& dice, base::Duration min, base::Duration max) const {
    return {.at = dice.between(0s, plan_.work), .lasts = dice.between(min, max)};
  }

  static void cut(ClientPlan& client, const Mishap& mishap) {
    const Outage outage{Clock::start + mishap.at, Clock::start + mishap.end()};
    client.up.outages.push_back(outage);
    client.down.outages.push_back(outage);
  }

  Plan& plan_;
  const Swarm& swarm_;
};

}  // namespace

void add_mishaps(Plan& plan, const Swarm& swarm) {
  MishapWriter writer(plan, swarm);
  writer.write_server();
  writer.write_clients();
  writer.write_cuts();
  std::ranges::sort(plan.mishaps, {}, [](const Mishap& each) { return std::tuple(each.at, each.fault, each.client); });
}

}  // namespace confab::sim
