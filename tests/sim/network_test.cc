// SPDX-License-Identifier: MIT
#include "sim/network.h"

#include <algorithm>
#include <numeric>

#include <gtest/gtest.h>

#include "sim/clock.h"
#include "sim/seed.h"

namespace confab::sim {
namespace {

using namespace std::chrono_literals;

constexpr int many = 10'000;

Packet packet(std::size_t size = 100) { return {.bytes = base::Bytes(size, 0x55), .ecn = 1}; }

/// What becomes of `many` datagrams, sent a millisecond apart.
Packets pass_many(Hop& hop) {
  Packets out;
  for (int i = 0; i < many; ++i) hop.pass(packet(), Clock::start + i * 1ms, out);
  return out;
}

TEST(Delay, AddsItsLengthAndUpToItsJitter) {
  Delay hop(20ms, 8ms, 1);
  const Packets out = pass_many(hop);
  ASSERT_EQ(out.size(), std::size_t{many});
  const auto [least, most] = std::ranges::minmax(out, {}, &Packet::delay);
  EXPECT_GE(least.delay, 20ms);
  EXPECT_LT(least.delay, 20ms + 10us);
  EXPECT_LE(most.delay, 28ms);
  EXPECT_GT(most.delay, 28ms - 10us);
  EXPECT_EQ(out.front().bytes, packet().bytes);
  EXPECT_EQ(out.front().ecn, 1);
}

TEST(Delay, ReordersByJitterAlone) {
  Delay hop(20ms, 8ms, 1);
  const Packets out = pass_many(hop);
  int overtaken = 0;
  for (int i = 1; i < many; ++i) {
    overtaken += out[static_cast<std::size_t>(i)].delay + 1ms < out[static_cast<std::size_t>(i) - 1].delay;
  }
  EXPECT_GT(overtaken, many / 4);
}

TEST(Loss, TakesItsShare) {
  FaultTally counts;
  Loss hop(100, 1, counts);
  const Packets out = pass_many(hop);
  EXPECT_NEAR(static_cast<double>(out.size()), many * 0.9, many * 0.01);
  EXPECT_EQ(counts[Fault::loss], many - out.size());
}

TEST(Duplicate, DoublesItsShare) {
  FaultTally counts;
  Duplicate hop(100, 1, counts);
  const Packets out = pass_many(hop);
  EXPECT_NEAR(static_cast<double>(out.size()), many * 1.1, many * 0.01);
  EXPECT_EQ(counts[Fault::duplication], out.size() - many);
  EXPECT_TRUE(std::ranges::all_of(out, [](const Packet& each) { return each.bytes == packet().bytes; }));
}

TEST(Reorder, HoldsItsShareUp) {
  FaultTally counts;
  Reorder hop(100, 30ms, 1, counts);
  const Packets out = pass_many(hop);
  const auto held = std::ranges::count(out, base::Duration(30ms), &Packet::delay);
  EXPECT_NEAR(static_cast<double>(held), many * 0.1, many * 0.01);
  EXPECT_EQ(counts[Fault::reordering], static_cast<std::uint64_t>(held));
  EXPECT_EQ(std::ranges::count(out, base::Duration(0), &Packet::delay), many - held);
}

TEST(Corrupt, ChangesOneByteOfItsShare) {
  FaultTally counts;
  Corrupt hop(100, 1, counts);
  const base::Bytes whole = packet().bytes;
  std::uint64_t changed = 0;
  for (const Packet& each : pass_many(hop)) {
    ASSERT_EQ(each.bytes.size(), whole.size());
    const int differing = std::transform_reduce(whole.begin(), whole.end(), each.bytes.begin(), 0, std::plus<>(),
                                                [](std::uint8_t a, std::uint8_t b) { return a != b ? 1 : 0; });
    ASSERT_LE(differing, 1);
    changed += static_cast<std::uint64_t>(differing);
  }
  EXPECT_NEAR(static_cast<double>(changed), many * 0.1, many * 0.01);
  EXPECT_EQ(counts[Fault::corruption], changed);
}

TEST(Corrupt, LeavesAnEmptyDatagramAlone) {
  FaultTally counts;
  Corrupt hop(1000, 1, counts);
  Packets out;
  hop.pass(packet(0), Clock::start, out);
  EXPECT_EQ(out.size(), 1U);
}

TEST(Bottleneck, LetsThroughItsSpeed) {
  FaultTally counts;
  Bottleneck hop(100'000, 1'000'000, counts);  // 100 bytes take a millisecond
  Packets out;
  for (int i = 0; i < 10; ++i) hop.pass(packet(100), Clock::start, out);
  ASSERT_EQ(out.size(), 10U);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(out[static_cast<std::size_t>(i)].delay, (i + 1) * 1ms);

  hop.pass(packet(100), Clock::start + 1s, out);
  EXPECT_EQ(out.back().delay, 1ms) << "the queue had run empty";
}

TEST(Bottleneck, DropsWhatItsQueueDoesNotHold) {
  FaultTally counts;
  Bottleneck hop(100'000, 500, counts);
  Packets out;
  for (int i = 0; i < 10; ++i) hop.pass(packet(100), Clock::start, out);
  EXPECT_EQ(out.size(), 6U) << "one on its way, five in the queue";
  EXPECT_EQ(counts[Fault::overflow], 4U);
}

TEST(Partition, CutsWithinItsOutages) {
  FaultTally counts;
  Partition hop({{Clock::start + 1s, Clock::start + 2s}, {Clock::start + 5s, Clock::start + 6s}}, counts);
  const auto passes = [&hop](base::Duration at) {
    Packets out;
    hop.pass(packet(), Clock::start + at, out);
    return !out.empty();
  };
  EXPECT_TRUE(passes(999ms));
  EXPECT_FALSE(passes(1s));
  EXPECT_FALSE(passes(1999ms));
  EXPECT_TRUE(passes(2s));
  EXPECT_FALSE(passes(5500ms));
  EXPECT_TRUE(passes(6s));
  EXPECT_EQ(counts[Fault::cut_datagram], 3U);
}

/// The times of arrival of what a line makes of `many` datagrams.
std::vector<base::Duration> arrivals(const LinkOptions& options, FaultTally& counts, std::uint64_t seed = 1) {
  Line line(options, seed, counts);
  std::vector<base::Duration> times;
  for (int i = 0; i < many; ++i) {
    for (const Packet& each : line.send(packet(), Clock::start + i * 1ms)) times.push_back(i * 1ms + each.delay);
  }
  return times;
}

TEST(Line, HasNoFaultsUnlessAsked) {
  FaultTally counts;
  const auto times = arrivals({.delay = 7ms, .outages = {}}, counts);
  ASSERT_EQ(times.size(), std::size_t{many});
  for (int i = 0; i < many; ++i) ASSERT_EQ(times[static_cast<std::size_t>(i)], i * 1ms + 7ms);
}

TEST(Line, RepeatsItselfBySeed) {
  FaultTally counts;
  const LinkOptions options{
      .jitter = 5ms, .loss_permille = 50, .corrupt_permille = 50, .duplicate_permille = 50, .outages = {}};
  EXPECT_EQ(arrivals(options, counts, 1), arrivals(options, counts, 1));
  EXPECT_NE(arrivals(options, counts, 1), arrivals(options, counts, 2));
}

TEST(Line, GivesEachHopDiceOfItsOwn) {
  FaultTally without;
  FaultTally with;
  arrivals({.loss_permille = 50, .outages = {}}, without);
  arrivals({.loss_permille = 50, .corrupt_permille = 100, .duplicate_permille = 100, .outages = {}}, with);
  EXPECT_EQ(with[Fault::loss], without[Fault::loss]) << "another fault shifted the dice of this one";
  EXPECT_GT(with[Fault::corruption], 0U);
}

TEST(Line, EndsItsFaultsButKeepsItsNature) {
  FaultTally counts;
  const LinkOptions options{.delay = 7ms,
                            .loss_permille = 500,
                            .corrupt_permille = 500,
                            .duplicate_permille = 500,
                            .reorder_permille = 500,
                            .bottleneck_bytes_per_s = 1'000'000,
                            .outages = {{Clock::start, base::never}},
                            .faults_until = Clock::start};
  const auto times = arrivals(options, counts);
  ASSERT_EQ(times.size(), std::size_t{many});
  for (int i = 0; i < many; ++i) ASSERT_EQ(times[static_cast<std::size_t>(i)], i * 1ms + 7ms + 100us);
}

TEST(Seed, GivesEachPurposeAnother) {
  EXPECT_EQ(derive_seed(1, "loss", 2), derive_seed(1, "loss", 2));
  EXPECT_NE(derive_seed(1, "loss", 2), derive_seed(2, "loss", 2));
  EXPECT_NE(derive_seed(1, "loss", 2), derive_seed(1, "delay", 2));
  EXPECT_NE(derive_seed(1, "loss", 2), derive_seed(1, "loss", 3));
}

}  // namespace
}  // namespace confab::sim
