// SPDX-License-Identifier: MIT
// When what is said goes to the store, and with what.
#include "server/journal.h"

#include <array>

#include <gtest/gtest.h>

#include "log/direct_store.h"
#include "log/memory_store.h"
#include "replies.h"

namespace confab::server::testing {
namespace {

using namespace std::chrono_literals;

/// A transaction: the texts in it, claims as their names.
using Batches = std::vector<Lines>;

class RecordingStore final : public log::AsyncStore {
 public:
  void append(std::uint64_t ticket, log::Batch batch) override {
    Lines& lines = batches_.emplace_back();
    for (const log::Draft& draft : batch.drafts) lines.push_back(wire::decode_event(1, draft.body)->message().text());
    for (const log::NameClaim& claim : batch.claims) lines.push_back(claim.folded_name);
    store_.append(ticket, std::move(batch));
  }
  void trim(std::uint64_t, log::TrimRequest) override {}
  std::vector<log::StoreAnswer> poll() override { return store_.poll(); }

  Batches take_batches() { return std::exchange(batches_, {}); }

 private:
  log::MemoryStore memory_;
  log::DirectStore store_{memory_};
  Batches batches_;
};

struct JournalTest : ::testing::Test {
  void say(const std::string& text, Haste haste) {
    chat::NewEvent event;
    event.room = "tea";
    event.id.bytes.fill(++last_id);
    event.event.mutable_message()->set_text(text);
    journal.add(event, 1, 0, haste);
  }
  /// What goes to the store in a turn that begins then.
  Batches flush(base::Duration at) {
    const base::Now now{start + at, {}};
    journal.flush(now);
    for (log::StoreAnswer& each : store.poll()) {
      journal.settle(each.ticket, std::get<log::AppendResult>(std::move(each.result)), now);
    }
    return store.take_batches();
  }

  const base::Instant start{1h};
  std::uint8_t last_id = 0;
  RecordingStore store;
  Journal journal{store};
};

TEST_F(JournalTest, TheFirstWordAfterASilenceGoesAtOnce) {
  say("one", Haste::none);
  EXPECT_EQ(flush(0ms), Batches{{"one"}});
  say("two", Haste::none);
  EXPECT_EQ(flush(Journal::company_wait), Batches{{"two"}});
  EXPECT_EQ(journal.next_deadline(), base::never);
}

TEST_F(JournalTest, WhoIsInNoHasteSharesACommitWithTheNext) {
  say("one", Haste::none);
  flush(0ms);
  say("two", Haste::none);
  EXPECT_EQ(flush(10ms), Batches());
  EXPECT_FALSE(journal.empty()) << "a server that stops waits for it";
  say("three", Haste::none);
  EXPECT_EQ(flush(20ms), Batches());
  EXPECT_EQ(journal.next_deadline(), start + Journal::company_wait) << "counted from the last commit";
  EXPECT_EQ(flush(Journal::company_wait), (Batches{{"two", "three"}}));
}

TEST_F(JournalTest, HasteTakesAlongWhatWaits) {
  say("one", Haste::none);
  flush(0ms);
  say("two", Haste::none);
  say("three", Haste::at_once);
  EXPECT_EQ(flush(1ms), (Batches{{"two", "three"}})) << "in their order";
  say("four", Haste::at_once);
  EXPECT_EQ(flush(2ms), Batches{{"four"}});
}

TEST_F(JournalTest, TheServersOwnWordsWaitForNobody) {
  say("one", Haste::none);
  flush(0ms);
  say("two", Haste::none);
  journal.add(chat::NewClaim{.folded_name = "hilmi"});
  EXPECT_EQ(flush(1ms), (Batches{{"two", "hilmi"}}));
}

TEST_F(JournalTest, AServerThatStopsWaitsForNoCompany) {
  say("one", Haste::none);
  flush(0ms);
  say("two", Haste::none);
  journal.drain();
  EXPECT_EQ(flush(1ms), Batches{{"two"}});
  EXPECT_TRUE(journal.empty());
}

TEST_F(JournalTest, WhatFailedIsNotTriedSoonerForWhatWaitedBehindIt) {
  chat::NewEvent joined;
  joined.room = "tea";
  joined.event.mutable_joined();
  joined.member = chat::MemberChange{.key = {}, .present = true};
  journal.add(joined, 0, 0, Haste::at_once);
  const base::Now now{start, {}};
  journal.flush(now);
  say("one", Haste::none);
  for (const log::StoreAnswer& each : store.poll()) {
    const auto failed = std::unexpected(log::StoreError{.code = log::StoreError::Code::full, .text = {}});
    EXPECT_EQ(journal.settle(each.ticket, failed, now).size(), 1U) << "the message";
  }
  EXPECT_EQ(journal.next_deadline(), start + Journal::retry_every);
}

/// The same as clients see it.
struct HasteOfClients : Askers {
  Lines heard_within(Asker& one, base::Duration time) {
    wire_.pass(time);
    return one.hear();
  }
  Asker& hilmi_ = asker("Hilmi");
  Asker& ryo_ = asker("Ryo");
};

TEST_F(HasteOfClients, WhoSendsLineAfterLineIsNotHeldUp) {
  for (char id = 'a'; id <= 'e'; ++id) {
    hilmi_.say_in("tea", id, "line");
    EXPECT_EQ(heard_within(hilmi_, 1ms), Lines{fmt::format("accepted {}", id - 'a' + 1)});
  }
}

TEST_F(HasteOfClients, WhoSendsSeveralAtATimeIsNotHeldUp) {
  ryo_.say_in("tea", 'a', "line");
  EXPECT_EQ(heard_within(ryo_, 1ms), Lines{"accepted 1"});
  hilmi_.say_in("tea", 'b', "line");
  hilmi_.say_in("tea", 'c', "line");
  EXPECT_EQ(heard_within(hilmi_, 1ms), (Lines{"accepted 2", "accepted 3"}));
}

TEST_F(HasteOfClients, AnAuthorSeesHerLineWithTheAnswerThoughTheRoomRests) {
  hilmi_.join("tea");
  ryo_.join("tea");
  wire_.settle();
  hilmi_.hear();
  hilmi_.say_in("tea", 'a', "line");
  EXPECT_EQ(heard_within(hilmi_, 0ms), Lines{"accepted 3"});
  const std::size_t ryos_bytes = ryo_.log_bytes;
  const std::size_t hilmis_bytes = hilmi_.log_bytes;
  hilmi_.say_in("tea", 'b', "line");
  EXPECT_EQ(heard_within(hilmi_, 0ms), Lines{"accepted 4"});
  EXPECT_GT(hilmi_.log_bytes, hilmis_bytes);
  EXPECT_EQ(ryo_.log_bytes, ryos_bytes);
  wire_.pass(1ms);
  EXPECT_GT(ryo_.log_bytes, ryos_bytes);
}

TEST_F(HasteOfClients, APersonsLineWaitsForCompanyWhereOthersSpeak) {
  hilmi_.say_in("tea", 'a', "line");
  EXPECT_EQ(heard_within(hilmi_, 1ms), Lines{"accepted 1"});
  ryo_.say_in("tea", 'b', "line");
  EXPECT_EQ(heard_within(ryo_, 20ms), Lines());
  EXPECT_EQ(heard_within(ryo_, 10ms), Lines{"accepted 2"});
  wire_.pass(Session::haste_time);
  ryo_.say_in("tea", 'c', "line");
  EXPECT_EQ(heard_within(ryo_, 1ms), Lines{"accepted 3"}) << "nobody spoke";
}

}  // namespace
}  // namespace confab::server::testing
