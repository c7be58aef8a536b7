// SPDX-License-Identifier: MIT
#include "report.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace confab::bench {
namespace {

using namespace std::chrono_literals;

/// 10 messages at `members` members, each delivered; `cpu` for all of it.
Measurement paced(std::uint64_t members, base::Duration cpu) {
  Measurement measured{.workload = {.kind = Workload::Kind::paced, .messages_per_s = 10, .length = 1s},
                       .tally = {},
                       .wall = 1s,
                       .cpu = cpu,
                       .memory = {}};
  measured.tally.messages = 10;
  measured.tally.expected = measured.tally.deliveries = 10 * members;
  return measured;
}

Measurement idle(base::Duration cpu) {
  return {
      .workload = {.kind = Workload::Kind::idle, .length = 10s}, .tally = {}, .wall = 10s, .cpu = cpu, .memory = {}};
}

Trial trial(const std::string& system, std::vector<Measurement> measurements) {
  return {.system = system, .is_encrypted = system != "toy", .members = 100, .measurements = std::move(measurements)};
}

bool passes(const std::vector<Trial>& trials) {
  const Report report{.trials = trials, .notes = {}};
  const auto checks = report.checks();
  return !checks.empty() && std::ranges::all_of(checks, &Check::kept);
}

TEST(Report, PassesWhatKeepsAllPromises) {
  EXPECT_TRUE(passes({trial("toy", {paced(100, 1ms)}), trial("confab", {idle(49ms), paced(100, 999us)})}));
}

TEST(Report, FailsAServerThatIsBusyWhileIdle) {
  EXPECT_FALSE(passes({trial("confab", {idle(51ms)})}));
  EXPECT_TRUE(passes({trial("toy", {idle(10s)}), trial("confab", {idle(1ms)})}));
}

TEST(Report, FailsADeliveryThatCostsMoreThanTheToys) {
  EXPECT_FALSE(passes({trial("toy", {paced(100, 1ms)}), trial("confab", {paced(100, 1001us)})}));
}

TEST(Report, FailsADeliveryThatCostsMoreThanTheBestEncryptedPeers) {
  const auto confab_beside = [](base::Duration one, base::Duration other) {
    return passes({trial("ngircd", {paced(100, one)}), trial("nats-server", {paced(100, other)}),
                   trial("confab", {paced(100, 1ms)})});
  };
  EXPECT_TRUE(confab_beside(1001us, 1001us));
  EXPECT_FALSE(confab_beside(999us, 5ms));
  EXPECT_FALSE(confab_beside(5ms, 999us));
}

TEST(Report, ComparesWithThoseAloneWhoDeliveredAnything) {
  Measurement nothing = paced(100, 1us);
  nothing.tally.deliveries = 0;
  EXPECT_TRUE(passes({trial("ngircd", {nothing}), trial("confab", {paced(100, 1ms)})}));
}

TEST(Report, FailsOneMessageLostDoubledOrOutOfOrder) {
  for (std::uint64_t Tally::* wrong : {&Tally::doubled, &Tally::disordered, &Tally::expected}) {
    Measurement measured = paced(100, 1ms);
    EXPECT_TRUE(passes({trial("confab", {measured})}));
    measured.tally.*wrong += 1;
    EXPECT_FALSE(passes({trial("confab", {measured})}));
    EXPECT_TRUE(passes({trial("toy", {measured}), trial("confab", {paced(100, 1us)})}));
  }
}

TEST(Report, FailsARunInWhichNothingWasSent) {
  Measurement measured = paced(100, 1ms);
  measured.tally = {};
  EXPECT_FALSE(passes({trial("confab", {measured})}));
}

TEST(Report, NamesWhatWasBroken) {
  const Report report{.trials = {trial("confab", {idle(1s)})}, .notes = {"nothing else"}};
  EXPECT_NE(report.to_markdown().find("BROKEN: 100 members, idle"), std::string::npos);
  EXPECT_NE(report.to_markdown().find("note: nothing else"), std::string::npos);
  EXPECT_NE(report.to_json().find("\"kept\": false"), std::string::npos);
}

}  // namespace
}  // namespace confab::bench
