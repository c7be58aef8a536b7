// SPDX-License-Identifier: MIT
// Rooms of two, and who is told of them.
#include "replies.h"
#include "wire/limits.h"

namespace confab::server::testing {
namespace {

struct Direct : Askers {
  static constexpr char room_[] = "@hilmi : ryo";
  Asker& ryo_ = asker("Ryo");
  Asker& hilmi_ = asker("Hilmi");
  Asker& eve_ = asker("Eve");
};

TEST_F(Direct, TheTwoTalk) {
  ryo_.join("@Ryo : Hilmi");
  ryo_.say_in(room_, 'a', "psst");
  EXPECT_EQ(heard(ryo_), (Lines{"opened @hilmi : ryo 1-0", "accepted 1"}));
  EXPECT_EQ(heard(hilmi_), Lines{"!invited @hilmi : ryo 1"});
  hilmi_.join(room_, 1);
  hilmi_.say_in(room_, 'b', "what?");
  hilmi_.get_members(room_);
  EXPECT_EQ(heard(hilmi_), (Lines{"opened @hilmi : ryo 1-1", "members: Hilmi Ryo", "accepted 2"}));
  EXPECT_EQ(log_of(room_), (Lines{"Ryo: psst", "Hilmi: what?"})) << "neither joins nor leaves";
  EXPECT_GT(hilmi_.log_bytes, 0U);
  EXPECT_EQ(heard(ryo_), Lines{}) << "who is there is not invited";
}

TEST_F(Direct, NobodyElseLearnsAnything) {
  ryo_.say_in(room_, 'a', "psst");
  wire_.settle();
  for (const char* room : {room_, "@hilmi : zoe"}) {
    eve_.join(room);
    eve_.part(room);
    eve_.say_in(room, 'e', "hm");
    eve_.read(room);
    eve_.read(room, true);
    eve_.get_members(room);
    eve_.mark(room, 1);
  }
  eve_.get_rooms();
  eve_.get_rooms(true);
  Lines expected(14, "CODE_NOT_ALLOWED a direct room is for the two that it names");
  expected.insert(expected.end(), {"rooms: lobby(0,0)", "rooms:"});
  EXPECT_EQ(heard(eve_), expected);
  Asker& observer = asker("");
  observer.read(room_);
  EXPECT_EQ(heard(observer), Lines{"CODE_NOT_ALLOWED a direct room is for the two that it names"});
  EXPECT_EQ(eve_.log_bytes + observer.log_bytes, 0U);
}

TEST_F(Direct, AreListedForTheirTwoAcrossARestart) {
  ryo_.join(room_);
  ryo_.join("@eve : ryo");
  ryo_.say_in(room_, 'a', "psst");
  ryo_.set_topic(room_, 'b', "secrets");
  wire_.settle();
  ryo_.hear();
  ryo_.get_rooms(true);
  EXPECT_EQ(heard(ryo_), Lines{"rooms: @hilmi : ryo(1,2 \"secrets\")"}) << "nobody has written in the other one";
  restart();
  Asker& again = asker("Hilmi", &hilmi_);
  again.get_rooms(true);
  again.get_rooms();
  EXPECT_EQ(heard(again), (Lines{"rooms: @hilmi : ryo(0,2 \"secrets\")", "rooms: lobby(0,0)"}));
}

TEST_F(Direct, ANameThatNobodyOwnsHasNone) {
  plain(9000, "visitor : hello");
  ryo_.join("@ryo : visitor");
  ryo_.say_in("@ryo : zoe", 'a', "hello?");
  ryo_.read(room_);
  EXPECT_EQ(heard(ryo_),
            (Lines{"CODE_NO_SUCH_ROOM nobody here is called visitor", "CODE_NO_SUCH_ROOM nobody here is called zoe",
                   "CODE_NO_SUCH_ROOM there is no room @hilmi : ryo"}));
}

TEST_F(Direct, InvitationsComeOnceInAWhileToEachDeviceThatIsNotThere) {
  Asker& phone = asker("ryo", &ryo_);
  hilmi_.join(room_);
  ryo_.join(room_);
  hilmi_.say_in(room_, 'a', "one");
  hilmi_.say_in(room_, 'b', "two");
  EXPECT_EQ(heard(phone), Lines{"!invited @hilmi : ryo 1"});
  wire_.pass(wire::limits::invited_every);
  ryo_.say_in(room_, 'c', "three");
  EXPECT_EQ(heard(phone), Lines{"!invited @hilmi : ryo 3"}) << "what the other device writes, too";
  phone.join(room_);
  phone.part(room_);
  wire_.settle();
  phone.hear();
  hilmi_.say_in(room_, 'd', "four");
  EXPECT_EQ(heard(phone), Lines{"!invited @hilmi : ryo 4"}) << "who has joined since knew all there was";
  EXPECT_TRUE(heard(eve_).empty());
}

TEST_F(Direct, WhatWasStoredBeforeInvitesNobody) {
  ryo_.say_in(room_, 'a', "one");
  wire_.pass(wire::limits::invited_every);
  hilmi_.hear();
  ryo_.say_in(room_, 'a', "one");
  EXPECT_TRUE(heard(hilmi_).empty());
}

TEST_F(Direct, NotesToOneselfReachTheOtherDevices) {
  Asker& phone = asker("Ryo", &ryo_);
  ryo_.say_in("@ryo : ryo", 'a', "milk");
  EXPECT_EQ(heard(phone), Lines{"!invited @ryo : ryo 1"});
  EXPECT_EQ(heard(ryo_), Lines{"accepted 1"});
}

}  // namespace
}  // namespace confab::server::testing
