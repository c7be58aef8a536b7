// SPDX-License-Identifier: MIT
#include "client/read_markers.h"

#include <gtest/gtest.h>

namespace confab::client {
namespace {

using namespace std::chrono_literals;
using Next = std::optional<std::pair<std::string, base::Seq>>;

Next lobby(base::Seq seq) { return std::pair<std::string, base::Seq>("lobby", seq); }

struct ReadMarkersTest : ::testing::Test {
  void pass(base::Duration span) { now.instant += span; }

  ReadMarkers markers;
  base::Now now{base::Instant(1h), {}};
};

TEST_F(ReadMarkersTest, OneIsUnderWayAndTheNewestWins) {
  for (const base::Seq seq : {5U, 7U, 6U}) markers.want("lobby", seq);
  EXPECT_EQ(markers.next(now), lobby(7));
  markers.mark_sent(1, now);
  markers.want("lobby", 8);
  markers.want("lobby", 9);
  EXPECT_EQ(markers.next(now), std::nullopt);
  EXPECT_TRUE(markers.settle(1, true));
  pass(ReadMarkers::said_every);
  EXPECT_EQ(markers.next(now), lobby(9));
}

TEST_F(ReadMarkersTest, ARoomThatTalksIsNotSaidLineByLine) {
  RequestId said = 0;
  for (base::Seq seq = 1; seq <= 60; ++seq, pass(100ms)) {
    markers.want("lobby", seq);
    if (!markers.next(now)) continue;
    markers.mark_sent(++said, now);
    markers.settle(said, true);
  }
  EXPECT_EQ(said, 3U) << "in six seconds";
  EXPECT_EQ(markers.next(now), lobby(60)) << "the last one, too";
}

TEST_F(ReadMarkersTest, TheNextOneHasItsTime) {
  EXPECT_EQ(markers.next_deadline(), base::never);
  markers.want("lobby", 5);
  markers.next(now);
  EXPECT_EQ(markers.next_deadline(), base::never) << "that one waits for the network";
  markers.mark_sent(1, now);
  markers.settle(1, true);
  EXPECT_EQ(markers.next_deadline(), base::never) << "there is nothing to say";
  markers.want("lobby", 6);
  EXPECT_EQ(markers.next_deadline(), now.instant + ReadMarkers::said_every);
  markers.silence();
  EXPECT_EQ(markers.next_deadline(), base::never);
}

TEST_F(ReadMarkersTest, TheLastChanceWaitsForNothing) {
  markers.want("lobby", 5);
  markers.mark_sent(1, now);
  markers.want("lobby", 7);
  markers.want("dev", 3);
  markers.hear("dev", 3);
  EXPECT_EQ(markers.next(now), std::nullopt);
  markers.hurry();
  EXPECT_EQ(markers.next(now), lobby(7)) << "though the one before is not answered";
  markers.mark_sent(2, now);
  EXPECT_EQ(markers.next(now), std::nullopt);
}

TEST_F(ReadMarkersTest, RoomsDoNotWaitForEachOther) {
  markers.want("dev", 3);
  markers.want("lobby", 5);
  EXPECT_EQ(markers.next(now)->first, "dev");
  markers.mark_sent(1, now);
  EXPECT_EQ(markers.next(now), lobby(5));
}

TEST_F(ReadMarkersTest, WhatTheServerKnowsIsNotSaid) {
  EXPECT_TRUE(markers.hear("lobby", 6));
  EXPECT_FALSE(markers.hear("lobby", 6)) << "no news";
  EXPECT_FALSE(markers.hear("lobby", 4)) << "a marker never moves back";
  markers.want("lobby", 6);
  EXPECT_EQ(markers.next(now), std::nullopt);
  markers.want("lobby", 7);
  EXPECT_EQ(markers.next(now), lobby(7));
}

TEST_F(ReadMarkersTest, WhatWasNotAnsweredIsSaidOnTheNextConnection) {
  markers.want("lobby", 5);
  markers.mark_sent(1, now);
  markers.begin_again();
  EXPECT_FALSE(markers.settle(1, true)) << "it may be another server's answer";
  EXPECT_EQ(markers.next(now), lobby(5));
}

TEST_F(ReadMarkersTest, WhatWasRefusedIsNotSaidAgainOnThisConnection) {
  markers.want("lobby", 5);
  markers.mark_sent(1, now);
  EXPECT_TRUE(markers.settle(1, false));
  pass(ReadMarkers::said_every);
  EXPECT_EQ(markers.next(now), std::nullopt);
  markers.want("lobby", 6);
  EXPECT_EQ(markers.next(now), lobby(6));
  markers.mark_sent(2, now);
  markers.silence();
  markers.settle(2, false);
  markers.want("lobby", 7);
  EXPECT_EQ(markers.next(now), std::nullopt) << "the server knows no markers";
  markers.begin_again();
  EXPECT_EQ(markers.next(now), lobby(7));
}

TEST_F(ReadMarkersTest, AnotherNameHasReadNothing) {
  markers.hear("lobby", 4);
  markers.want("lobby", 5);
  markers.clear();
  EXPECT_EQ(markers.next(now), std::nullopt);
  EXPECT_TRUE(markers.hear("lobby", 1));
}

}  // namespace
}  // namespace confab::client
