// SPDX-License-Identifier: MIT
// Scrolling back: from the local history, from the server, and from both.
#include <fmt/format.h>

#include "client/memory_history_store.h"
#include "client/quic_client.h"
#include "client/scripted_server.h"

namespace confab::client {
namespace {

using Lines = std::vector<std::string>;

struct PageScript : ScriptedServer {
  void keep(base::Seq first, base::Seq last) {
    for (base::Seq seq = first; seq <= last; ++seq) history.rooms["lobby"][seq] = bytes_of(event(seq));
  }
  void start() {
    QuicClientOptions options;
    options.history = &history;
    begin(std::move(options));
  }
  void start_online() {
    start();
    let_in();
    told();
  }
  /// The server's answer to the Read: its events from `first` on.
  void serve(base::Seq first, base::Seq last) {
    ASSERT_NE(asked(pb::Request::kRead), nullptr);
    open_stream(7, asked(pb::Request::kRead)->tag(), first, 100);
    for (base::Seq seq = first; seq <= last; ++seq) say(7, event(seq));
  }
  static pb::Event gone(base::Seq first, base::Seq last) {
    pb::Event result;
    result.set_seq(first);
    result.mutable_gone()->set_last(last);
    return result;
  }
  void scroll(base::Seq seq, std::uint32_t count) { page = client->read_before("#Lobby", seq, count); }
  /// What was told of the last page since the last call: "4", "gone 2 to 3", "ended", "refused: why"; of anything else
  /// with a '?'.
  Lines told() {
    Lines lines;
    const auto tell = [&](RequestId request, std::string line) {
      lines.push_back((request == page ? "" : "?") + line);
    };
    while (const auto heard = client->poll_event()) {
      if (const auto* each = std::get_if<Message>(&*heard)) tell(each->request, std::to_string(each->seq));
      if (const auto* each = std::get_if<Gone>(&*heard)) {
        tell(each->request, fmt::format("gone {} to {}", each->first, each->last));
      }
      if (const auto* each = std::get_if<Opened>(&*heard)) tell(each->request, "opened");
      if (const auto* each = std::get_if<Ended>(&*heard)) tell(each->request, "ended");
      if (const auto* each = std::get_if<Refused>(&*heard)) tell(each->request, "refused: " + each->text);
    }
    return lines;
  }
  std::string kept() {
    const auto& events = history.rooms["lobby"];
    return events.empty()
               ? ""
               : fmt::format("{} to {}, {} in all", events.begin()->first, events.rbegin()->first, events.size());
  }

  MemoryHistoryStore history;
  RequestId page = 0;
};

TEST_F(PageScript, WhatIsHereIsToldAtOnceWithoutALink) {
  keep(1, 9);
  start();
  scroll(6, 3);
  EXPECT_EQ(told(), (Lines{"3", "4", "5", "ended"}));
  scroll(3, 3);
  EXPECT_EQ(told(), (Lines{"1", "2", "ended"})) << "there is no more";
  for (const base::Seq seq : {1U, 0U}) {
    scroll(seq, 3);
    EXPECT_EQ(told(), (Lines{"ended"}));
  }
}

TEST_F(PageScript, OfflineAPartIsToldAndNothingIsRefused) {
  keep(5, 9);
  start();
  scroll(7, 4);
  EXPECT_EQ(told(), (Lines{"5", "6", "ended"}));
  scroll(5, 4);
  EXPECT_EQ(told(), (Lines{"refused: no more of #lobby is kept here, and there is no connection"}));
}

TEST_F(PageScript, WhatIsMissingComesFromTheServerAndStandsInFront) {
  keep(5, 9);
  start_online();
  scroll(8, 6);
  turn();
  const pb::Read& read = asked(pb::Request::kRead)->read();
  EXPECT_EQ(read.start().seq(), 2U);
  EXPECT_EQ(read.count(), 3U);
  EXPECT_FALSE(read.follow());
  serve(2, 4);
  EXPECT_EQ(told(), (Lines{"2", "3", "4", "5", "6", "7", "ended"}));
  EXPECT_EQ(kept(), "2 to 9, 8 in all") << "scrolled back once, it is here";
  scroll(8, 6);
  EXPECT_EQ(told().size(), 7U);
}

TEST_F(PageScript, RightBehindWhatARoomOpenedWith) {
  keep(1, 250);
  start();
  client->join("lobby", {});
  const Lines opened = told();
  ASSERT_EQ(opened.size(), 1 + LocalLog::events_shown_max);
  EXPECT_EQ(opened[1], "?151");
  scroll(151, 100);
  const Lines told_next = told();
  ASSERT_EQ(told_next.size(), 101U);
  EXPECT_EQ(told_next.front(), "51");
  EXPECT_EQ(told_next[99], "150");
}

TEST_F(PageScript, WhereNothingIsKeptNothingIsAdded) {
  start_online();
  scroll(8, 3);
  serve(5, 7);
  EXPECT_EQ(told(), (Lines{"5", "6", "7", "ended"}));
  EXPECT_EQ(kept(), "");
}

TEST_F(PageScript, WhatTheServerNoLongerKeepsIsToldAsFarAsItWasAskedFor) {
  keep(8, 9);
  start_online();
  scroll(9, 6);
  serve(3, 3);
  say(7, gone(4, 5));
  for (const base::Seq seq : {6U, 7U}) say(7, event(seq));
  EXPECT_EQ(told(), (Lines{"3", "gone 4 to 5", "6", "7", "8", "ended"}));
  EXPECT_EQ(kept(), "6 to 9, 4 in all") << "the rest does not join on";

  scroll(6, 3);
  open_stream(11, transport->requests.back().tag(), 3, 100);
  say(11, gone(3, 50));
  EXPECT_EQ(told(), (Lines{"gone 3 to 5", "ended"}));
}

TEST_F(PageScript, ARefusalStillTellsWhatIsHere) {
  keep(5, 9);
  start_online();
  scroll(7, 4);
  refuse(transport->requests.back().tag(), pb::Refused::CODE_LIMIT);
  EXPECT_EQ(told(), (Lines{"5", "6", "ended"}));
  scroll(5, 4);
  refuse(transport->requests.back().tag(), pb::Refused::CODE_LIMIT);
  EXPECT_EQ(told(), (Lines{"refused: no"}));
}

TEST_F(PageScript, ADirectRoomIsNotShownToAnotherNameOfTheProfile) {
  history.rooms["@bob : eve"] = history.rooms["@ada : bob"] = {{4, bytes_of(event(4))}, {5, bytes_of(event(5))}};
  start();
  page = client->join("@bob : eve", {});
  EXPECT_EQ(told(), Lines{});
  page = client->read_before("@bob : eve", 6, 2);
  EXPECT_EQ(told(), (Lines{"refused: no more of #@bob : eve is kept here, and there is no connection"}));
  page = client->read_before("@bob", 6, 2);
  EXPECT_EQ(told(), (Lines{"4", "5", "ended"})) << "one's own is there";
  let_in();
  told();
  page = client->read_before("@bob : eve", 6, 2);
  refuse(transport->requests.back().tag(), pb::Refused::CODE_NOT_ALLOWED);
  EXPECT_EQ(told(), (Lines{"refused: no"}));
}

TEST_F(PageScript, WhatWasAskedForUnderAnotherNameIsNotShown) {
  history.rooms["@ada : bob"] = {{5, bytes_of(event(5))}};
  start_online();
  page = client->read_before("@bob", 6, 3);
  client->retry("Eve");
  let_in();
  told();
  ASSERT_NE(asked(pb::Request::kRead), nullptr);
  refuse(asked(pb::Request::kRead)->tag(), pb::Refused::CODE_NOT_ALLOWED);
  EXPECT_EQ(told(), (Lines{"refused: no"}));
}

TEST_F(PageScript, AConnectionThatIsLostInTheMiddleCostsNothing) {
  keep(5, 9);
  start_online();
  scroll(6, 4);
  serve(2, 2);
  lose_connection();
  let_in();
  serve(2, 4);
  EXPECT_EQ(told(), (Lines{"2", "3", "4", "5", "ended"}));
  EXPECT_EQ(kept(), "2 to 9, 8 in all");
}

TEST_F(PageScript, AnotherLogIsNotPutTogetherWithOurs) {
  keep(5, 9);
  start_online();
  scroll(6, 4);
  serve(2, 2);
  lose_connection();
  let_in();
  open_stream(7, asked(pb::Request::kRead)->tag(), 2, 100);
  pb::Event other = event(2);
  other.mutable_message()->set_text("of another log");
  say(7, other);
  say(7, event(3));
  EXPECT_EQ(told(), (Lines{"2", "ended"}));
  EXPECT_EQ(kept(), "5 to 9, 5 in all");
}

TEST_F(PageScript, AServerThatBeginsElsewhereRepeatsNothingOfOurs) {
  keep(5, 9);
  start_online();
  scroll(6, 4);
  serve(4, 6);
  EXPECT_EQ(told(), (Lines{"4", "5", "ended"}));
}

TEST_F(PageScript, WhatIsDamagedHereIsReadFromTheServer) {
  for (const base::Bytes& damaged : {base::Bytes{0xFF, 0xFF}, bytes_of(event(7))}) {
    keep(1, 9);
    history.rooms["lobby"][6] = damaged;
    start_online();
    scroll(9, 3);
    ASSERT_NE(asked(pb::Request::kRead), nullptr);
    EXPECT_EQ(asked(pb::Request::kRead)->read().start().seq(), 6U);
    EXPECT_EQ(asked(pb::Request::kRead)->read().count(), 1U);
  }
}

}  // namespace
}  // namespace confab::client
