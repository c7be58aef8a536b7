// SPDX-License-Identifier: MIT
#include "client/quic_client.h"

#include "client/memory_history_store.h"
#include "client/scripted_server.h"

namespace confab::client {
namespace {

TEST_F(ScriptedServer, AServerThatStopsBeforeTheWelcomeIsComeBackTo) {
  begin();
  turn();
  refuse(asked(pb::Request::kHello)->tag(), pb::Refused::CODE_SHUTTING_DOWN);
  const auto links = hear<Link>();
  ASSERT_EQ(links.size(), 1U);
  EXPECT_EQ(links[0].state, Link::State::offline);
  turn(Backoff::longest);
  let_in();
  EXPECT_EQ(hear<Link>().back().state, Link::State::online);
}

TEST_F(ScriptedServer, WhatAServerThatStopsDoesNotGrantIsAskedOfTheNext) {
  begin().join("lobby", {});
  client->get_rooms();
  let_in();
  for (const auto what : {pb::Request::kJoin, pb::Request::kGetRooms}) {
    refuse(asked(what)->tag(), pb::Refused::CODE_SHUTTING_DOWN);
  }
  EXPECT_TRUE(hear<Refused>().empty());
  lose_connection();
  let_in();
  EXPECT_NE(asked(pb::Request::kJoin), nullptr);
  EXPECT_NE(asked(pb::Request::kGetRooms), nullptr);
}

TEST_F(ScriptedServer, AMessageIsSentAgainWithAHigherAttempt) {
  begin().send("lobby", Kind::text, "hello");
  let_in();
  const pb::Request first = *asked(pb::Request::kSend);
  refuse(first.tag(), pb::Refused::CODE_STORE_FAILED);
  transport->requests.clear();
  turn();
  EXPECT_EQ(asked(pb::Request::kSend), nullptr);
  turn(Backoff::first);
  ASSERT_NE(asked(pb::Request::kSend), nullptr);
  EXPECT_EQ(asked(pb::Request::kSend)->send().id(), first.send().id());
  EXPECT_GT(asked(pb::Request::kSend)->send().attempt(), first.send().attempt());
}

TEST_F(ScriptedServer, ALostLinkIsToldAtOnceAndItsPathTriedAgainFirst) {
  begin();
  const base::Path first{{}, base::Address::v4(127, 0, 0, 1, 1)};
  const base::Path second{{}, base::Address::v4(127, 0, 0, 1, 2)};
  client->set_paths({first, second});
  let_in();
  hear<Link>();
  transport->events.push_back(net::events::Closed{transport->connection, net::CloseKind::idle, 0, "", std::nullopt});
  turn();
  EXPECT_EQ(hear<Link>().size(), 1U);
  turn(Backoff::first);
  EXPECT_EQ(transport->paths, (std::vector{first, first}));
  transport->events.push_back(net::events::Closed{transport->connection, net::CloseKind::idle, 0, "", std::nullopt});
  turn();
  turn();
  EXPECT_EQ(transport->paths, (std::vector{first, first, second})) << "one that does not work gives way to the next";
}

TEST_F(ScriptedServer, AServerThatIsHeardIsNotWaitedForLong) {
  const auto longest_pause = [&](bool heard) {
    begin();
    base::Duration longest{};
    for (int attempt = 0; attempt < 10; ++attempt) {
      turn();
      if (heard) client->receive({{}, {}, 0}, now);
      transport->events.push_back(
          net::events::Closed{transport->connection, net::CloseKind::idle, 0, "", std::nullopt});
      turn();
      const base::Duration pause = client->next_deadline() - now.instant;
      longest = std::max(longest, pause);
      now.instant += pause;
    }
    return longest;
  };
  EXPECT_LE(longest_pause(true), QuicClient::pause_heard_max);
  EXPECT_GE(longest_pause(false), Backoff::longest / 2);
}

TEST_F(ScriptedServer, ARoomThatIsBeingJoinedIsLeftBehindTheWelcome) {
  begin().join("lobby", {});
  turn();
  ASSERT_NE(asked(pb::Request::kJoin), nullptr);
  client->part("lobby");
  turn();
  let_in();
  ASSERT_NE(asked(pb::Request::kPart), nullptr);
  EXPECT_EQ(asked(pb::Request::kPart)->part().room(), "lobby");
}

TEST_F(ScriptedServer, ARoomThatIsLeftAndJoinedAgainBehindTheGreetingIsJoined) {
  begin().join("lobby", {});
  turn();
  client->part("lobby");
  client->join("lobby", {});
  turn();
  let_in();
  const auto& requests = transport->requests;
  const auto part = std::ranges::find_if(requests, &pb::Request::has_part);
  ASSERT_NE(part, requests.end());
  EXPECT_EQ(std::count_if(requests.begin(), part, [](const auto& each) { return each.has_join(); }), 1);
  EXPECT_EQ(std::count_if(part, requests.end(), [](const auto& each) { return each.has_join(); }), 1)
      << "the leave went out behind the second join";
}

TEST_F(ScriptedServer, WhereEarlyDataWereRefusedNoRoomIsLeftThatWasNotJoined) {
  begin().join("lobby", {});
  transport->handshakes_end = false;
  turn();
  transport->events.push_back(net::events::EarlyReady{transport->connection, {}, {}});
  turn();
  client->part("lobby");
  transport->events.push_back(net::events::Connected{transport->connection, {}, {}});
  turn();
  let_in();
  EXPECT_EQ(asked(pb::Request::kPart), nullptr);
  EXPECT_EQ(hear<Ended>().size(), 1U);
}

TEST_F(ScriptedServer, ANewNetworkBeginsAHandshakeAnewThatHasSentEarlyData) {
  begin();
  transport->handshakes_end = false;
  turn();
  transport->events.push_back(net::events::EarlyReady{transport->connection, {}, {}});
  turn();
  ASSERT_NE(asked(pb::Request::kHello), nullptr);
  client->network_changed(now);
  turn();
  EXPECT_EQ(transport->connection, 2U);
  transport->events.push_back(net::events::Connected{2, {}, {}});
  turn();
  client->network_changed(now);
  turn();
  EXPECT_EQ(transport->connection, 2U) << "one that stands moves along";
}

TEST_F(ScriptedServer, ARoomIsJoinedOnce) {
  begin();
  const RequestId first = client->join("lobby", {});
  EXPECT_EQ(client->join("#Lobby", {}), first);
  EXPECT_NE(client->join("dev", {}), first);
}

TEST_F(ScriptedServer, AReadDoesNotTakeTheMarkOfOnesOwnFromTheRoom) {
  begin().join("lobby", {});
  client->read({.room = "lobby", .start = {.seq = 1, .newest = 0}, .follow = false, .count = 1});
  client->send("lobby", Kind::text, "hello");
  let_in();
  pb::Event own = event(1);
  own.set_id(asked(pb::Request::kSend)->send().id());
  open_stream(7, asked(pb::Request::kRead)->tag(), 1, 1);
  say(7, own);
  open_log(1, 1);
  say(3, own);
  const auto heard = hear<Message>();
  ASSERT_EQ(heard.size(), 2U);
  EXPECT_TRUE(heard[0].own);
  EXPECT_TRUE(heard[1].own);
}

TEST_F(ScriptedServer, AReadThatHasAllItWantsIsNotAskedForAgain) {
  begin().read({.room = "lobby", .start = {.seq = 1, .newest = 0}, .follow = true, .count = 2});
  let_in();
  open_stream(7, asked(pb::Request::kRead)->tag(), 1, 5);
  say(7, event(1));
  lose_connection();
  let_in();
  EXPECT_EQ(asked(pb::Request::kRead)->read().start().seq(), 1U);
  EXPECT_EQ(asked(pb::Request::kRead)->read().count(), 2U) << "one that is here already, as proof, and one more";
  open_stream(7, asked(pb::Request::kRead)->tag(), 1, 5);
  for (const std::uint64_t seq : {1U, 2U}) say(7, event(seq));
  EXPECT_EQ(hear<Ended>().size(), 1U);
  lose_connection();
  let_in();
  EXPECT_EQ(asked(pb::Request::kRead), nullptr);
}

TEST_F(ScriptedServer, ALogThatHasBecomeAnotherOneIsReadFromItsNewestEvents) {
  begin().join("lobby", {});
  let_in();
  open_log(1, 1);
  say(3, event(1));
  lose_connection();
  let_in();
  const std::uint64_t join = asked(pb::Request::kJoin)->tag();
  EXPECT_EQ(asked(pb::Request::kJoin)->join().start().seq(), 1U);
  open_log(1, 2000);
  transport->requests.clear();
  pb::Event other = event(1);
  other.mutable_message()->set_text("of another log");
  say(3, other);
  EXPECT_EQ(hear<Warning>().size(), 1U);
  ASSERT_NE(asked(pb::Request::kStop), nullptr);
  EXPECT_EQ(asked(pb::Request::kStop)->stop().opened_by(), join);
  ASSERT_NE(asked(pb::Request::kJoin), nullptr);
  EXPECT_EQ(asked(pb::Request::kJoin)->tag(), join);
  EXPECT_EQ(asked(pb::Request::kJoin)->join().start().newest(), QuicClient::missed_events_max);
  say(3, event(2));
  open_stream(7, join, 1001, 2000);
  say(7, event(1001));
  std::vector<std::uint64_t> seqs;
  std::vector<Skipped> skipped;
  while (const auto heard = client->poll_event()) {
    if (const auto* message = std::get_if<Message>(&*heard)) seqs.push_back(message->seq);
    if (const auto* gap = std::get_if<Skipped>(&*heard)) skipped.push_back(*gap);
  }
  EXPECT_EQ(seqs, (std::vector<std::uint64_t>{1001}));
  ASSERT_EQ(skipped.size(), 1U);
  EXPECT_EQ(skipped[0].last, 1000U);
}

TEST_F(ScriptedServer, ALogThatLacksTheLastEventIsShorterThanItWas) {
  begin().join("lobby", {});
  let_in();
  open_log(1, 2);
  for (const std::uint64_t seq : {1U, 2U}) say(3, event(seq));
  lose_connection();
  let_in();
  open_log(2, 1);
  ASSERT_EQ(hear<Warning>().size(), 1U);
  say(3, event(2));
  EXPECT_EQ(hear<Message>().size(), 1U) << "it is new";
}

struct LocalHistoryScript : ScriptedServer {
  /// A client that has seen the lobby up to event 5, and is in it again.
  void come_back() {
    history.rooms["lobby"] = {{4, bytes_of(event(4))}, {5, bytes_of(event(5))}};
    QuicClientOptions options;
    options.history = &history;
    begin(std::move(options)).join("lobby", {});
    let_in();
    client->poll_event();
  }
  std::vector<std::uint64_t> seqs() {
    std::vector<std::uint64_t> result;
    for (const Message& message : hear<Message>()) result.push_back(message.seq);
    return result;
  }
  using Seqs = std::vector<std::uint64_t>;

  MemoryHistoryStore history;
};

TEST_F(LocalHistoryScript, AsksForItsLastEventAgainAndNoMoreThanIsWanted) {
  come_back();
  EXPECT_EQ(seqs(), (Seqs{4, 5}));
  EXPECT_EQ(asked(pb::Request::kJoin)->join().start().seq(), 5U);
  EXPECT_EQ(asked(pb::Request::kJoin)->join().start().at_most(), QuicClient::missed_events_max);
  open_log(5, 6);
  for (const std::uint64_t seq : {5U, 6U}) say(3, event(seq));
  EXPECT_EQ(seqs(), (Seqs{6}));
  EXPECT_EQ(history.rooms["lobby"].size(), 3U);
  lose_connection();
  let_in();
  EXPECT_EQ(asked(pb::Request::kJoin)->join().start().seq(), 6U)
      << "each connection is to prove that it is the same log";
  EXPECT_EQ(asked(pb::Request::kJoin)->join().start().at_most(), 0U) << "a lost link costs nothing";
}

TEST_F(LocalHistoryScript, TheNewestAreAskedForWhereNothingIsKept) {
  history.rooms["lobby"] = {{5, bytes_of(event(5))}};
  QuicClientOptions options;
  options.history = &history;
  begin(std::move(options));
  client->join("lobby", {.seq = 0, .newest = 7});
  client->join("dev", {.seq = 0, .newest = 7});
  const auto told = hear<Opened>();
  ASSERT_EQ(told.size(), 1U);
  EXPECT_TRUE(told[0].kept);
  EXPECT_EQ(told[0].end_seq, 5U);
  let_in();
  for (const pb::Request& each : transport->requests) {
    if (!each.has_join()) continue;
    const bool is_kept = each.join().room() == "lobby";
    EXPECT_EQ(each.join().start().seq(), is_kept ? 5U : 0U);
    EXPECT_EQ(each.join().start().newest(), is_kept ? 0U : 7U);
  }
}

TEST_F(LocalHistoryScript, GoesOnBehindWhatTheServerNoLongerKeeps) {
  come_back();
  hear<Message>();
  open_log(5, 11);
  pb::Event gone;
  gone.set_seq(5);
  gone.mutable_gone()->set_last(9);
  say(3, gone);
  const auto told = hear<Gone>();
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].first, 6U) << "event 5 is here";
  EXPECT_EQ(told[0].last, 9U);
  say(3, event(10));
  EXPECT_EQ(seqs(), (Seqs{10}));
  EXPECT_EQ(history.rooms["lobby"].rbegin()->first, 10U);
}

TEST_F(LocalHistoryScript, AServerMaySkipWhatItWasAskedToAndNoMore) {
  come_back();
  hear<Message>();
  open_log(1000, 999 + QuicClient::missed_events_max);
  const auto skipped = hear<Skipped>();
  ASSERT_EQ(skipped.size(), 1U);
  EXPECT_EQ(skipped[0].first, 6U);
  EXPECT_EQ(skipped[0].last, 999U);
  say(3, event(1000));
  EXPECT_EQ(seqs(), (Seqs{1000}));
}

TEST_F(LocalHistoryScript, AServerThatSkipsMoreBreaksThePromise) {
  come_back();
  open_log(1001, 999 + QuicClient::missed_events_max);
  EXPECT_EQ(transport->closed_with, wire::close_codes::protocol_error);
}

TEST_F(LocalHistoryScript, WhatIsDamagedInTheCopyIsReadFromTheServer) {
  for (const base::Bytes& damaged : {base::Bytes{0xFF, 0xFF}, bytes_of(event(6))}) {
    history.rooms["lobby"] = {{4, bytes_of(event(4))}, {5, damaged}};
    QuicClientOptions options;
    options.history = &history;
    begin(std::move(options)).join("lobby", {});
    EXPECT_EQ(seqs(), (Seqs{}));
    let_in();
    EXPECT_EQ(asked(pb::Request::kJoin)->join().start().where_case(), pb::Start::kNewest);
    EXPECT_TRUE(history.rooms["lobby"].empty());
  }
}

}  // namespace
}  // namespace confab::client
