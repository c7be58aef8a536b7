// SPDX-License-Identifier: MIT
#include "sim/world.h"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace confab::sim {
namespace {

using namespace std::chrono_literals;

const base::Address echo_address = base::Address::v4(10, 0, 0, 1, 7);
const base::Address caller_address = base::Address::v4(10, 0, 1, 1, 1000);
const base::Address other_address = base::Address::v4(10, 0, 1, 1, 2000);

/// Writes down what is done to it, sends what it was told to, and answers if it echoes.
class Toy final : public base::Machine {
 public:
  explicit Toy(const Clock& clock, bool echoes = false) : clock_(clock), echoes_(echoes) {}

  void receive(const base::Datagram& datagram, base::Now now) override {
    say("receive " + std::string(base::as_text(datagram.bytes)));
    peer = datagram.path.remote;
    EXPECT_EQ(now.instant, clock_.instant());
    if (echoes_) send(datagram.path.remote, std::string(base::as_text(datagram.bytes)));
  }
  void unreachable(const base::Path&, base::Now) override {}
  void wake(base::Now) override {
    say("wake");
    deadline = spins ? deadline : base::never;
  }
  void transmit(base::DatagramSink& sink, base::Now) override {
    say("transmit");
    for (const auto& [path, text] : outgoing_) {
      const std::span<std::uint8_t> buffer = sink.buffer();
      EXPECT_GE(buffer.size(), base::DatagramSink::train_bytes_max);
      std::ranges::copy(base::as_bytes(text), buffer.begin());
      sink.commit(path, 2, text.size(), segment_bytes);
    }
    outgoing_.clear();
  }
  base::Instant next_deadline() const override { return deadline; }

  void send(const base::Address& to, std::string text) { outgoing_.push_back({{{}, to}, std::move(text)}); }
  void say(const std::string& what) { diary += std::to_string(clock_.elapsed() / 1ms) + " " + what + "\n"; }

  std::string diary;
  base::Instant deadline = base::never;
  base::Address peer;
  std::size_t segment_bytes = 1000;
  bool spins = false;

 private:
  const Clock& clock_;
  bool echoes_;
  std::vector<std::pair<base::Path, std::string>> outgoing_;
};

/// A caller and an echo, 10 ms there and 20 ms back.
class WorldTest : public testing::Test {
 protected:
  WorldTest() {
    world_.connect(caller_node_, echo_node_, {.delay = 10ms, .outages = {}}, {.delay = 20ms, .outages = {}});
    run_for(0ms);
    caller_.diary.clear();
    echo_.diary.clear();
  }

  NodeId add(const char* name, const base::Address& address, Toy& toy) {
    return world_.add({.name = name,
                       .address = address,
                       .machine = &toy,
                       .on_turn = [&](base::Now) { toy.say("turn"); },
                       .other_deadline = {}});
  }

  void run_for(base::Duration span) {
    world_.run_until([] { return false; }, clock_.instant() + span);
    while (world_step_at_same_time()) {
    }
  }

  /// A turn follows another after a microsecond: let what belongs to this moment happen.
  bool world_step_at_same_time() {
    const std::uint64_t turns = world_.stats().turns;
    const base::Instant moment_end = clock_.instant() + 10us;
    world_.run_until([&] { return world_.stats().turns > turns; }, moment_end);
    return world_.stats().turns > turns;
  }

  void call(const std::string& text) {
    world_.post(caller_node_, [this, text](base::Now) { caller_.send(echo_address, text); });
  }

  Clock clock_;
  Trace trace_{clock_};
  FaultTally faults_;
  World world_{clock_, trace_, 1, faults_};
  Toy echo_{clock_, true};
  Toy caller_{clock_};
  NodeId echo_node_ = add("echo", echo_address, echo_);
  NodeId caller_node_ = add("caller", caller_address, caller_);
};

TEST_F(WorldTest, CarriesDatagramsThereAndBack) {
  call("hello");
  run_for(100ms);
  EXPECT_EQ(caller_.diary, "0 turn\n0 transmit\n30 receive hello\n30 turn\n30 transmit\n");
  EXPECT_EQ(echo_.diary, "10 receive hello\n10 turn\n10 transmit\n");
  EXPECT_EQ(echo_.peer, caller_address);
}

TEST_F(WorldTest, TakesATurnInTheOrderOfTheRealLoop) {
  caller_.deadline = clock_.instant() + 5ms;
  world_.at(clock_.instant() + 5ms, [this] { world_.post(caller_node_, [this](base::Now) { caller_.say("task"); }); });
  world_.post(echo_node_, [this](base::Now) { echo_.send(caller_address, "one"); });
  world_.post(echo_node_, [this](base::Now) { echo_.send(caller_address, "two"); });
  run_for(100ms);
  EXPECT_EQ(caller_.diary,
            "5 task\n5 wake\n5 turn\n5 transmit\n20 receive one\n20 receive two\n20 turn\n20 transmit\n");
}

TEST_F(WorldTest, WakesAMachineAtItsDeadlineAndNotBefore) {
  world_.post(caller_node_, [this](base::Now now) { caller_.deadline = now.instant + 50ms; });
  run_for(49ms);
  EXPECT_EQ(caller_.diary, "0 turn\n0 transmit\n");
  run_for(10ms);
  EXPECT_EQ(caller_.diary, "0 turn\n0 transmit\n50 wake\n50 turn\n50 transmit\n");
}

TEST_F(WorldTest, TakesATurnForWhatElseANodeWaitsFor) {
  Toy toy(clock_);
  base::Instant answer_at = clock_.instant() + 5ms;
  world_.add({.name = "toy",
              .address = other_address,
              .machine = &toy,
              .on_turn =
                  [&](base::Now now) {
                    if (answer_at <= now.instant) answer_at = base::never;
                  },
              .other_deadline = [&] { return answer_at; }});
  run_for(100ms);
  EXPECT_EQ(toy.diary, "0 transmit\n5 transmit\n");
}

TEST_F(WorldTest, CutsATrainIntoDatagrams) {
  caller_.segment_bytes = 4;
  call("abcdefghij");
  run_for(15ms);
  EXPECT_EQ(echo_.diary, "10 receive abcd\n10 receive efgh\n10 receive ij\n10 turn\n10 transmit\n");
  EXPECT_EQ(world_.stats().datagrams_sent, 6U) << "and three back";
}

TEST_F(WorldTest, LosesWhatNobodyReceives) {
  world_.post(caller_node_, [this](base::Now) { caller_.send(other_address, "anybody?"); });
  run_for(100ms);
  EXPECT_EQ(world_.stats().datagrams_astray, 1U);
}

TEST_F(WorldTest, ShowsANodeUnderItsNewAddress) {
  call("before");
  run_for(15ms);
  world_.rebind(caller_node_, other_address);
  run_for(100ms);
  EXPECT_EQ(caller_.diary, "0 turn\n0 transmit\n") << "the answer went to the old address";
  EXPECT_EQ(world_.stats().datagrams_astray, 1U);

  caller_.diary.clear();
  call("after");
  run_for(100ms);
  EXPECT_EQ(echo_.peer, other_address);
  EXPECT_NE(caller_.diary.find("receive after"), std::string::npos) << caller_.diary;
}

TEST_F(WorldTest, MovesOneNodesTimeOfDayAndNothingElse) {
  const auto walls = [this] {
    std::vector<std::int64_t> times(2);
    world_.post(caller_node_, [&](base::Now now) { times[0] = now.wall.unix_ms; });
    world_.post(echo_node_, [&](base::Now now) { times[1] = now.wall.unix_ms; });
    run_for(1ms);
    return times;
  };
  const auto before = walls();
  world_.shift_wall(caller_node_, -24h);
  const auto after = walls();
  EXPECT_NEAR(static_cast<double>(after[0] - before[0]), -24.0 * 3'600'000, 2);
  EXPECT_NEAR(static_cast<double>(after[1] - before[1]), 0, 2);
}

TEST_F(WorldTest, LetsTimePassBetweenTurnsAndCountsIdleOnes) {
  caller_.deadline = clock_.instant();
  caller_.spins = true;
  world_.post(caller_node_, [](base::Now) {});
  const base::Instant begin = clock_.instant();
  const bool ended = world_.run_until([this] { return world_.stats().idle_turns_in_a_row_max >= 50; }, begin + 1ms);
  EXPECT_TRUE(ended) << "a machine that spins is not noticed";
  EXPECT_GE(clock_.instant() - begin, 50 * World::turn_duration);
}

TEST_F(WorldTest, DoesNotTakeAPatientMachineForASpinningOne) {
  caller_.spins = true;
  for (int i = 0; i < 100; ++i) {
    world_.post(caller_node_, [this](base::Now now) { caller_.deadline = now.instant + 2ms; });
    run_for(1ms);
  }
  EXPECT_LT(world_.stats().idle_turns_in_a_row_max, 10U);
}

TEST_F(WorldTest, StopsAtItsLimit) {
  EXPECT_FALSE(world_.run_until([] { return false; }, clock_.instant() + 10s));
  EXPECT_EQ(clock_.elapsed() / 1s, 10);
}

}  // namespace
}  // namespace confab::sim
