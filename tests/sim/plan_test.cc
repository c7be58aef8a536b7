// SPDX-License-Identifier: MIT
#include "sim/plan.h"

#include <algorithm>
#include <functional>
#include <set>

#include <gtest/gtest.h>

namespace confab::sim {
namespace {

constexpr std::uint64_t seeds = 60;

TEST(Plan, IsTheSameForTheSameSeed) {
  EXPECT_EQ(Plan::make(7).to_string(), Plan::make(7).to_string());
  EXPECT_NE(Plan::make(7).to_string(), Plan::make(8).to_string());
  EXPECT_NE(Plan::make(7).to_string(), Plan::make(7, Tier::fast).to_string());
}

class PlanTest : public testing::TestWithParam<Tier> {};

TEST_P(PlanTest, KeepsItsSteps) {
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    const Plan plan = Plan::make(seed, GetParam());
    EXPECT_TRUE(std::ranges::is_sorted(plan.steps, {}, &Step::at));
    for (const Step& step : plan.steps) {
      ASSERT_LT(step.client, plan.clients.size() + plan.plain_names.size());
      ASSERT_LE(step.at, plan.work);
      const bool is_plain = step.client >= plan.clients.size();
      ASSERT_TRUE(!is_plain || step.kind == Step::Kind::send);
    }
  }
}

TEST_P(PlanTest, KeepsItsMishaps) {
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    const Plan plan = Plan::make(seed, GetParam());
    EXPECT_TRUE(std::ranges::is_sorted(plan.mishaps, {}, &Mishap::at));
    EXPECT_GE(plan.calm(), plan.work);
    for (const Mishap& mishap : plan.mishaps) {
      ASSERT_LT(mishap.client, plan.clients.size());
      ASSERT_LE(mishap.at, plan.work);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Tiers, PlanTest, testing::Values(Tier::quic, Tier::fast),
                         [](const auto& each) { return std::string(to_string(each.param)); });

/// In how many of the seeds it is so.
std::uint64_t count(const std::function<bool(const Plan&)>& condition) {
  std::uint64_t found = 0;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) found += condition(Plan::make(seed)) ? 1 : 0;
  return found;
}

std::function<bool(const Plan&)> some_line(const std::function<bool(const LinkOptions&)>& condition) {
  return [condition](const Plan& plan) {
    return std::ranges::any_of(plan.clients, [&](const ClientPlan& each) { return condition(each.up); });
  };
}

std::function<bool(const Plan&)> some_mishap(Fault fault) {
  return [fault](const Plan& plan) {
    return std::ranges::find(plan.mishaps, fault, &Mishap::fault) != plan.mishaps.end();
  };
}

TEST(Plan, HasEachFaultInSomeRunsAndNotInOthers) {
  const std::vector<std::function<bool(const Plan&)>> faults = {
      some_line([](const LinkOptions& each) { return each.jitter.count() > 0; }),
      some_line([](const LinkOptions& each) { return each.loss_permille > 0; }),
      some_line([](const LinkOptions& each) { return each.corrupt_permille > 0; }),
      some_line([](const LinkOptions& each) { return each.duplicate_permille > 0; }),
      some_line([](const LinkOptions& each) { return each.reorder_permille > 0; }),
      some_line([](const LinkOptions& each) { return each.bottleneck_bytes_per_s > 0; }),
      some_line([](const LinkOptions& each) { return each.cuts_one_way > 0; }),
      some_mishap(Fault::cut_client),
      some_mishap(Fault::cut_all),
      some_mishap(Fault::rebind),
      some_mishap(Fault::server_crash),
      some_mishap(Fault::server_drain),
      some_mishap(Fault::disk_full),
      some_mishap(Fault::write_error),
      some_mishap(Fault::sync_error),
      some_mishap(Fault::slow_sync),
      some_mishap(Fault::clock_forward),
      some_mishap(Fault::clock_backward),
      some_mishap(Fault::client_kill),
      some_mishap(Fault::client_power_cut),
      some_mishap(Fault::client_quit),
      some_mishap(Fault::sleep),
      some_mishap(Fault::slow_reader),
  };
  for (std::size_t i = 0; i < faults.size(); ++i) {
    EXPECT_GT(count(faults[i]), seeds / 4) << i;
    EXPECT_LT(count(faults[i]), seeds * 3 / 4) << i;
  }
}

TEST(Plan, CutsBothDirectionsOfAClientsLineAtOnce) {
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    const Plan plan = Plan::make(seed);
    for (const Mishap& mishap : plan.mishaps) {
      if (mishap.fault != Fault::cut_client) continue;
      const auto is_it = [&](const Outage& each) { return each.from == Clock::start + mishap.at; };
      EXPECT_TRUE(std::ranges::any_of(plan.clients[mishap.client].up.outages, is_it));
      EXPECT_TRUE(std::ranges::any_of(plan.clients[mishap.client].down.outages, is_it));
    }
  }
}

TEST(Plan, HasEveryKindOfStepSomewhere) {
  std::set<Step::Kind> kinds;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    for (const Step& step : Plan::make(seed).steps) kinds.insert(step.kind);
  }
  EXPECT_EQ(kinds.size(), 10U);
}

TEST(Plan, LeavesWhatMemoryTransportsCannotRepairToRealOnes) {
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    for (const ClientPlan& each : Plan::make(seed, Tier::fast).clients) {
      for (const LinkOptions* line : {&each.up, &each.down}) {
        EXPECT_EQ(line->loss_permille + line->corrupt_permille + line->duplicate_permille + line->reorder_permille, 0U);
        EXPECT_EQ(line->bottleneck_bytes_per_s, 0U);
        EXPECT_EQ(line->jitter.count(), 0);
      }
    }
  }
}

}  // namespace
}  // namespace confab::sim
