// SPDX-License-Identifier: MIT
#include "tui/recent_messages.h"

#include <gtest/gtest.h>

#include "fake_client.h"

namespace confab::tui {
namespace {

Message said(const std::string& name, std::uint64_t seq, bool verified = true) {
  Message result = message(name, "text of " + std::to_string(seq));
  result.seq = seq;
  result.id = "id" + std::to_string(seq);
  result.verified = verified;
  return result;
}

std::string id_of(const Message* found) { return found == nullptr ? "" : found->id; }

struct RecentScript : ::testing::Test {
  RecentScript() {
    recent.add(said("Ada", 1));
    recent.add(said("Hilmi", 2));
    recent.add(said("Bob", 3));
    recent.add(said("Ada", 4, false));
  }
  RecentMessages recent;
};

TEST_F(RecentScript, TheNewestOfSomebodyAndOfOneself) {
  EXPECT_EQ(id_of(recent.newest_of_others("lobby", "hilmi", "")), "id4");
  EXPECT_EQ(id_of(recent.newest_of_others("lobby", "hilmi", "BOB")), "id3");
  EXPECT_EQ(id_of(recent.newest_of_others("lobby", "hilmi", "Cleo")), "");
  EXPECT_EQ(id_of(recent.newest_of_mine("lobby", "HILMI")), "id2");
  EXPECT_EQ(id_of(recent.newest_of_mine("lobby", "Ada")), "id1") << "no key stands behind the other";
  EXPECT_EQ(id_of(recent.newest_of_mine("dev", "Ada")), "");
  EXPECT_EQ(recent.newest_seq("lobby"), 4U);
}

TEST_F(RecentScript, HistoryTakesItsPlaceBeforeWhatIsHere) {
  recent.add(said("Bob", 5));
  recent.add(said("Hilmi", 1));
  EXPECT_EQ(id_of(recent.newest_of_mine("lobby", "Hilmi")), "id2");
  EXPECT_EQ(recent.newest_seq("lobby"), 5U);
}

TEST_F(RecentScript, AnEditCountsFromTheAuthorAlone) {
  Edited edited{
      .room = "lobby", .seq = 5, .time_ms = 0, .name = "Bob", .target = "id1", .text = "new", .verified = true};
  EXPECT_FALSE(recent.apply(edited));
  edited.name = "ada";
  edited.verified = false;
  EXPECT_FALSE(recent.apply(edited));
  edited.verified = true;
  EXPECT_TRUE(recent.apply(edited));
  EXPECT_EQ(recent.find("lobby", "id1")->text, "new");
  edited.target = "id4";
  EXPECT_FALSE(recent.apply(edited)) << "a plain line can be anybody's";
}

TEST_F(RecentScript, WhatWasTakenBackIsNoLongerHere) {
  Redacted redacted{
      .room = "lobby", .seq = 5, .time_ms = 0, .name = "Hilmi", .target = "id3", .reason = "", .verified = true};
  EXPECT_FALSE(recent.apply(redacted));
  redacted.target = "id2";
  EXPECT_TRUE(recent.apply(redacted));
  EXPECT_EQ(recent.find("lobby", "id2"), nullptr);
  EXPECT_EQ(recent.newest_of_mine("lobby", "Hilmi"), nullptr);
}

TEST_F(RecentScript, TheOldestGoWhereThereAreTooMany) {
  for (std::uint64_t seq = 5; seq <= 4 + RecentMessages::messages_max; ++seq) recent.add(said("Bob", seq));
  EXPECT_EQ(recent.find("lobby", "id4"), nullptr);
  EXPECT_NE(recent.find("lobby", "id5"), nullptr);
}

TEST_F(RecentScript, WhatHasNoIdCannotBeMeant) {
  Message plain = said("Cleo", 9);
  plain.id = "";
  recent.add(plain);
  EXPECT_EQ(recent.newest_seq("lobby"), 4U);
}

}  // namespace
}  // namespace confab::tui
