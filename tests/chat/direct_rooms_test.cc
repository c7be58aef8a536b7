// SPDX-License-Identifier: MIT
// Rooms of two.
#include "chat/chat_script.h"

namespace confab::chat {
namespace {

using namespace std::chrono_literals;

/// Ryo on two devices, Hilmi, and a third person; a visitor without a key.
class DirectRooms : public ChatScript {
 protected:
  DirectRooms() {
    identify(1, "Ryo", 7);
    identify(2, "ryo", 7);
    identify(3, "Hilmi", 8);
    identify(4, "Eve", 9);
    identify_plain(5, "visitor");
    identify(6, "", 7);
  }

  static constexpr char room_[] = "@hilmi : ryo";
};

TEST_F(DirectRooms, TheTwoTalkAndNobodyIsAnnounced) {
  EXPECT_EQ(join(1, "@Ryo : Hilmi"), "nothing");
  EXPECT_EQ(join(3, "@Hilmi : Ryo"), "nothing");
  EXPECT_EQ(chat_.member_count(room_), 2U);
  EXPECT_EQ(post(1, "@ryo : hilmi", "psst"), "#@hilmi : ryo Ryo says psst");
  EXPECT_EQ(post(2, room_, "from afar"), "#@hilmi : ryo ryo says from afar") << "without having joined";
  EXPECT_EQ(set_topic(3, room_, "secrets"), "#@hilmi : ryo Hilmi sets secrets");
  EXPECT_EQ(part(1, room_), "nothing");
  EXPECT_EQ(end(3, true), "nothing");
  EXPECT_EQ(chat_.member_count(room_), 0U);
}

TEST_F(DirectRooms, ALostOneComesBackUnseen) {
  join(1, room_);
  EXPECT_EQ(end(1, false), "Ryo STATE_LOST") << "the other one may see that the line is dead";
  EXPECT_EQ(pass(31s), "nothing");
  EXPECT_EQ(chat_.member_count(room_), 0U);
}

TEST_F(DirectRooms, OthersAreRefusedWhetherItExistsOrNot) {
  for (const SessionId stranger : {4U, 5U}) {
    for (const char* each : {room_, "@hilmi : nobody"}) {
      EXPECT_EQ(join(stranger, each), "refused CODE_NOT_ALLOWED ");
      EXPECT_EQ(part(stranger, each), "refused CODE_NOT_ALLOWED ");
      EXPECT_EQ(post(stranger, each, "hm"), "refused CODE_NOT_ALLOWED ");
      EXPECT_EQ(mark(stranger, each, 1), "refused CODE_NOT_ALLOWED ");
    }
    join(1, room_);
    chat_.on_stored(room_, std::nullopt);
  }
  EXPECT_EQ(chat_.check_access(6, room_)->code, pb::Refused::CODE_NOT_ALLOWED) << "an observer";
  EXPECT_FALSE(chat_.check_access(6, "lobby"));
  EXPECT_FALSE(chat_.check_access(3, room_));
}

TEST_F(DirectRooms, ANameWithoutAKeyIsNobody) {
  EXPECT_EQ(join(1, "@ryo : visitor"), "refused CODE_NO_SUCH_ROOM ");
  EXPECT_EQ(post(1, "@ryo : nobody", "hello?"), "refused CODE_NO_SUCH_ROOM ");
  EXPECT_EQ(chat_.check_access(1, "@nobody : ryo")->text, "nobody here is called nobody");
  EXPECT_EQ(post(5, "@ryo : visitor", "it is me"), "refused CODE_NOT_ALLOWED ");
  EXPECT_FALSE(chat_.has_room("@nobody : ryo"));
}

TEST_F(DirectRooms, AnOwnersNameIsEnough) {
  chat_.restore_claim("zoe", key(11));
  EXPECT_EQ(post(1, "@ryo : zoe", "when you are back"), "#@ryo : zoe Ryo says when you are back");
}

TEST_F(DirectRooms, NotesToOneselfAreARoomToo) {
  EXPECT_EQ(join(1, "@ryo : ryo"), "nothing");
  EXPECT_EQ(post(2, "@ryo : ryo", "milk"), "#@ryo : ryo ryo says milk");
  EXPECT_EQ(post(3, "@ryo : ryo", "hm"), "refused CODE_NOT_ALLOWED ");
}

TEST_F(DirectRooms, AreListedForTheirTwoAlone) {
  for (const char* each : {"0", "a", "_b"}) chat_.restore_room(each, 0);
  chat_.restore_room("@hilmi : zoe", 0);
  chat_.restore_room("@ryo : ryo", 0);
  join(1, room_);
  const auto all = [this](const std::string& after) { return chat_.rooms(after, 1); };
  EXPECT_EQ(list(all), "0 _b a");
  const auto of = [this](SessionId session) {
    return list([=, this](const std::string& after) { return chat_.direct_rooms(session, after, 1); });
  };
  EXPECT_EQ(of(1), "@ryo : ryo") << "nobody has said anything in the other one";
  chat_.on_stored(room_, std::nullopt);
  EXPECT_EQ(of(1), "@hilmi : ryo @ryo : ryo");
  EXPECT_EQ(of(3), "@hilmi : ryo @hilmi : zoe");
  for (const SessionId other : {4U, 5U, 6U, 99U}) EXPECT_EQ(of(other), "");
}

TEST_F(DirectRooms, AloneDoNotMakeAPageOfRoomsLookUnfinished) {
  chat_.restore_room("0", 0);
  chat_.restore_room(room_, 0);
  const auto page = chat_.rooms("", 1);
  EXPECT_EQ(page.entries[0].name, "0");
  EXPECT_FALSE(page.more);
}

TEST_F(DirectRooms, HaveMarkers) {
  join(1, room_);
  EXPECT_EQ(mark(1, room_, 3), "ryo read #@hilmi : ryo to 3");
  EXPECT_EQ(chat_.read_seq(2, room_), 3U);
  EXPECT_EQ(chat_.read_seq(3, room_), 0U);
}

}  // namespace
}  // namespace confab::chat
