// SPDX-License-Identifier: MIT
#include "town.h"
#include "wire/limits.h"

namespace confab::server::testing {
namespace {

using namespace std::chrono_literals;

const base::Address ada = address_of(1, 7001);
const base::Address bob = address_of(1, 7002);

TEST_F(Town, PlainMembersChatAsTheyDidThroughTheToy) {
  plain(7001, "Ada : hi");
  plain(7002, "Bob : hello");
  EXPECT_EQ(wire_.take_unclaimed(ada), (Lines{"Bob : hello"})) << "and not her own line";
  plain(7001, "Ada : how are you");
  EXPECT_EQ(wire_.take_unclaimed(bob), (Lines{"Ada : how are you"}));
  EXPECT_EQ(stdout_lines_, (Lines{"Ada : hi", "Bob : hello", "Ada : how are you"}));
}

TEST_F(Town, PlainAndSealedMembersSeeEachOther) {
  Person& ryo = member("Ryo");
  plain(7001, "Ada : hi");
  EXPECT_EQ(ryo.hear(), (Lines{"#lobby 2 Ada joined", "#lobby 3 ~Ada: hi"}));
  ryo.client->send("lobby", Kind::text, "hi Ada");
  ryo.client->send("lobby", Kind::text, "two\nlines");
  wire_.settle();
  EXPECT_EQ(wire_.take_unclaimed(ada), (Lines{"Ryo : hi Ada", "Ryo : two", "Ryo : lines"}));
}

TEST_F(Town, OtherRoomsStayAmongSealedMembers) {
  plain(7001, "Ada : hi");
  Person& ryo = member("Ryo");
  ryo.client->send("dev", Kind::text, "secret");
  wire_.settle();
  EXPECT_EQ(wire_.take_unclaimed(ada), (Lines{}));
}

TEST_F(Town, ANameOfAKeyIsNotForPlainMembers) {
  member("Ryo");
  plain(7001, "ryo : it is me");
  EXPECT_EQ(wire_.take_unclaimed(ada),
            (Lines{"confab : the name \"ryo\" belongs to another key; choose another name"}));
  EXPECT_EQ(stdout_lines_, (Lines{}));
}

TEST_F(Town, ALineWithoutANameIsAGuests) {
  plain(7001, "no colon here");
  plain(7002, " : empty name");
  EXPECT_EQ(stdout_lines_, (Lines{"guest-7001 : no colon here", "guest-7002 : empty name"}));
}

TEST_F(Town, WhatIsNeitherTextNorQuicIsCountedAndDropped) {
  plain(7001, "Ada : hi");
  const auto before = server_->stats().datagrams_dropped;
  plain(7001, "Ada : \xff\xfe broken");
  plain(7001, "Ada : \x01\x02");
  plain(7001, "");
  EXPECT_EQ(server_->stats().datagrams_dropped, before + 3);
  EXPECT_EQ(stdout_lines_, (Lines{"Ada : hi"}));
}

TEST_F(Town, EscapeSequencesAreDisarmed) {
  plain(7001, "Ada : \x1b[2J");
  EXPECT_EQ(stdout_lines_, (Lines{"Ada : \uFFFD[2J"}));
}

TEST_F(Town, SilenceEndsAPlainMember) {
  Person& ryo = member("Ryo");
  plain(7001, "Ada : hi");
  ryo.hear();
  wire_.pass(wire::limits::plain_silence_max - 1s);
  EXPECT_EQ(ryo.hear(), (Lines{}));
  wire_.pass(1s);
  EXPECT_EQ(ryo.hear(), (Lines{"#lobby 4 Ada left"}));
  ryo.client->send("lobby", Kind::text, "gone?");
  wire_.settle();
  EXPECT_EQ(wire_.take_unclaimed(ada), (Lines{}));
}

TEST_F(Town, ANewNameIsALeaveAndAJoin) {
  Person& ryo = member("Ryo");
  plain(7001, "Ada : hi");
  plain(7001, "Eve : hi");
  EXPECT_EQ(ryo.hear(), (Lines{"#lobby 2 Ada joined", "#lobby 3 ~Ada: hi", "#lobby 4 Ada left", "#lobby 5 Eve joined",
                               "#lobby 6 ~Eve: hi"}));
}

TEST_F(Town, PlainAddressesAreBounded) {
  for (std::size_t i = 0; i < wire::limits::plain_members_max; ++i) {
    wire_.send({address_of(2, static_cast<std::uint16_t>(10'000 + i)), server_address_}, {'a', ' ', ':', ' ', 'b'});
  }
  wire_.settle();
  const auto before = server_->stats().datagrams_dropped;
  plain(7001, "Ada : one too many");
  EXPECT_EQ(server_->stats().datagrams_dropped, before + 1);
}

TEST_F(Town, AnUnprovenAddressIsSentNoMoreThanItEarned) {
  const base::Address stranger = base::Address::v4(192, 0, 2, 1, 9000);
  wire_.send({stranger, server_address_}, {'m', ' ', ':', ' ', 'x'});
  Person& ryo = member("Ryo");
  const std::string text(1000, 'x');
  for (int i = 0; i < 200; ++i) ryo.client->send("lobby", Kind::text, text);
  wire_.pass(1s);
  std::size_t bytes = 0;
  for (const std::string& line : wire_.take_unclaimed(stranger)) bytes += line.size();
  EXPECT_GT(bytes, wire::limits::plain_unproven_bytes_max - 2048);
  EXPECT_LE(bytes, wire::limits::plain_unproven_bytes_max);
}

TEST_F(Town, AMessageOfLineFeedsIsNoFlood) {
  plain(7001, "Ada : hi");
  Person& ryo = member("Ryo");
  ryo.client->send("lobby", Kind::text, "top" + std::string(16'000, '\n') + "bottom");
  std::string many;
  for (int i = 0; i < 1000; ++i) many += "x\n";
  ryo.client->send("lobby", Kind::text, many);
  wire_.settle();
  const Lines heard = wire_.take_unclaimed(ada);
  ASSERT_EQ(heard.size(), 2U + 64U);
  EXPECT_EQ(heard[1], "Ryo : bottom");
  EXPECT_EQ(heard.back(), "Ryo : …");
}

TEST_F(Town, LinesThatNothingHoldsBackAreNotTakenWhileTheDiskIsBehind) {
  plain(7001, "Ada : hi");
  store_.holding = true;
  Person& ryo = person("Ryo");
  for (int i = 0; i < 600; ++i) ryo.client->send("lobby", Kind::text, std::string(16'000, 'x'));
  wire_.pass(5s);
  const int waiting = store_.appends;
  plain(7001, "Ada : more");
  EXPECT_EQ(wire_.take_unclaimed(ada), (Lines{"confab : the server's disk is behind; this line was not taken"}));
  EXPECT_EQ(store_.appends, waiting);
  store_.holding = false;
  wire_.pass(5s);
  wire_.take_unclaimed(ada);
  plain(7001, "Ada : now?");
  EXPECT_EQ(stdout_lines_.back(), "Ada : now?");
}

TEST_F(Town, APlainMemberLearnsThatItsLineWasNotStored) {
  plain(7001, "Ada : hi");
  store_.failing = true;
  plain(7001, "Ada : lost");
  EXPECT_EQ(wire_.take_unclaimed(ada), (Lines{"confab : not stored: the server's disk is full"}));
}

}  // namespace
}  // namespace confab::server::testing
