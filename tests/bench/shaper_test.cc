// SPDX-License-Identifier: MIT
#include "shaper.h"

#include <vector>

#include <gtest/gtest.h>

namespace confab::bench {
namespace {

using namespace std::chrono_literals;

/// Notes when each datagram came, and how large it was.
struct Inner final : base::Machine {
  struct Heard {
    base::Duration at;
    std::size_t bytes;
    bool operator==(const Heard&) const = default;
  };

  void receive(const base::Datagram& datagram, base::Now now) override {
    heard.push_back({now.instant.time_since_epoch(), datagram.bytes.size()});
  }
  void unreachable(const base::Path&, base::Now) override {}
  void wake(base::Now) override { ++wakes; }
  void transmit(base::DatagramSink&, base::Now) override {}
  base::Instant next_deadline() const override { return deadline; }

  std::vector<Heard> heard;
  int wakes = 0;
  base::Instant deadline = base::never;
};

struct ShaperTest : testing::Test {
  ShaperTest() { shaper.limit({.slow = slow, .bits_per_s = 8'000'000, .queue_bytes_max = 3000}); }  // a byte takes 1 us

  void send(const base::Address& local, std::size_t bytes, base::Duration at) {
    const base::Bytes content(bytes);
    shaper.receive({{.local = local, .remote = {}}, content}, now(at));
  }
  static base::Now now(base::Duration at) { return {.instant = base::Instant(at), .wall = {}}; }
  /// Wakes it whenever it wants to be, up to `end`.
  void run(base::Duration end) {
    while (shaper.next_deadline() <= base::Instant(end)) shaper.wake({.instant = shaper.next_deadline(), .wall = {}});
  }

  const base::Address slow = base::Address::v4(127, 0, 0, 1, 1);
  const base::Address fast = base::Address::v4(127, 0, 0, 1, 2);
  Inner inner;
  Shaper shaper{inner};
};

TEST_F(ShaperTest, PassesWhatIsForOthersAtOnce) {
  send(fast, 1000, 5ms);
  EXPECT_EQ(inner.heard, (std::vector<Inner::Heard>{{5ms, 1000}}));
}

TEST_F(ShaperTest, HasOneDatagramWaitForTheOther) {
  send(slow, 1000, 0ms);
  send(slow, 500, 0ms);
  EXPECT_TRUE(inner.heard.empty());
  run(1s);
  EXPECT_EQ(inner.heard, (std::vector<Inner::Heard>{{1000us, 1000}, {1500us, 500}}));
}

TEST_F(ShaperTest, IsNotSlowerForHavingBeenIdle) {
  send(slow, 1000, 0ms);
  run(1s);
  send(slow, 1000, 2s);
  run(3s);
  EXPECT_EQ(inner.heard.back(), (Inner::Heard{2s + 1ms, 1000}));
}

TEST_F(ShaperTest, LosesWhatItsQueueDoesNotHold) {
  for (int i = 0; i < 5; ++i) send(slow, 1000, 0ms);
  EXPECT_EQ(shaper.dropped(), 2u);
  run(1s);
  EXPECT_EQ(inner.heard.size(), 3u);
}

TEST_F(ShaperTest, KeepsTheMachinesOwnDeadlines) {
  inner.deadline = base::Instant(10ms);
  send(slow, 1000, 0ms);
  EXPECT_EQ(shaper.next_deadline(), base::Instant(1ms));
  shaper.wake(now(1ms));
  EXPECT_EQ(inner.wakes, 0);
  EXPECT_EQ(shaper.next_deadline(), base::Instant(10ms));
  shaper.wake(now(10ms));
  EXPECT_EQ(inner.wakes, 1);
}

}  // namespace
}  // namespace confab::bench
