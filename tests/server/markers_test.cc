// SPDX-License-Identifier: MIT
// How far a name has read, for all its devices.
#include "replies.h"

namespace confab::server::testing {
namespace {

using namespace std::chrono_literals;

struct Markers : Askers {
  Markers() {
    for (char id = 'a'; id <= 'e'; ++id) hilmi_.say_in("tea", id, "cup");
    wire_.settle();
    hilmi_.hear();
    ryo_.join("tea");
    wire_.settle();
    ryo_.hear();
  }
  /// As the store has them.
  Lines stored() {
    Lines lines;
    const auto markers = store_.store.markers();
    for (const log::ReadMarker& each : *markers) {
      lines.push_back(fmt::format("{} {} {}", each.folded_name, each.room, each.up_to));
    }
    return lines;
  }
  /// Tells the journal that has no server what became of its batches.
  void answer(base::Now now) {
    for (log::StoreAnswer& each : store_.poll()) {
      journal_.settle(each.ticket, std::get<log::AppendResult>(std::move(each.result)), now);
    }
  }

  Journal journal_{store_};
  Asker& hilmi_ = asker("Hilmi");
  Asker& ryo_ = asker("Ryo");
  Asker& phone_ = asker("ryo", &ryo_);
};

TEST_F(Markers, AreToldToTheOtherDevicesAndToWhoOpensTheRoom) {
  ryo_.mark("tea", 3);
  EXPECT_EQ(heard(ryo_), Lines{"done"});
  EXPECT_EQ(heard(phone_), Lines{"!marker tea 3"});
  EXPECT_TRUE(heard(hilmi_).empty());
  phone_.join("tea");
  EXPECT_EQ(heard(phone_), Lines{"opened tea 7-6 read 3"});
  ryo_.read("tea");
  hilmi_.read("tea");
  EXPECT_EQ(heard(ryo_), Lines{"opened tea 7-6 read 3"});
  EXPECT_EQ(heard(hilmi_), Lines{"opened tea 7-6"});
}

TEST_F(Markers, NeverMoveBackNorPastTheEnd) {
  ryo_.mark("#Tea", 99);
  ryo_.mark("tea", 2);
  ryo_.mark("tea", 0);
  EXPECT_EQ(heard(ryo_), (Lines{"done", "done", "done"}));
  EXPECT_EQ(heard(phone_), Lines{"!marker tea 6"});
}

TEST_F(Markers, AreOfRoomsThatOneIsInAndOfNamesWithAKey) {
  ryo_.mark("nowhere", 1);
  ryo_.mark("two words", 1);
  ryo_.mark("lobby", 1);
  wire_.settle();
  ASSERT_EQ(ryo_.replies.size(), 3U);
  EXPECT_EQ(ryo_.replies[0].refused().code(), pb::Refused::CODE_NO_SUCH_ROOM);
  EXPECT_EQ(ryo_.replies[1].refused().code(), pb::Refused::CODE_ROOM_INVALID);
  EXPECT_EQ(ryo_.replies[2].refused().code(), pb::Refused::CODE_NOT_A_MEMBER);
  Asker& observer = asker("");
  observer.mark("tea", 1);
  wire_.settle();
  EXPECT_EQ(observer.replies.at(0).refused().code(), pb::Refused::CODE_NOT_ALLOWED);
}

TEST_F(Markers, GatherWhileARoomTalks) {
  const int appends = store_.appends;
  for (std::uint64_t seq = 1; seq <= 4; ++seq) {
    ryo_.mark("tea", seq);
    hilmi_.say_in("tea", static_cast<char>('p' + seq), "more");
    wire_.pass(1s);
  }
  EXPECT_EQ(store_.appends, appends + 4) << "the messages";
  EXPECT_EQ(stored(), Lines{});
  wire_.pass(Journal::markers_wait);
  EXPECT_EQ(store_.appends, appends + 5);
  EXPECT_EQ(stored(), Lines{"ryo tea 4"});
}

TEST_F(Markers, AreWrittenInBatchesWithABound) {
  const int appends = store_.appends;
  for (std::size_t i = 0; i <= Journal::markers_per_batch_max; ++i) {
    journal_.add(chat::NewMarker{fmt::format("n{:04}", i), "tea", 1}, wire_.now());
  }
  const base::Now due{wire_.now().instant + Journal::markers_wait, {}};
  journal_.flush(due);
  journal_.flush(due);
  EXPECT_EQ(store_.appends, appends + 1) << "one at a time";
  answer(due);
  EXPECT_EQ(stored().size(), Journal::markers_per_batch_max);
  EXPECT_EQ(journal_.next_deadline(), base::at_once);
  journal_.flush(due);
  answer(due);
  EXPECT_EQ(stored().size(), Journal::markers_per_batch_max + 1);
  EXPECT_EQ(journal_.next_deadline(), base::never);
}

TEST_F(Markers, AreWrittenWhereNothingElseIs) {
  ryo_.mark("tea", 2);
  wire_.settle();
  EXPECT_EQ(stored(), Lines{});
  wire_.pass(Journal::markers_wait);
  EXPECT_EQ(stored(), Lines{"ryo tea 2"});
  const int appends = store_.appends;
  wire_.pass(60s);
  EXPECT_EQ(store_.appends, appends) << "once";
}

TEST_F(Markers, SurviveARestart) {
  ryo_.mark("tea", 2);
  wire_.pass(Journal::markers_wait);
  restart();
  Asker& again = asker("Ryo", &ryo_);
  again.join("tea");
  EXPECT_EQ(heard(again), Lines{"opened tea 7-6 read 2"});
}

TEST_F(Markers, AreWrittenBeforeTheServerStops) {
  ryo_.mark("tea", 4);
  wire_.settle();
  server_->drain(wire_.now());
  wire_.settle();
  EXPECT_EQ(stored(), Lines{"ryo tea 4"});
}

TEST_F(Markers, AreTriedAgainWhereTheDiskFails) {
  store_.failing = true;
  ryo_.mark("tea", 2);
  wire_.pass(Journal::markers_wait);
  ryo_.mark("tea", 3);
  store_.failing = false;
  wire_.pass(Journal::retry_every);
  EXPECT_EQ(stored(), Lines{"ryo tea 2"});
  wire_.pass(Journal::markers_wait);
  EXPECT_EQ(stored(), Lines{"ryo tea 3"});
}

TEST_F(Markers, AreTriedOnceMoreWhereTheDatabaseIsDamaged) {
  store_.damaged_markers = 1;
  ryo_.mark("tea", 2);
  wire_.pass(Journal::markers_wait);
  EXPECT_EQ(stored(), Lines{});
  wire_.pass(Journal::retry_every);
  EXPECT_EQ(stored(), Lines{"ryo tea 2"});
}

TEST_F(Markers, AreGivenUpWhereItStaysDamaged) {
  store_.damaged_markers = 2;
  const int appends = store_.appends;
  ryo_.mark("tea", 2);
  wire_.pass(60s);
  EXPECT_EQ(store_.appends, appends + 2);
  EXPECT_EQ(stored(), Lines{});
  ryo_.mark("tea", 3);
  wire_.pass(Journal::markers_wait);
  EXPECT_EQ(stored(), Lines{"ryo tea 3"}) << "the next one says more";
}

TEST_F(Markers, TakeNoMessageWithThem) {
  store_.damaged_markers = 1;
  ryo_.mark("tea", 2);
  wire_.settle();
  hilmi_.hear();
  wire_.pass(Journal::markers_wait - 1s);
  hilmi_.say_in("tea", 'x', "more");
  EXPECT_EQ(heard(hilmi_), Lines{"accepted 7"});
  wire_.pass(1s);
  EXPECT_EQ(store_.damaged_markers, 0);
}

}  // namespace
}  // namespace confab::server::testing
