// SPDX-License-Identifier: MIT
#include "sim/workload.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <map>
#include <utility>

#include "sim/dice.h"
#include "sim/seed.h"
#include "wire/limits.h"

namespace confab::sim {

namespace {

using namespace std::chrono_literals;

class Life {
 public:
  Life(Plan& plan, std::size_t client)
      : plan_(plan), client_(client), dice_(derive_seed(plan.seed, "workload", client)) {}

  void write(std::uint64_t steps) {
    // A late one wants to know everything.
    const bool late = dice_.one_in(4);
    at_ = dice_.between(0s, late ? plan_.work / 2 : std::min<base::Duration>(2s, plan_.work / 4));
    Start start;
    if (late) start.seq = 1;
    join(dice_.pick(plan_.rooms), start);
    const base::Duration pace = (plan_.work - at_) / static_cast<base::Duration::rep>(steps);
    for (std::uint64_t i = 0; i < steps; ++i) {
      if (!dice_.one_in(3)) at_ += dice_.between(0s, pace * 2);  // else at once: a burst
      if (at_ >= plan_.work) break;
      one_step();
    }
  }

  void write_plain() {
    at_ = dice_.between(0s, plan_.work / 2);
    for (std::uint32_t count = dice_.between(5U, 20U); count > 0; --count) {
      send(wire::limits::lobby);
      at_ += dice_.between(0s, plan_.work / 20);
      if (at_ >= plan_.work) break;
    }
  }

 private:
  void one_step() {
    // Long lives are made of talk.
    const std::uint32_t face = dice_.between(0U, plan_.tier == Tier::quic ? 99U : 999U);
    if (face < 6) {
      join(dice_.pick(plan_.rooms), some_start());
    } else if (face < 10 && !joined_.empty()) {
      part_and_perhaps_rejoin();
    } else if (face < 13) {
      const Start all{.seq = 1, .newest = 0};
      add({.kind = Step::Kind::read, .room = wire::limits::lobby, .start = dice_.coin() ? all : some_start()});
    } else if (face < 15) {
      add({.kind = Step::Kind::send_too_long, .room = dice_.pick(plan_.rooms), .start = {}});
    } else if (face < 23 && !joined_.empty()) {
      static constexpr Step::Kind kinds[] = {Step::Kind::set_topic, Step::Kind::edit, Step::Kind::take_back,
                                             Step::Kind::react, Step::Kind::mark};
      add({.kind = kinds[dice_.below(std::size(kinds))], .room = dice_.pick(joined_), .start = {}});
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
    const std::uint64_t rare = plan_.tier == Tier::quic ? 20 : 500;
    const std::size_t bytes_max = dice_.one_in(rare) ? 16'000 : dice_.one_in(rare / 5) ? 2'000 : 120;
    add({.kind = Step::Kind::send, .room = room, .start = {}, .text_bytes = 1 + dice_.below(bytes_max)});
  }

  Start some_start() {
    if (dice_.coin()) return {.seq = 0, .newest = dice_.between(0U, 50U)};
    return {.seq = dice_.between(std::uint64_t{1}, std::uint64_t{100}), .newest = 0};
  }

  void add(Step step) {
    step.at = at_;
    step.client = client_;
    plan_.steps.push_back(std::move(step));
  }

  Plan& plan_;
  std::size_t client_;
  Dice dice_;
  base::Duration at_{};
  std::vector<std::string> joined_;
};

}  // namespace

void add_life(Plan& plan, std::size_t client, std::uint64_t steps) { Life(plan, client).write(steps); }

void add_plain_life(Plan& plan, std::size_t client) { Life(plan, client).write_plain(); }

void sort_steps(Plan& plan) {
  std::map<base::Duration, std::vector<Step>> by_time;
  for (Step& step : plan.steps) by_time[step.at].push_back(std::move(step));
  plan.steps.clear();
  for (auto& [at, steps] : by_time) std::ranges::move(steps, std::back_inserter(plan.steps));
}

}  // namespace confab::sim
