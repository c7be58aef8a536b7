// SPDX-License-Identifier: MIT
#include "client/read_markers.h"

#include <gtest/gtest.h>

namespace confab::client {
namespace {

using Next = std::optional<std::pair<std::string, base::Seq>>;

Next lobby(base::Seq seq) { return std::pair<std::string, base::Seq>("lobby", seq); }

TEST(ReadMarkers, OneIsUnderWayAndTheNewestWins) {
  ReadMarkers markers;
  for (const base::Seq seq : {5U, 7U, 6U}) markers.want("lobby", seq);
  EXPECT_EQ(markers.next(), lobby(7));
  markers.mark_sent(1);
  markers.want("lobby", 8);
  markers.want("lobby", 9);
  EXPECT_EQ(markers.next(), std::nullopt);
  EXPECT_TRUE(markers.settle(1, true));
  EXPECT_EQ(markers.next(), lobby(9));
}

TEST(ReadMarkers, RoomsDoNotWaitForEachOther) {
  ReadMarkers markers;
  markers.want("dev", 3);
  markers.want("lobby", 5);
  EXPECT_EQ(markers.next()->first, "dev");
  markers.mark_sent(1);
  EXPECT_EQ(markers.next(), lobby(5));
}

TEST(ReadMarkers, WhatTheServerKnowsIsNotSaid) {
  ReadMarkers markers;
  EXPECT_TRUE(markers.hear("lobby", 6));
  EXPECT_FALSE(markers.hear("lobby", 6)) << "no news";
  EXPECT_FALSE(markers.hear("lobby", 4)) << "a marker never moves back";
  markers.want("lobby", 6);
  EXPECT_EQ(markers.next(), std::nullopt);
  markers.want("lobby", 7);
  EXPECT_EQ(markers.next(), lobby(7));
}

TEST(ReadMarkers, WhatWasNotAnsweredIsSaidOnTheNextConnection) {
  ReadMarkers markers;
  markers.want("lobby", 5);
  markers.mark_sent(1);
  markers.begin_again();
  EXPECT_FALSE(markers.settle(1, true)) << "it may be another server's answer";
  EXPECT_EQ(markers.next(), lobby(5));
}

TEST(ReadMarkers, WhatWasRefusedIsNotSaidAgainOnThisConnection) {
  ReadMarkers markers;
  markers.want("lobby", 5);
  markers.mark_sent(1);
  EXPECT_TRUE(markers.settle(1, false));
  EXPECT_EQ(markers.next(), std::nullopt);
  markers.want("lobby", 6);
  EXPECT_EQ(markers.next(), lobby(6));
  markers.mark_sent(2);
  markers.silence();
  markers.settle(2, false);
  markers.want("lobby", 7);
  EXPECT_EQ(markers.next(), std::nullopt) << "the server knows no markers";
  markers.begin_again();
  EXPECT_EQ(markers.next(), lobby(7));
}

TEST(ReadMarkers, AnotherNameHasReadNothing) {
  ReadMarkers markers;
  markers.hear("lobby", 4);
  markers.want("lobby", 5);
  markers.clear();
  EXPECT_EQ(markers.next(), std::nullopt);
  EXPECT_TRUE(markers.hear("lobby", 1));
}

}  // namespace
}  // namespace confab::client
