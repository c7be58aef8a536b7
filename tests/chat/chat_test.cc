// SPDX-License-Identifier: MIT
#include "chat/chat_script.h"
#include "wire/limits.h"

namespace confab::chat {
namespace {

namespace limits = wire::limits;
using namespace std::chrono_literals;

TEST_F(ChatScript, PeopleComeTalkAndGo) {
  EXPECT_EQ(identify(1, "Ryo", 7), "claim ryo by 7");
  EXPECT_EQ(join(1, "lobby"), "#lobby Ryo joined");
  EXPECT_EQ(join(1, "lobby"), "nothing");
  EXPECT_EQ(post(1, "#Lobby", "Hii"), "#lobby Ryo says Hii");
  EXPECT_EQ(part(1, "lobby"), "#lobby Ryo left REASON_PART");
  EXPECT_EQ(part(1, "lobby"), "refused CODE_NOT_A_MEMBER ");
  EXPECT_EQ(chat_.member_count("lobby"), 0U);
}

TEST_F(ChatScript, ANameBelongsToTheFirstKeyForGood) {
  identify(1, "Ryo", 7);
  end(1, true);
  EXPECT_EQ(identify(2, "ryo", 8), "refused CODE_NAME_TAKEN ");
  EXPECT_EQ(identify(3, "ＲＹＯ", 8), "refused CODE_NAME_TAKEN ") << "full width is the same name";
  EXPECT_EQ(identify_plain(4, "Ryo"), "refused CODE_NAME_TAKEN ");
  EXPECT_EQ(identify(5, "RYO", 7), "nothing") << "the owner, with another spelling";
}

TEST_F(ChatScript, ARestoredClaimHolds) {
  chat_.restore_claim("ryo", key(7));
  EXPECT_EQ(identify(1, "Ryo", 8), "refused CODE_NAME_TAKEN ");
  EXPECT_EQ(identify(2, "Ryo", 7), "nothing");
}

TEST_F(ChatScript, APlainMemberIsMarkedAndOwnsNothing) {
  EXPECT_EQ(identify_plain(1, "Hilmi"), "nothing");
  EXPECT_EQ(join(1, "lobby"), "#lobby ~Hilmi joined");
  EXPECT_EQ(identify(2, "Hilmi", 7), "claim hilmi by 7");
  EXPECT_EQ(join(2, "lobby"), "#lobby Hilmi joined") << "two members of one name: one proved, one not";
  EXPECT_EQ(chat_.member_count("lobby"), 2U);
}

TEST_F(ChatScript, ASecondDeviceIsTheSameMember) {
  identify(1, "Ryo", 7);
  identify(2, "Ryo", 7);
  EXPECT_EQ(join(1, "lobby"), "#lobby Ryo joined");
  EXPECT_EQ(join(2, "lobby"), "nothing");
  EXPECT_EQ(chat_.member_count("lobby"), 1U);
  EXPECT_EQ(end(1, true), "nothing");
  EXPECT_EQ(end(2, true), "#lobby Ryo left REASON_QUIT");
}

TEST_F(ChatScript, ALostSessionThatIsBackInTimeShowsNothing) {
  identify(1, "Ryo", 7);
  join(1, "lobby");
  EXPECT_EQ(end(1, false), "Ryo STATE_LOST");
  EXPECT_EQ(chat_.next_deadline(), now().instant + limits::presence_grace);
  EXPECT_EQ(pass(29s), "nothing");
  identify(2, "Ryo", 7);
  EXPECT_EQ(join(2, "lobby"), "Ryo STATE_HERE");
  EXPECT_EQ(chat_.next_deadline(), base::never);
  EXPECT_EQ(pass(60s), "nothing");
}

TEST_F(ChatScript, ALostSessionLeavesWhenTheGraceIsOver) {
  identify(1, "Ryo", 7);
  join(1, "lobby");
  join(1, "dev");
  end(1, false);
  EXPECT_EQ(pass(limits::presence_grace - 1ns), "nothing");
  EXPECT_EQ(pass(1ns), "#dev Ryo left REASON_LOST; #lobby Ryo left REASON_LOST");
  EXPECT_EQ(chat_.member_count("lobby"), 0U);
}

TEST_F(ChatScript, AnObserverReadsButDoesNotSpeak) {
  EXPECT_EQ(identify(1, "", 7), "nothing");
  EXPECT_EQ(join(1, "lobby"), "refused CODE_NOT_ALLOWED ");
  EXPECT_EQ(post(1, "lobby", "x"), "refused CODE_NOT_ALLOWED ");
  EXPECT_EQ(identify(1, "Ryo", 7), "refused CODE_NOT_ALLOWED ") << "who one is, is said once";
}

TEST_F(ChatScript, AStrangerDoesNothing) {
  EXPECT_EQ(join(9, "lobby"), "refused CODE_NOT_ALLOWED ");
  EXPECT_EQ(end(9, true), "nothing");
}

TEST_F(ChatScript, WhoIsNotInARoomMayPostThere) {
  identify(1, "bot", 7);
  EXPECT_EQ(post(1, "builds", "done"), "#builds bot says done");
  EXPECT_TRUE(chat_.has_room("builds"));
}

TEST_F(ChatScript, ControlCharactersNeverEnterALog) {
  identify(1, "Ryo", 7);
  EXPECT_EQ(post(1, "lobby", "a\x1b[2Jb\nc"), "#lobby Ryo says a\uFFFD[2Jb\nc");
  EXPECT_EQ(identify(2, "Ev\x1b[31mil", 8), "refused CODE_NAME_INVALID ");
}

TEST_F(ChatScript, OverALimitTheLimitIsNamed) {
  identify(1, "Ryo", 7);
  EXPECT_EQ(post(1, "lobby", std::string(limits::message_bytes_max, 'x')).substr(0, 16), "#lobby Ryo says ");
  EXPECT_EQ(post(1, "lobby", std::string(limits::message_bytes_max + 1, 'x')), "refused CODE_LIMIT message_bytes_max");
  for (std::size_t i = 0; i < limits::rooms_per_session_max; ++i) join(1, fmt::format("room{}", i));
  EXPECT_EQ(join(1, "onemore"), "refused CODE_LIMIT rooms_per_session_max");
}

TEST_F(ChatScript, LargeRoomsDoNotAnnounce) {
  for (SessionId id = 1; id <= limits::announced_members_max; ++id) {
    identify(id, fmt::format("member{}", id), static_cast<std::uint8_t>(id));
    join(id, "lobby");
  }
  identify(1000, "late", 7);
  EXPECT_EQ(join(1000, "lobby"), "nothing");
  EXPECT_EQ(end(1000, true), "nothing") << "who was not announced is not missed";
  EXPECT_EQ(end(1, true), "#lobby member1 left REASON_QUIT");
}

TEST_F(ChatScript, TimeNeverFallsWithinARoom) {
  identify(1, "Ryo", 7);
  wall_ms_ = 5'000;
  pb::Message message;
  const auto first = chat_.apply(commands::Post{1, "lobby", {}, message}, now());
  wall_ms_ = 0;  // somebody set the clock back
  const auto second = chat_.apply(commands::Post{1, "lobby", {}, message}, now());
  EXPECT_EQ(first.events[0].event.time_ms(), 6'000U);
  EXPECT_EQ(second.events[0].event.time_ms(), 6'000U);
}

TEST_F(ChatScript, EditsRedactionsAndReactionsAreEventsLikeMessages) {
  identify(1, "Ryo", 7);
  const std::string target(16, 't');
  pb::Edit edit;
  edit.set_target(target);
  edit.set_text("Hi");
  EXPECT_EQ(send(1, "lobby", edit), "#lobby Ryo edits " + target + " to Hi");
  pb::Redaction redaction;
  redaction.set_target(target);
  EXPECT_EQ(send(1, "lobby", redaction), "#lobby Ryo redacts " + target);
  pb::Reaction reaction;
  reaction.set_target(target);
  reaction.set_text("+1");
  EXPECT_EQ(send(1, "lobby", reaction), "#lobby Ryo reacts +1");
  EXPECT_EQ(send(9, "lobby", reaction), "refused CODE_NOT_ALLOWED ");
}

TEST_F(ChatScript, ATopicIsItsMembers) {
  identify(1, "Ryo", 7);
  EXPECT_EQ(set_topic(1, "tea", "green"), "refused CODE_NOT_A_MEMBER ");
  join(1, "tea");
  EXPECT_EQ(set_topic(1, "tea", "green"), "#tea Ryo sets green");
  end(1, false);
  identify(1, "Ryo", 7);
  EXPECT_EQ(set_topic(1, "tea", "green"), "#tea Ryo sets green") << "asked again before the room is joined again";
  EXPECT_EQ(chat_.topic("tea"), "") << "not before it is stored";
  chat_.on_stored("tea", "green");
  chat_.on_stored("tea", std::nullopt);
  EXPECT_EQ(chat_.topic("tea"), "green");
  EXPECT_EQ(chat_.rooms("", 1).entries[0].topic, "green");
  chat_.on_stored("tea", "");
  EXPECT_EQ(chat_.topic("tea"), "");
  chat_.restore_room("dev", 0, "ship it");
  EXPECT_EQ(chat_.topic("dev"), "ship it");
}

TEST_F(ChatScript, AReadMarkerIsItsNamesAndNeverMovesBack) {
  chat_.restore_room("tea", 0);
  identify(1, "Ryo", 7);
  identify(2, "RYO", 7);
  identify(3, "Hilmi", 8);
  join(1, "tea");
  join(2, "tea");
  EXPECT_EQ(mark(1, "tea", 5), "ryo read #tea to 5");
  EXPECT_EQ(mark(2, "tea", 5), "nothing");
  EXPECT_EQ(mark(2, "tea", 4), "nothing");
  EXPECT_EQ(mark(2, "tea", 6), "ryo read #tea to 6");
  EXPECT_EQ(chat_.read_seq(1, "tea"), 6U);
  EXPECT_EQ(chat_.read_seq(3, "tea"), 0U);
  EXPECT_EQ(chat_.sessions_of("ryo"), (std::vector<SessionId>{1, 2}));
  end(1, true);
  EXPECT_EQ(chat_.sessions_of("ryo"), std::vector<SessionId>{2});
}

TEST_F(ChatScript, OnlyWhoIsInARoomMarksIt) {
  chat_.restore_room("tea", 0);
  identify(1, "Ryo", 7);
  identify(2, "Ryo", 7);
  join(1, "tea");
  EXPECT_EQ(mark(2, "tea", 5), "refused CODE_NOT_A_MEMBER ") << "that device is not there";
  EXPECT_EQ(mark(1, "nowhere", 1), "refused CODE_NOT_A_MEMBER ");
  mark(1, "tea", 5);
  part(1, "tea");
  EXPECT_EQ(mark(1, "tea", 6), "refused CODE_NOT_A_MEMBER ");
  EXPECT_EQ(chat_.read_seq(1, "tea"), 5U) << "what was marked stays";
}

TEST_F(ChatScript, ANameMarksNoEndOfRooms) {
  for (std::size_t i = 0; i < wire::limits::markers_per_name_max; ++i) {
    chat_.restore_marker("ryo", fmt::format("room-{}", i), 1);
  }
  identify(1, "Ryo", 7);
  identify(2, "Hilmi", 8);
  for (const char* room : {"tea", "room-7"}) join(1, room);
  join(2, "tea");
  EXPECT_EQ(mark(1, "tea", 1), "refused CODE_LIMIT markers_per_name_max");
  EXPECT_EQ(chat_.read_seq(1, "tea"), 0U);
  EXPECT_EQ(mark(1, "room-7", 2), "ryo read #room-7 to 2");
  EXPECT_EQ(mark(2, "tea", 1), "hilmi read #tea to 1");
}

TEST_F(ChatScript, OnlyWhoOwnsANameMarks) {
  chat_.restore_room("tea", 0);
  chat_.restore_marker("ryo", "tea", 5);
  identify(1, "", 7);
  identify_plain(2, "Ryo");
  EXPECT_EQ(mark(1, "tea", 9), "refused CODE_NOT_ALLOWED ");
  EXPECT_EQ(mark(2, "tea", 9), "refused CODE_NOT_ALLOWED ");
  EXPECT_EQ(chat_.read_seq(2, "tea"), 0U);
  EXPECT_TRUE(chat_.sessions_of("ryo").empty());
  identify(3, "Ryo", 7);
  EXPECT_EQ(chat_.read_seq(3, "tea"), 5U);
}

TEST_F(ChatScript, MembersComeInPagesWithoutGaps) {
  for (SessionId id = 1; id <= 7; ++id) {
    identify(id, fmt::format("m{}", id), 7);
    join(id, "lobby");
  }
  std::string seen;
  std::string after;
  for (bool more = true; more;) {
    const auto page = chat_.members("lobby", after, 3);
    for (const MemberInfo& member : page.entries) seen += member.name + " ";
    more = page.more;
    after = page.entries.back().name;
  }
  EXPECT_EQ(seen, "m1 m2 m3 m4 m5 m6 m7 ");
}

TEST_F(ChatScript, RoomsComeInPagesWithoutGaps) {
  for (const char* room : {"c", "a", "b", "d"}) chat_.restore_room(room, 0);
  const auto first = chat_.rooms("", 3);
  const auto second = chat_.rooms(first.entries.back().name, 3);
  EXPECT_TRUE(first.more);
  EXPECT_FALSE(second.more);
  ASSERT_EQ(second.entries.size(), 1U);
  EXPECT_EQ(second.entries[0].name, "d");
}

}  // namespace
}  // namespace confab::chat
