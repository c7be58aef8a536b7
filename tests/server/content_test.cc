// SPDX-License-Identifier: MIT
// What is sent into a room beside messages.
#include "replies.h"
#include "wire/limits.h"

namespace confab::server::testing {
namespace {

struct Contents : Askers {
  /// One of each kind, with ids a to e.
  static std::vector<pb::Request> one_of_each() {
    std::vector<pb::Request> requests;
    for (char id = 'a'; id <= 'e'; ++id) requests.push_back(Asker::send_request("lobby", id));
    const std::string target(16, 'a');
    requests[0].mutable_send()->mutable_message()->set_text("Hii");
    requests[1].mutable_send()->mutable_topic()->set_text("tea");
    requests[2].mutable_send()->mutable_edit()->set_target(target);
    requests[2].mutable_send()->mutable_edit()->set_text("Hi");
    requests[3].mutable_send()->mutable_redaction()->set_target(target);
    requests[3].mutable_send()->mutable_redaction()->set_reason("a slip");
    requests[4].mutable_send()->mutable_reaction()->set_target(target);
    requests[4].mutable_send()->mutable_reaction()->set_text("+1");
    return requests;
  }
};

TEST_F(Contents, EachKindIsAnEventOnce) {
  Asker& ryo = asker("Ryo");
  ryo.join("lobby");
  for (int attempt = 0; attempt < 2; ++attempt) {
    for (const pb::Request& request : one_of_each()) ryo.ask(request);
  }
  EXPECT_EQ(heard(ryo), (Lines{"opened lobby 1-0", "accepted 2", "accepted 3", "accepted 4", "accepted 5", "accepted 6",
                               "accepted 2", "accepted 3", "accepted 4", "accepted 5", "accepted 6"}));
  EXPECT_EQ(log_of("lobby"),
            (Lines{"Ryo joined", "Ryo: Hii", "Ryo sets tea", "Ryo edits Hi", "Ryo redacts a slip", "Ryo reacts +1"}));
}

TEST_F(Contents, PlainMembersAndStdoutSeeMessagesAlone) {
  plain(9000, "Hilmi : hello");
  wire_.take_unclaimed(address_of(1, 9000));
  stdout_lines_.clear();
  Asker& ryo = asker("Ryo");
  ryo.join("lobby");
  for (const pb::Request& request : one_of_each()) ryo.ask(request);
  wire_.settle();
  EXPECT_EQ(wire_.take_unclaimed(address_of(1, 9000)), Lines{"Ryo : Hii"});
  EXPECT_EQ(stdout_lines_, Lines{"Ryo : Hii"});
}

TEST_F(Contents, NoneOvertakesOneThatFailed) {
  Asker& ryo = asker("Ryo");
  ryo.join("lobby");
  wire_.settle();
  ryo.hear();
  std::vector<pb::Request> all = one_of_each();
  for (pb::Request& first : all) {
    store_.failing = true;
    ryo.ask(first);
    wire_.settle();
    store_.failing = false;
    for (pb::Request& behind : all) ryo.ask(behind);
    wire_.settle();
    for (const std::string& line : ryo.hear()) EXPECT_TRUE(line.starts_with("CODE_STORE_FAILED")) << line;
    for (pb::Request& each : all) each.mutable_send()->set_attempt(each.send().attempt() + 1);
  }
  EXPECT_EQ(log_of("lobby"), Lines{"Ryo joined"});
  for (const pb::Request& each : all) ryo.ask(each);
  EXPECT_EQ(heard(ryo), (Lines{"accepted 2", "accepted 3", "accepted 4", "accepted 5", "accepted 6"}));
}

TEST_F(Contents, ATopicIsToldToWhoOpensItsRoomWhateverRestarts) {
  Asker& ryo = asker("Ryo");
  ryo.set_topic("tea", 'a', "green");
  EXPECT_EQ(heard(ryo), Lines{"CODE_NOT_A_MEMBER you are not in #tea"});
  ryo.join("tea");
  ryo.set_topic("tea", 'b', "green");
  ryo.read("tea", true);
  EXPECT_EQ(heard(ryo), (Lines{"opened tea 1-0", "opened tea 1-0", "accepted 2"}));
  ryo.read("tea");
  ryo.get_rooms();
  EXPECT_EQ(heard(ryo), (Lines{"opened tea 3-2 \"green\"", "rooms: lobby(0,0) tea(1,2 \"green\")"}));
  restart();
  Asker& late = asker("Hilmi");
  late.join("tea");
  EXPECT_EQ(heard(late), Lines{"opened tea 3-2 \"green\""});
  late.set_topic("tea", 'c', "");
  late.read("tea");
  heard(late);
  late.read("tea");
  EXPECT_EQ(heard(late), Lines{"opened tea 5-4"});
}

TEST_F(Contents, ATopicThatWasNotStoredIsNone) {
  Asker& ryo = asker("Ryo");
  ryo.join("tea");
  wire_.settle();
  store_.failing = true;
  ryo.set_topic("tea", 'a', "green");
  wire_.settle();
  ryo.hear();
  ryo.read("tea");
  EXPECT_EQ(heard(ryo), Lines{"opened tea 2-1"});
}

TEST_F(Contents, LongTopicsMakePagesOfRoomsShorterNotLarger) {
  std::string long_name;
  for (std::size_t i = 2; i < wire::limits::room_characters_max; ++i) long_name += "日";
  log::Batch batch;
  for (int i = 0; i < 100; ++i) {
    log::Draft draft{.room = fmt::format("{}{:02}", long_name, i), .id = {}, .body = {}};
    draft.topic = std::string(wire::limits::topic_bytes_max, 'x');
    batch.drafts.push_back(std::move(draft));
  }
  ASSERT_TRUE(store_.store.append(batch));
  restart();
  Asker& ryo = asker("Ryo");
  std::size_t seen = 0;
  std::string after;
  for (bool more = true; more;) {
    ryo.get_rooms(false, after);
    wire_.settle();
    ASSERT_EQ(ryo.replies.size(), 1U);
    const pb::Rooms rooms = ryo.replies.front().rooms();
    ryo.replies.clear();
    ASSERT_LE(rooms.ByteSizeLong(), wire::limits::frame_bytes_max);
    ASSERT_GT(rooms.rooms_size(), 0);
    seen += static_cast<std::size_t>(rooms.rooms_size());
    after = rooms.rooms(rooms.rooms_size() - 1).name();
    more = rooms.more();
  }
  EXPECT_EQ(seen, 101U) << "with the lobby";
}

TEST_F(Contents, WhatALaterVersionSendsIsRefused) {
  Asker& ryo = asker("Ryo");
  ryo.ask(Asker::send_request("lobby", 'a'));
  EXPECT_EQ(heard(ryo), Lines{"CODE_UNKNOWN_REQUEST this server does not know what is sent"});
  EXPECT_TRUE(log_of("lobby").empty());
}

}  // namespace
}  // namespace confab::server::testing
