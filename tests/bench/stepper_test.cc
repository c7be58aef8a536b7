// SPDX-License-Identifier: MIT
#include "stepper.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "io/clock.h"

namespace confab::bench {
namespace {

using namespace std::chrono_literals;

/// Does nothing; is done when the test says so.
struct IdleCrowd final : Crowd {
  void begin(const Workload& workload, base::Instant) override {
    ++begun;
    done = false;
    told = workload;
  }
  bool has_sent_all(base::Instant) const override { return done; }
  bool is_done(base::Instant) const override { return done; }
  const Tally& tally() const override { return empty; }

  int begun = 0;
  bool done = false;
  Workload told;
  Tally empty;
};

TEST(Stepper, BeginsTheNextWorkloadInTheTurnThatEndsTheLast) {
  IdleCrowd crowd;
  Stepper stepper(crowd, ::getpid(), {{.kind = Workload::Kind::settle}, {.kind = Workload::Kind::idle}});
  const auto step = [&] { return stepper.step(io::read_clocks().instant); };

  EXPECT_FALSE(step());
  EXPECT_EQ(crowd.begun, 1);
  EXPECT_FALSE(step());
  EXPECT_EQ(crowd.begun, 1);

  crowd.done = true;
  EXPECT_FALSE(step());
  EXPECT_EQ(crowd.begun, 2);
  EXPECT_EQ(crowd.told.kind, Workload::Kind::idle);

  crowd.done = true;
  EXPECT_TRUE(step());
  EXPECT_TRUE(step());
  EXPECT_EQ(crowd.begun, 2);
  EXPECT_EQ(stepper.measurements().size(), 2u);
}

}  // namespace
}  // namespace confab::bench
