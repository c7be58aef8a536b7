// SPDX-License-Identifier: MIT
// What is asked for, and what goes onto the wire of it.
#include "client/memory_outbox_store.h"
#include "client/quic_client.h"
#include "client/scripted_server.h"

namespace confab::client {
namespace {

using What = Content::What;
constexpr char target[] = "01010101010101010101010101010101";

struct CommandScript : ScriptedServer {
  /// How many requests of that kind have gone out on this connection.
  std::ptrdiff_t count(pb::Request::WhatCase what) const {
    return std::ranges::count(transport->requests, what, &pb::Request::what_case);
  }
  const pb::MarkRead& last_mark() const {
    const pb::Request* last = nullptr;
    for (const pb::Request& each : transport->requests) last = each.has_mark_read() ? &each : last;
    return last->mark_read();
  }
  void done(std::uint64_t tag) {
    pb::Reply answer;
    answer.mutable_done();
    reply(tag, answer);
  }
  void opened(const std::string& topic, std::uint64_t read_seq) {
    pb::Reply answer;
    answer.mutable_opened()->set_room("lobby");
    answer.mutable_opened()->set_end_seq(9);
    answer.mutable_opened()->set_topic(topic);
    answer.mutable_opened()->set_read_seq(read_seq);
    reply(asked(pb::Request::kJoin)->tag(), answer);
  }
  /// Online, in the lobby, and nothing of it heard yet.
  void be_there() {
    begin().join("lobby", {});
    let_in();
    hear<Link>();
  }
};

TEST_F(CommandScript, WhatGoesIntoARoomKeepsItsOrder) {
  be_there();
  client->post("lobby", {.what = What::topic, .text = "tea"});
  client->post("lobby", {.what = What::reaction, .text = "👍", .target = target});
  client->send("lobby", Kind::text, "Hii");
  turn();
  std::vector<pb::Send::WhatCase> sent;
  for (const pb::Request& each : transport->requests) {
    if (each.has_send()) sent.push_back(each.send().what_case());
  }
  EXPECT_EQ(sent, (std::vector{pb::Send::kTopic, pb::Send::kReaction, pb::Send::kMessage}));
  EXPECT_EQ(client->unsettled(), 3U);
}

TEST_F(CommandScript, WhatPointsAtNothingIsRefusedHere) {
  be_there();
  const std::string id = client->post("Lobby", {.what = What::edit, .text = "Hi", .target = "that one"});
  turn();
  EXPECT_EQ(count(pb::Request::kSend), 0);
  EXPECT_EQ(client->unsettled(), 0U);
  const auto told = hear<Status>();
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].id, id);
  EXPECT_EQ(told[0].room, "lobby");
  EXPECT_EQ(told[0].state, Status::State::refused);
  EXPECT_EQ(told[0].reason, "it points at no message: an id has 32 hexadecimal digits");
}

TEST_F(CommandScript, WhatIsGivenUpIsNotSent) {
  begin();
  const std::string id = client->send("lobby", Kind::text, "Hii");
  EXPECT_TRUE(client->discard(id));
  EXPECT_FALSE(client->discard(id));
  EXPECT_FALSE(client->discard("that one"));
  let_in();
  turn();
  EXPECT_EQ(count(pb::Request::kSend), 0);
  EXPECT_EQ(client->unsettled(), 0U);
  const std::string sent = client->send("lobby", Kind::text, "Hii");
  turn();
  EXPECT_FALSE(client->discard(sent)) << "it may be stored by now";
}

TEST_F(CommandScript, AnAtAndANameIsTheRoomWithThem) {
  begin().join("@Bob", {});
  client->post("@bob", {.text = "Hii"});
  client->get_members("@BOB");
  client->mark_read("@bob", 3);
  let_in();
  turn();
  constexpr char room[] = "@ada : bob";
  EXPECT_EQ(asked(pb::Request::kJoin)->join().room(), room);
  EXPECT_EQ(asked(pb::Request::kSend)->send().room(), room);
  EXPECT_EQ(asked(pb::Request::kGetMembers)->get_members().room(), room);
  EXPECT_EQ(asked(pb::Request::kMarkRead)->mark_read().room(), room);
  const RequestId joined = client->join("@Bob", {});
  EXPECT_EQ(client->join("@bob : ADA", {}), joined) << "the same in any order and spelling";
  client->part("@Bob");
  EXPECT_EQ(asked(pb::Request::kPart)->part().room(), room);
}

TEST_F(CommandScript, OfADirectRoomTheOtherOneIsTold) {
  be_there();
  pb::Reply answer;
  answer.mutable_invited()->set_end_seq(4);
  for (const char* room : {"@ada : bob", "@bob : eve", "lobby"}) {
    answer.mutable_invited()->set_room(room);
    reply(0, answer);
  }
  const auto told = hear<Invited>();
  ASSERT_EQ(told.size(), 1U) << "the others are none of Ada's";
  EXPECT_EQ(told[0].room, "@ada : bob");
  EXPECT_EQ(told[0].name, "bob");
  EXPECT_EQ(told[0].end_seq, 4U);
  client->join("@bob", {});
  answer.mutable_invited()->set_room("@ada : bob");
  reply(0, answer);
  EXPECT_TRUE(hear<Invited>().empty()) << "she is in it";
}

TEST_F(CommandScript, DirectRoomsAreAskedForByThemselves) {
  begin();
  const RequestId request = client->get_direct_rooms();
  let_in();
  ASSERT_NE(asked(pb::Request::kGetRooms), nullptr);
  EXPECT_TRUE(asked(pb::Request::kGetRooms)->get_rooms().direct());
  pb::Reply answer;
  pb::Room& room = *answer.mutable_rooms()->add_rooms();
  room.set_name("@ada : bob");
  room.set_topic("a\nb");
  answer.mutable_rooms()->set_more(true);
  reply(request, answer);
  EXPECT_TRUE(transport->requests.back().get_rooms().direct()) << "so is their next page";
  answer.mutable_rooms()->set_more(false);
  reply(request, answer);
  const auto told = hear<Rooms>();
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].request, request);
  ASSERT_EQ(told[0].rooms.size(), 2U);
  EXPECT_EQ(told[0].rooms[0].topic, "a\uFFFDb");
}

TEST_F(CommandScript, ARoomOpensWithItsTopicWhicheverStreamIsFirst) {
  for (const bool reply_first : {true, false}) {
    be_there();
    if (reply_first) opened("tea", 4);
    open_log(1, 9);
    say(3, event(1));
    if (!reply_first) opened("tea", 4);
    const auto told = hear<Opened>();
    ASSERT_EQ(told.size(), reply_first ? 1U : 2U);
    EXPECT_EQ(told[0].first_seq, 1U);
    EXPECT_EQ(told.back().topic, "tea");
    EXPECT_EQ(told.back().read_seq, 4U);
    EXPECT_EQ(told.back().first_seq, reply_first ? 1U : 2U) << "what follows";
  }
}

TEST_F(CommandScript, WhatComesWithTheLogIsReadBeforeIt) {
  be_there();
  pb::StreamHeader header;
  header.set_room("lobby");
  header.set_first_seq(1);
  header.set_opened_by(asked(pb::Request::kJoin)->tag());
  pb::Reply answer;
  answer.set_tag(header.opened_by());
  answer.mutable_opened()->set_topic("tea");
  const auto say_at_once = [&](net::StreamId stream, const auto& message) {
    transport->events.push_back(
        net::events::StreamData{transport->connection, stream, wire::encode_frame(message), false});
  };
  say_at_once(3, header);
  say_at_once(3, event(1));
  say_at_once(0, answer);
  turn();
  const auto first = client->poll_event();
  ASSERT_TRUE(first && std::holds_alternative<Opened>(*first));
  EXPECT_EQ(std::get<Opened>(*first).topic, "tea");
  const auto second = client->poll_event();
  EXPECT_TRUE(second && std::holds_alternative<Message>(*second));
  EXPECT_FALSE(client->poll_event());
}

TEST_F(CommandScript, EachConnectionTellsTheTopicAnew) {
  be_there();
  opened("tea", 4);
  open_log(1, 1);
  say(3, event(1));
  hear<Opened>();
  lose_connection();
  let_in();
  opened("coffee", 8);
  open_log(1, 9);
  const auto told = hear<Opened>();
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].topic, "coffee");
  EXPECT_EQ(told[0].read_seq, 8U);
  EXPECT_EQ(told[0].first_seq, 2U);
}

TEST_F(CommandScript, MarkersAreSaidOneByOneAndOnceOnline) {
  begin().join("lobby", {});
  for (const std::uint64_t seq : {5U, 7U, 6U}) client->mark_read("lobby", seq);
  turn();
  EXPECT_EQ(count(pb::Request::kMarkRead), 0) << "not before the welcome";
  let_in();
  ASSERT_EQ(count(pb::Request::kMarkRead), 1);
  EXPECT_EQ(last_mark().up_to(), 7U);
  client->mark_read("#Lobby", 8);
  client->mark_read("lobby", 9);
  turn();
  EXPECT_EQ(count(pb::Request::kMarkRead), 1) << "one is under way";
  done(asked(pb::Request::kMarkRead)->tag());
  EXPECT_EQ(count(pb::Request::kMarkRead), 1) << "and that was a moment ago";
  EXPECT_EQ(client->next_deadline(), now.instant + ReadMarkers::said_every);
  turn(ReadMarkers::said_every);
  EXPECT_EQ(count(pb::Request::kMarkRead), 2);
  EXPECT_EQ(last_mark().up_to(), 9U);
  lose_connection();
  let_in();
  ASSERT_EQ(count(pb::Request::kMarkRead), 1) << "the answer was lost";
  EXPECT_EQ(last_mark().up_to(), 9U);
}

TEST_F(CommandScript, AMarkerThatTheServerKnowsIsNotSaid) {
  be_there();
  opened("", 6);
  open_log(1, 9);
  client->mark_read("lobby", 6);
  turn();
  EXPECT_EQ(count(pb::Request::kMarkRead), 0);
  pb::Reply answer;
  answer.mutable_marker()->set_room("lobby");
  answer.mutable_marker()->set_up_to(8);
  reply(0, answer);
  client->mark_read("lobby", 7);
  turn();
  EXPECT_EQ(count(pb::Request::kMarkRead), 0) << "another device has read on";
  answer.mutable_marker()->set_up_to(5);
  reply(0, answer);
  const auto told = hear<MarkerMoved>();
  ASSERT_EQ(told.size(), 1U) << "a marker never moves back";
  EXPECT_EQ(told[0].room, "lobby");
  EXPECT_EQ(told[0].seq, 8U);
}

TEST_F(CommandScript, AServerWithoutMarkersIsLeftAlone) {
  be_there();
  client->mark_read("lobby", 5);
  turn();
  refuse(asked(pb::Request::kMarkRead)->tag(), pb::Refused::CODE_UNKNOWN_REQUEST);
  client->mark_read("lobby", 6);
  client->mark_read("dev", 2);
  turn();
  EXPECT_EQ(count(pb::Request::kMarkRead), 1);
  EXPECT_TRUE(hear<Refused>().empty());
}

TEST_F(CommandScript, UnderAnotherNameNothingIsMarked) {
  begin();
  client->mark_read("lobby", 5);
  client->retry("Eve");
  let_in();
  turn();
  EXPECT_EQ(count(pb::Request::kMarkRead), 0);
}

TEST_F(CommandScript, EarlyDataReadAndJoinAndWriteNothing) {
  begin().join("lobby", {});
  client->get_direct_rooms();
  client->mark_read("lobby", 5);
  client->post("lobby", {.what = What::topic, .text = "tea"});
  transport->handshakes_end = false;
  turn();
  transport->events.push_back(net::events::EarlyReady{transport->connection, {}, {}});
  turn();
  EXPECT_EQ(count(pb::Request::kJoin), 1);
  EXPECT_EQ(count(pb::Request::kGetRooms), 1);
  EXPECT_EQ(count(pb::Request::kMarkRead) + count(pb::Request::kSend), 0);
  net::events::Connected connected{transport->connection, {}, {}};
  connected.early_accepted = true;
  transport->events.push_back(connected);
  let_in();
  turn();
  EXPECT_EQ(count(pb::Request::kMarkRead), 1);
  EXPECT_EQ(count(pb::Request::kSend), 1);
}

}  // namespace
}  // namespace confab::client
