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
}

TEST(Plan, KeepsItsSteps) {
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    const Plan plan = Plan::make(seed);
    EXPECT_TRUE(std::ranges::is_sorted(plan.steps, {}, &Step::at));
    for (const Step& step : plan.steps) {
      ASSERT_LT(step.client, plan.clients.size() + plan.plain_names.size());
      ASSERT_LE(step.at, plan.work);
      const bool is_plain = step.client >= plan.clients.size();
      ASSERT_TRUE(!is_plain || step.kind == Step::Kind::send);
    }
  }
}

/// In how many of the seeds there is a client for which it is so.
std::uint64_t count(const std::function<bool(const ClientPlan&)>& condition) {
  std::uint64_t found = 0;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    found += std::ranges::any_of(Plan::make(seed).clients, condition) ? 1 : 0;
  }
  return found;
}

TEST(Plan, HasEachFaultInSomeRunsAndNotInOthers) {
  const std::vector<std::function<bool(const ClientPlan&)>> faults = {
      [](const ClientPlan& each) { return each.up.jitter.count() > 0; },
      [](const ClientPlan& each) { return each.up.loss_permille > 0; },
      [](const ClientPlan& each) { return each.up.corrupt_permille > 0; },
      [](const ClientPlan& each) { return each.up.duplicate_permille > 0; },
      [](const ClientPlan& each) { return each.up.reorder_permille > 0; },
      [](const ClientPlan& each) { return each.up.bottleneck_bytes_per_s > 0; },
      [](const ClientPlan& each) { return !each.up.outages.empty(); },
  };
  for (const auto& fault : faults) {
    EXPECT_GT(count(fault), seeds / 4);
    EXPECT_LT(count(fault), seeds * 3 / 4);
  }
}

TEST(Plan, HasEveryKindOfStepSomewhere) {
  std::set<Step::Kind> kinds;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    for (const Step& step : Plan::make(seed).steps) kinds.insert(step.kind);
  }
  EXPECT_EQ(kinds.size(), 6U);
}

}  // namespace
}  // namespace confab::sim
