// SPDX-License-Identifier: MIT
#include "client/quic_client.h"

#include "client/memory_history_store.h"
#include "client/scripted_server.h"

namespace confab::client {
namespace {

pb::Event event(std::uint64_t seq) {
  pb::Event result;
  result.set_seq(seq);
  result.mutable_message()->set_text("hello");
  return result;
}

base::Bytes bytes_of(const pb::Event& event) {
  const std::string text = event.SerializeAsString();
  return {text.begin(), text.end()};
}

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
  for (const std::uint64_t seq : {5, 6}) say(3, event(seq));
  EXPECT_EQ(seqs(), (Seqs{6}));
  EXPECT_EQ(history.rooms["lobby"].size(), 3U);
  lose_connection();
  let_in();
  EXPECT_EQ(asked(pb::Request::kJoin)->join().start().seq(), 7U) << "that it is the same log is known by now";
  EXPECT_EQ(asked(pb::Request::kJoin)->join().start().at_most(), 0U) << "a lost link costs nothing";
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
