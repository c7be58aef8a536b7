// SPDX-License-Identifier: MIT
#include "sim/plan.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "sim/dice.h"
#include "sim/seed.h"
#include "sim/swarm.h"
#include "sim/workload.h"
#include "wire/limits.h"

namespace confab::sim {

namespace {

using namespace std::chrono_literals;

/// Enough that two others talk to each other while one waits.
constexpr std::uint32_t workers_max = 4;

/// What a run of the fast tier costs, about: events, times those who hear each.
constexpr std::uint64_t deliveries_mostly = 15'000;
constexpr std::uint64_t deliveries_sometimes = 120'000;

double ms(base::Duration span) { return std::chrono::duration<double, std::milli>(span).count(); }
double s(base::Duration span) { return std::chrono::duration<double>(span).count(); }

struct Size {
  std::uint64_t clients;
  std::uint64_t steps_min;  // a client's
  std::uint64_t steps_max;
};

Size draw_size(Dice& dice, Tier tier) {
  if (tier == Tier::quic) return {.clients = dice.between(3U, 8U), .steps_min = 20, .steps_max = 80};
  // Few with a long history, or many with a shorter one.
  const std::uint64_t clients = dice.between(3U, dice.coin() ? 10U : 50U);
  const std::uint64_t deliveries = dice.one_in(10) ? deliveries_sometimes : deliveries_mostly;
  const std::uint64_t steps = std::max<std::uint64_t>(deliveries / (clients * clients), 20);
  return {.clients = clients, .steps_min = steps / 2, .steps_max = steps * 3 / 2};
}

void add_clients(Plan& plan, const Swarm& swarm, const Size& size) {
  for (std::size_t client = 0; client < size.clients; ++client) {
    Dice dice(derive_seed(plan.seed, "person", client));
    const std::string label = fmt::format("client-{}", client + 1);
    const bool is_second_device = client > 0 && swarm.has(Fault::second_device) && dice.one_in(3);
    const std::string name = is_second_device ? plan.clients[dice.below(client)].name : label;
    plan.clients.push_back({.label = label,
                            .name = name,
                            .up = make_link(swarm, plan.seed, "up", client, plan.work),
                            .down = make_link(swarm, plan.seed, "down", client, plan.work)});
    add_life(plan, client, Dice(derive_seed(plan.seed, "steps", client)).between(size.steps_min, size.steps_max));
  }
}

std::string link_text(const LinkOptions& link) {
  std::string text = fmt::format("{:.1f} ms", ms(link.delay));
  if (link.jitter > 0s) text += fmt::format(" + 0 to {:.1f} ms", ms(link.jitter));
  const auto add_permille = [&](std::uint32_t value, const char* what) {
    if (value > 0) text += fmt::format(", {}.{} % {}", value / 10, value % 10, what);
  };
  add_permille(link.loss_permille, "lost");
  add_permille(link.corrupt_permille, "corrupted");
  add_permille(link.duplicate_permille, "twice");
  add_permille(link.reorder_permille, "held up");
  if (link.bottleneck_bytes_per_s > 0) text += fmt::format(", {} kB/s", link.bottleneck_bytes_per_s / 1000);
  for (const Outage& each : link.outages) {
    text += fmt::format(", cut at {:.1f} s for {:.1f} s", s(each.from - Clock::start), s(each.until - each.from));
  }
  return text;
}

bool befalls_a_client(Fault fault) {
  return fault >= Fault::client_kill || fault == Fault::rebind || fault == Fault::cut_client;
}

}  // namespace

std::string_view to_string(Tier tier) { return tier == Tier::quic ? "quic" : "fast"; }

Plan Plan::make(std::uint64_t seed, Tier tier) {
  Dice dice(derive_seed(seed, "plan"));
  const Swarm swarm(seed, tier);
  Plan plan;
  plan.seed = seed;
  plan.tier = tier;
  plan.workers = Dice(derive_seed(seed, "workers")).between(1U, workers_max);
  plan.rooms = {wire::limits::lobby, "den", "attic"};
  plan.rooms.resize(dice.between(1U, 3U));
  plan.work = dice.between(10s, 60s);
  if (dice.coin()) plan.store.sync_max = dice.between(5ms, 200ms);  // a slow disk
  add_clients(plan, swarm, draw_size(dice, tier));
  for (std::size_t plain = 0, count = dice.between(0U, 2U); plain < count; ++plain) {
    plan.plain_names.push_back(fmt::format("toy-{}", plain + 1));
    add_plain_life(plan, plan.clients.size() + plain);
  }
  sort_steps(plan);
  add_mishaps(plan, swarm);
  return plan;
}

base::Duration Plan::calm() const {
  base::Duration calm = work;
  for (const Mishap& each : mishaps) {
    // A jump of the clock is over at once; the server's end may take its time to come.
    if (each.fault == Fault::clock_forward || each.fault == Fault::clock_backward) continue;
    const bool ends_server = each.fault == Fault::server_drain || each.fault == Fault::server_crash;
    calm = std::max(calm, each.end() + (ends_server ? 10s : 0s));
  }
  return calm;
}

bool Plan::troubles_server() const {
  return std::ranges::any_of(
      mishaps, [](const Mishap& each) { return each.fault >= Fault::server_crash && each.fault <= Fault::sync_error; });
}

std::string Plan::to_string() const {
  std::string text = fmt::format(
      "tier {}: {} workers, {} clients, {} plain ones, {} rooms, {} steps in {:.1f} s of work; a sync takes up to {} "
      "ms\n",
      sim::to_string(tier), workers, clients.size(), plain_names.size(), rooms.size(), steps.size(), s(work),
      store.sync_max / 1ms);
  for (const ClientPlan& each : clients) {
    text += fmt::format("  {}: up {}\n{:12}down {}\n",
                        each.label == each.name ? each.label : each.label + " is " + each.name, link_text(each.up), "",
                        link_text(each.down));
  }
  for (const Mishap& each : mishaps) {
    text += fmt::format("  at {:.1f} s {}\n", s(each.at), describe(each));
  }
  return text;
}

std::string Plan::describe(const Mishap& mishap) const {
  return fmt::format("for {:.1f} s: {}{}", s(mishap.lasts), sim::to_string(mishap.fault),
                     befalls_a_client(mishap.fault) ? ", " + clients[mishap.client].label : std::string());
}

std::string Step::to_string() const {
  static constexpr const char* kinds[] = {"join",    "part",         "send",     "send too long", "set the topic of",
                                          "edit in", "take back in", "react in", "mark",          "read"};
  return fmt::format("{} #{}", kinds[static_cast<std::size_t>(kind)], room);
}

}  // namespace confab::sim
