// SPDX-License-Identifier: MIT
#include "sim/plan.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "base/random.h"
#include "sim/seed.h"
#include "wire/limits.h"

namespace confab::sim {

namespace {

using namespace std::chrono_literals;

/// Dice with the faces that plans need.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : random_(seed) {}

  bool coin() { return random_.chance(1, 2); }
  bool one_in(std::uint64_t count) { return random_.chance(1, count); }
  std::uint64_t between(std::uint64_t min, std::uint64_t max) { return min + random_.below(max - min + 1); }
  std::uint32_t permille(std::uint32_t min, std::uint32_t max) { return static_cast<std::uint32_t>(between(min, max)); }
  base::Duration between(base::Duration min, base::Duration max) {
    return base::Duration(static_cast<base::Duration::rep>(
        between(static_cast<std::uint64_t>(min.count()), static_cast<std::uint64_t>(max.count()))));
  }
  const std::string& pick(const std::vector<std::string>& from) { return from[random_.below(from.size())]; }

 private:
  base::SeededRandom random_;
};

/// Which kinds of fault a run knows at all.
struct Swarm {
  explicit Swarm(std::uint64_t seed) {
    Dice dice(derive_seed(seed, "swarm"));
    for (bool* each : {&jitter, &loss, &corrupt, &duplicate, &reorder, &bottleneck, &outages, &rebinds}) {
      *each = dice.coin();
    }
  }

  bool jitter, loss, corrupt, duplicate, reorder, bottleneck, outages, rebinds;
};

/// Each fault of the swarm with a chance of one half. The severest of them still let a handshake through now and then.
LinkOptions make_link(const Swarm& swarm, std::uint64_t seed, base::Duration work) {
  Dice dice(seed);
  LinkOptions link;
  link.delay = dice.between(200us, 150ms);
  if (swarm.jitter && dice.coin()) link.jitter = dice.between(1ms, 40ms);
  if (swarm.loss && dice.coin()) link.loss_permille = dice.permille(5, 200);
  if (swarm.corrupt && dice.coin()) link.corrupt_permille = dice.permille(1, 50);
  if (swarm.duplicate && dice.coin()) link.duplicate_permille = dice.permille(5, 150);
  if (swarm.reorder && dice.coin()) {
    link.reorder_permille = dice.permille(5, 200);
    link.reorder_hold = dice.between(5ms, 200ms);
  }
  if (swarm.bottleneck && dice.coin()) {
    link.bottleneck_bytes_per_s = dice.between(20'000, 500'000);
    link.bottleneck_queue_bytes = dice.between(8'000, 128'000);
  }
  if (swarm.outages && dice.coin()) {
    for (std::uint64_t count = dice.between(1, 3); count > 0; --count) {
      const base::Instant from = Clock::start + dice.between(0s, work);
      // Some outlast the idle timeout of 30 s: the client must connect anew.
      link.outages.push_back({from, from + dice.between(100ms, dice.one_in(4) ? 45s : 5s)});
    }
  }
  link.faults_until = Clock::start + work;
  return link;
}

/// The life of one client, from its first join to the end of the work.
class Workload {
 public:
  Workload(Plan& plan, std::size_t client, const Swarm& swarm)
      : plan_(plan), client_(client), swarm_(swarm), dice_(derive_seed(plan.seed, "workload", client)) {}

  void write_client() {
    // A late one wants to know everything.
    const bool late = dice_.one_in(4);
    at_ = dice_.between(0s, late ? plan_.work / 2 : std::min<base::Duration>(2s, plan_.work / 4));
    Start start;
    if (late) start.seq = 1;
    join(dice_.pick(plan_.rooms), start);
    const std::uint64_t count = dice_.between(20, 80);
    const base::Duration pace = (plan_.work - at_) / static_cast<base::Duration::rep>(count);
    for (std::uint64_t i = 0; i < count; ++i) {
      if (!dice_.one_in(3)) at_ += dice_.between(0s, pace * 2);  // else at once: a burst
      if (at_ >= plan_.work) break;
      one_step();
    }
  }

  void write_plain() {
    at_ = dice_.between(0s, plan_.work / 2);
    for (std::uint64_t count = dice_.between(5, 20); count > 0; --count) {
      send(wire::limits::lobby);
      at_ += dice_.between(0s, plan_.work / 20);
      if (at_ >= plan_.work) break;
    }
  }

 private:
  void one_step() {
    const std::uint64_t face = dice_.between(0, 99);
    if (face < 6) {
      join(dice_.pick(plan_.rooms), some_start());
    } else if (face < 10 && !joined_.empty()) {
      part_and_perhaps_rejoin();
    } else if (face < 13) {
      add({.kind = Step::Kind::read, .room = wire::limits::lobby, .start = {.seq = 1, .newest = 0}});
    } else if (face < 15) {
      add({.kind = Step::Kind::send_too_long, .room = dice_.pick(plan_.rooms), .start = {}});
    } else if (face < 18 && swarm_.rebinds) {
      add({.kind = Step::Kind::rebind, .room = {}, .start = {}});
    } else {
      send(joined_.empty() ? dice_.pick(plan_.rooms) : dice_.pick(joined_));
    }
  }

  void join(const std::string& room, Start start) {
    if (std::ranges::find(joined_, room) != joined_.end()) return;
    joined_.push_back(room);
    add({.kind = Step::Kind::join, .room = room, .start = start});
  }

  void part_and_perhaps_rejoin() {
    const std::string room = dice_.pick(joined_);
    std::erase(joined_, room);
    add({.kind = Step::Kind::part, .room = room, .start = {}});
    if (dice_.coin()) join(room, some_start());
  }

  void send(const std::string& room) {
    // Most are short, some fill packets, few are as long as may be.
    const std::size_t bytes_max = dice_.one_in(20) ? 16'000 : dice_.one_in(4) ? 2'000 : 120;
    add({.kind = Step::Kind::send, .room = room, .start = {}, .text_bytes = dice_.between(1, bytes_max)});
  }

  Start some_start() {
    if (dice_.coin()) return {.seq = 0, .newest = static_cast<std::uint32_t>(dice_.between(0, 50))};
    return {.seq = dice_.between(1, 100), .newest = 0};
  }

  void add(Step step) {
    step.at = at_;
    step.client = client_;
    // Behind what others do at the same time.
    plan_.steps.insert(std::ranges::upper_bound(plan_.steps, at_, {}, &Step::at), std::move(step));
  }

  Plan& plan_;
  std::size_t client_;
  const Swarm& swarm_;
  Dice dice_;
  base::Duration at_{};
  std::vector<std::string> joined_;
};

std::string link_text(const LinkOptions& link) {
  const auto ms = [](base::Duration span) { return std::chrono::duration<double, std::milli>(span).count(); };
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
    text += fmt::format(", cut at {:.1f} s for {:.1f} s", ms(each.from - Clock::start) / 1000,
                        ms(each.until - each.from) / 1000);
  }
  return text;
}

}  // namespace

Plan Plan::make(std::uint64_t seed) {
  Dice dice(derive_seed(seed, "plan"));
  const Swarm swarm(seed);
  Plan plan;
  plan.seed = seed;
  plan.rooms = {wire::limits::lobby, "den", "attic"};
  plan.rooms.resize(dice.between(1, 3));
  plan.work = dice.between(10s, 60s);
  if (dice.coin()) plan.store.sync_max = dice.between(5ms, 200ms);  // a slow disk

  for (std::size_t client = 0, count = dice.between(3, 8); client < count; ++client) {
    plan.clients.push_back({.name = fmt::format("client-{}", client + 1),
                            .up = make_link(swarm, derive_seed(seed, "up", client), plan.work),
                            .down = make_link(swarm, derive_seed(seed, "down", client), plan.work)});
    Workload(plan, client, swarm).write_client();
  }
  for (std::size_t plain = 0, count = dice.between(0, 2); plain < count; ++plain) {
    plan.plain_names.push_back(fmt::format("toy-{}", plain + 1));
    Workload(plan, plan.clients.size() + plain, swarm).write_plain();
  }
  return plan;
}

std::string Plan::to_string() const {
  std::string text =
      fmt::format("{} clients, {} plain ones, {} rooms, {} steps in {:.1f} s of work; a sync takes up to {} ms\n",
                  clients.size(), plain_names.size(), rooms.size(), steps.size(),
                  std::chrono::duration<double>(work).count(), store.sync_max / 1ms);
  for (const ClientPlan& each : clients) {
    text += fmt::format("  {}: up {}\n{:12}down {}\n", each.name, link_text(each.up), "", link_text(each.down));
  }
  return text;
}

}  // namespace confab::sim
