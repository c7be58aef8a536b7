// SPDX-License-Identifier: MIT
// The disk says no: nobody is told that something is stored which is not, and nothing changes its order.
#include "stranger.h"

namespace confab::server::testing {
namespace {

using namespace std::chrono_literals;

std::string id_of(char digit) { return std::string(16, digit); }

struct FailingStore : Town {
  /// The log of the lobby, a line an event.
  Lines log_lines() {
    Lines lines;
    const auto records = store_.store.read("lobby", 1, 1000, 1'000'000);
    for (const log::Record& record : *records) {
      const auto event = wire::decode_event(record.seq, record.body);
      lines.push_back(event->name() + (event->has_joined() ? " joined"
                                       : event->has_left() ? " left"
                                                           : ": " + event->message().text()));
    }
    return lines;
  }
  static Lines words(const std::vector<pb::Reply>& replies) {
    Lines lines;
    for (const pb::Reply& reply : replies) {
      if (reply.has_accepted()) lines.push_back(fmt::format("{} stored", reply.tag()));
      if (reply.has_refused()) lines.push_back(fmt::format("{} {}", reply.tag(), reply.refused().text()));
    }
    return lines;
  }
};

TEST_F(FailingStore, AJoinIsStoredOnceTheDiskIsWell) {
  Person& ryo = member("Ryo");
  store_.failing = true;
  Person& hilmi = member("Hilmi");
  EXPECT_EQ(log_lines(), (Lines{"Ryo joined"}));
  store_.failing = false;
  wire_.pass(2s);
  EXPECT_EQ(log_lines(), (Lines{"Ryo joined", "Hilmi joined"})) << "by itself, without anything else to store";
  EXPECT_EQ(ryo.hear(), (Lines{"#lobby 2 Hilmi joined"}));
  hilmi.client->quit();
  wire_.settle();
  EXPECT_EQ(log_lines(), (Lines{"Ryo joined", "Hilmi joined", "Hilmi left"}));
}

TEST_F(FailingStore, AJoinStandsBeforeWhatCameAfterIt) {
  member("Ryo");
  store_.failing = true;
  Person& hilmi = member("Hilmi");
  store_.failing = false;
  hilmi.client->send("lobby", Kind::text, "hello");
  wire_.settle();
  EXPECT_EQ(log_lines(), (Lines{"Ryo joined", "Hilmi joined", "Hilmi: hello"}));
}

TEST_F(FailingStore, AJoinAndALeaveThatWereNeverStoredCancelOut) {
  member("Ryo");
  store_.failing = true;
  member("Hilmi").client->quit();
  wire_.settle();
  store_.failing = false;
  wire_.pass(2s);
  EXPECT_EQ(log_lines(), (Lines{"Ryo joined"}));
  EXPECT_TRUE(store_.store.members()->size() == 1);
}

TEST_F(FailingStore, ALeaveCancelsTheLastJoinAndNoEarlierOne) {
  Person& hilmi = member("Hilmi");
  store_.holding = true;
  for (int i = 0; i < 2; ++i) {
    hilmi.client->part("lobby");
    wire_.settle();
    hilmi.client->join("lobby", {});
    wire_.settle();
  }
  store_.failing = true;
  store_.holding = false;
  wire_.settle();
  hilmi.client->part("lobby");
  wire_.settle();
  store_.failing = false;
  wire_.pass(2s);
  EXPECT_EQ(log_lines(), (Lines{"Hilmi joined", "Hilmi left", "Hilmi joined", "Hilmi left"}));
  EXPECT_TRUE(store_.store.members()->empty());
}

TEST_F(FailingStore, ALeaveIsStoredOnceTheDiskIsWell) {
  member("Ryo");
  Person& hilmi = member("Hilmi");
  store_.failing = true;
  hilmi.client->quit();
  wire_.settle();
  store_.failing = false;
  wire_.pass(2s);
  EXPECT_EQ(log_lines(), (Lines{"Ryo joined", "Hilmi joined", "Hilmi left"}));
}

TEST_F(FailingStore, ANameStaysItsOwnersThoughTheDiskFailedWhenItWasTaken) {
  store_.failing = true;
  member("Hilmi");
  store_.failing = false;
  wire_.pass(2s);
  ASSERT_EQ(store_.store.claims()->size(), 1U);
  EXPECT_EQ(store_.store.claims()->front().folded_name, "hilmi");
}

TEST_F(FailingStore, NothingOvertakesAMessageThatFailed) {
  Stranger stranger(wire_, server_address_, 6000);
  stranger.hello("Hilmi");
  wire_.settle();
  store_.failing = true;
  stranger.say(id_of('a'), "first");
  wire_.settle();
  store_.failing = false;
  stranger.say(id_of('b'), "second");
  wire_.settle();
  EXPECT_EQ(words(stranger.replies),
            (Lines{"2 not stored: the server's disk is full", "3 an earlier message was not stored"}));
  stranger.replies.clear();
  stranger.say(id_of('a'), "first", 1);
  stranger.say(id_of('b'), "second", 1);
  wire_.settle();
  EXPECT_EQ(words(stranger.replies), (Lines{"4 stored", "5 stored"}));
  EXPECT_EQ(log_lines(), (Lines{"Hilmi: first", "Hilmi: second"}));
}

TEST_F(FailingStore, WhoHasFailedDoesNotHoldUpOthers) {
  Stranger unlucky(wire_, server_address_, 6000);
  unlucky.hello("Hilmi");
  Person& ryo = member("Ryo");
  store_.failing = true;
  unlucky.say(id_of('a'), "first");
  wire_.settle();
  store_.failing = false;
  ryo.client->send("lobby", Kind::text, "mine");
  wire_.settle();
  EXPECT_EQ(ryo.hear(), (Lines{"stored 2", "#lobby 2 Ryo: mine"}));
}

TEST_F(FailingStore, NothingOvertakesThatTheStoreWasNotAskedYet) {
  // The first is at the store, which is about to fail, while the second comes in; then the disk is well at once.
  Stranger stranger(wire_, server_address_, 6000);
  stranger.hello("Hilmi");
  wire_.settle();
  store_.fail_next = 1;
  store_.holding = true;
  stranger.say(id_of('a'), "first");
  wire_.settle();
  stranger.say(id_of('b'), "second");
  store_.holding = false;
  store_.silent_polls = 1;  // the turn in which it is sent; the failure is heard in the one in which it arrives
  wire_.settle();
  EXPECT_EQ(log_lines(), Lines{});
  stranger.say(id_of('a'), "first", 1);
  stranger.say(id_of('b'), "second", 1);
  wire_.settle();
  EXPECT_EQ(log_lines(), (Lines{"Hilmi: first", "Hilmi: second"}));
}

TEST_F(FailingStore, AReaderWaitsForADiskThatWillNotRead) {
  Person& ryo = member("Ryo");
  ryo.client->send("lobby", Kind::text, "first");
  wire_.settle();
  restart();  // so that nothing of it is in memory
  Person& hilmi = person("Hilmi");
  store_.failing_reads = true;
  hilmi.client->join("lobby", {.seq = 2, .newest = 0});
  wire_.pass(5s);
  EXPECT_EQ(hilmi.hear(), Lines{"link online"});
  store_.failing_reads = false;
  wire_.pass(2s);
  EXPECT_EQ(hilmi.hear(), (Lines{"#lobby 2 Ryo: first", "#lobby 3 Hilmi joined"}));
}

TEST_F(FailingStore, ADamagedRoomDoesNotKeepOthersFromTheirs) {
  store_.damaged_room = "lobby";
  member("Ryo");  // the join cannot be stored, and never will be
  Person& hilmi = person("Hilmi");
  wire_.pass(2s);
  hilmi.client->send("den", Kind::text, "all well here");
  wire_.settle();
  EXPECT_EQ(hilmi.hear().back(), "stored 1");
}

TEST_F(FailingStore, ADamagedRoomTakesNoOtherRoomsJoinsWithIt) {
  store_.damaged_room = "lobby";
  Person& ryo = person("Ryo");
  ryo.client->join("lobby", {});
  ryo.client->join("den", {});
  ryo.client->join("kitchen", {});
  wire_.pass(2s);
  std::vector<std::string> rooms;
  const auto members = store_.store.members();
  for (const log::StoredMember& each : *members) rooms.push_back(each.room);
  EXPECT_EQ(rooms, (Lines{"den", "kitchen"}));
  EXPECT_EQ(store_.store.claims()->size(), 1U);
  ryo.client->send("den", Kind::text, "all well here");
  wire_.settle();
  EXPECT_EQ(ryo.hear(), (Lines{"link online", "#den 1 Ryo joined", "#kitchen 1 Ryo joined", "stored 2",
                               "#den 2 Ryo: all well here"}));
}

TEST_F(FailingStore, ADiskThatNeverAnswersDoesNotKeepTheServerFromStopping) {
  Person& ryo = member("Ryo");
  store_.holding = true;
  ryo.client->send("lobby", Kind::text, "stored?");
  wire_.settle();
  server_->drain(wire_.now());
  wire_.pass(9s);
  EXPECT_FALSE(drained_);
  wire_.pass(2s);
  EXPECT_TRUE(drained_);
  EXPECT_TRUE(server_->stats().has_unanswered);
}

TEST_F(FailingStore, AServerThatCannotStoreStopsAllTheSame) {
  member("Ryo");
  store_.failing = true;
  member("Hilmi");
  server_->drain(wire_.now());
  wire_.pass(1s);
  EXPECT_TRUE(drained_);
}

}  // namespace
}  // namespace confab::server::testing
