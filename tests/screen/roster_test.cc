// SPDX-License-Identifier: MIT
#include "screen/roster.h"

#include <gtest/gtest.h>

namespace confab::screen {
namespace {

std::string listing(const Roster& roster, std::size_t count_max = 100) {
  std::string text;
  for (const Member& member : roster.first(count_max)) {
    text += (text.empty() ? "" : " ") + std::string(member.verified ? "" : "~") + member.name;
    if (member.presence != Presence::here) text += "(" + member.away_text + ")";
  }
  return text;
}

TEST(Roster, IsInTheOrderOfNamesWhateverTheirCase) {
  Roster roster;
  roster.join("bob", true);
  roster.join("Ada", true);
  roster.join("Zoe", true);
  roster.join("eve", false);
  EXPECT_EQ(listing(roster), "Ada bob ~eve Zoe");
  EXPECT_EQ(listing(roster, 2), "Ada bob");
  roster.leave("BOB", true);
  EXPECT_EQ(listing(roster), "Ada ~eve Zoe");
}

TEST(Roster, APlainMemberAndAKeysMayBearOneName) {
  Roster roster;
  roster.join("ada", false);
  roster.join("Ada", true);
  EXPECT_EQ(listing(roster), "Ada ~ada");
  EXPECT_TRUE(roster.find("ADA")->verified) << "the one who owns it first";
  roster.leave("ada", true);
  EXPECT_EQ(listing(roster), "~ada");
  EXPECT_FALSE(roster.find("ada")->verified);
  EXPECT_EQ(roster.find("ad"), nullptr);
}

TEST(Roster, KnowsWhoIsAway) {
  Roster roster;
  roster.join("ada", true);
  roster.set_presence("Ada", Presence::away, "tea");
  roster.set_presence("nobody", Presence::away, "tea");
  EXPECT_EQ(listing(roster), "ada(tea)");
  roster.join("ada", true);
  EXPECT_EQ(listing(roster), "ada") << "who comes is here";
}

TEST(Roster, TheServersListReplacesAll) {
  Roster roster;
  roster.join("bob", true);
  const auto version = roster.version();
  roster.set({{"Ada", true, Presence::here, ""}, {"ADA", true, Presence::here, ""}});
  EXPECT_EQ(listing(roster), "ADA") << "twice in the list, once in the room";
  EXPECT_NE(roster.version(), version);
  const auto known = roster.version();
  roster.leave("bob", true);
  EXPECT_EQ(roster.version(), known) << "he was not here";
}

}  // namespace
}  // namespace confab::screen
