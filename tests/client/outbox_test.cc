// SPDX-License-Identifier: MIT
#include "client/outbox.h"

#include <gtest/gtest.h>

#include "client/memory_outbox_store.h"
#include "outbox_program.h"

namespace confab::client {
namespace {

std::string kept(MemoryOutboxStore& store, const std::string& name = "Ada") {
  std::string letters;
  const auto entries = store.load(name);
  for (const StoredEntry& entry : *entries) letters += entry.content.text;
  return letters;
}

TEST(Outbox, SendsEachOnceInOrder) {
  Program program(nullptr);
  program.type("ab");
  EXPECT_EQ(program.send_all(), "ab");
  program.type("c");
  EXPECT_EQ(program.send_all(), "c");
  EXPECT_EQ(program.send_all(), "");
}

TEST(Outbox, AfterALostConnectionSendsAgainWhatWasNotAnswered) {
  Program program(nullptr);
  program.type("abc");
  program.send_all();
  ASSERT_TRUE(program.outbox.accept(2, 7));
  program.outbox.begin_again();
  program.type("d");
  EXPECT_EQ(program.send_all(), "acd");
  EXPECT_EQ(program.told(), (Lines{"stored b 7"}));
}

TEST(Outbox, AnAnswerToAnOldAttemptSettlesNothing) {
  Program program(nullptr);
  program.type("a");
  program.send_all();
  program.outbox.begin_again();
  EXPECT_FALSE(program.outbox.accept(1, 7)) << "it may have been another server's";
  EXPECT_FALSE(program.outbox.refuse(0, "no"));
  EXPECT_FALSE(program.outbox.postpone(1, Outbox::Pause::backoff, "no"));
  EXPECT_EQ(program.outbox.size(), 1U);
}

TEST(Outbox, AnswersComeInAnyOrder) {
  Program program(nullptr);
  program.type("abc");
  program.send_all();
  program.outbox.accept(3, 9);
  program.outbox.refuse(1, "no");
  program.type("d");
  EXPECT_EQ(program.send_all(), "d");
  program.outbox.accept(2, 8);
  program.outbox.accept(4, 10);
  EXPECT_TRUE(program.outbox.empty());
  EXPECT_EQ(program.told(), (Lines{"stored c 9", "refused a: no", "stored b 8", "stored d 10"}));
}

TEST(Outbox, TheSameIdIsTheSameMessage) {
  Program program(nullptr);
  program.type("aba");
  EXPECT_EQ(program.send_all(), "ab");
}

TEST(Outbox, IsQueuedOnceItIsKept) {
  MemoryOutboxStore store;
  Program program(&store);
  program.type("ab");
  EXPECT_EQ(program.told(), (Lines{}));
  EXPECT_FALSE(program.outbox.keeps_all());
  program.keep();
  EXPECT_EQ(program.told(), (Lines{"queued a", "queued b"}));
  EXPECT_EQ(kept(store), "ab");
  EXPECT_TRUE(program.outbox.keeps_all());
  program.keep();
  EXPECT_EQ(program.told(), (Lines{})) << "once";
}

TEST(Outbox, WithoutAStoreOnlyWhatHasToWaitIsQueued) {
  Program program(nullptr);
  program.type("a");
  program.keep();
  program.send_all();
  program.type("b");
  program.outbox.begin_again();
  program.keep(false);
  EXPECT_EQ(program.told(), (Lines{"queued a", "queued b"}));
  EXPECT_FALSE(program.outbox.keeps_all());
}

TEST(Outbox, WhatAKilledProgramLeftGoesFirstUnderItsIds) {
  MemoryOutboxStore store;
  {
    Program killed(&store);
    killed.type("ab");
    killed.keep();
    killed.send_all();
  }
  Program next(&store);
  next.type("c");
  next.outbox.adopt();
  next.keep();
  EXPECT_EQ(next.told(), (Lines{"queued a", "queued b", "queued c"}));
  EXPECT_EQ(next.outbox.next_unsent()->message.id, Program::message('a').id);
  EXPECT_EQ(next.send_all(), "abc");
  for (RequestId request = 1; request <= 3; ++request) next.outbox.accept(request, request);
  EXPECT_EQ(kept(store), "abc") << "until the turn ends";
  next.outbox.let_go(next.now());
  EXPECT_EQ(kept(store), "abc") << "and whoever was told has heard it";
  EXPECT_EQ(next.outbox.next_deadline(), base::at_once);
  next.outbox.let_go(next.now());
  EXPECT_EQ(kept(store), "");
  EXPECT_EQ(next.outbox.next_deadline(), base::never);
}

TEST(Outbox, TwoProgramsSendWhatEitherWasGivenInTheOrderItWasGiven) {
  MemoryOutboxStore store;
  Program one(&store);
  Program other(&store);
  one.type("ab");
  one.keep(false);
  other.type("c");
  other.outbox.adopt();
  other.keep(false);
  one.type("d");
  one.keep(false);
  other.outbox.adopt();
  other.type("e");
  EXPECT_EQ(other.send_all(), "abcde");
  one.outbox.adopt();
  EXPECT_EQ(one.send_all(), "abdc");
}

TEST(Outbox, WhatIsSettledButNotErasedYetIsNotTakenOver) {
  MemoryOutboxStore store;
  Program program(&store);
  program.type("a");
  program.keep();
  program.send_all();
  program.outbox.accept(1, 1);
  store.set_failing(true);
  program.outbox.let_go(program.now());
  program.outbox.let_go(program.now());
  store.set_failing(false);
  program.outbox.begin_again();
  program.outbox.adopt();
  EXPECT_EQ(program.send_all(), "");
  program.clock += Outbox::store_pause;
  program.outbox.let_go(program.now());
  EXPECT_EQ(kept(store), "");
}

TEST(Outbox, WhatWaitsForTheServerSurvivesAPowerCut) {
  MemoryOutboxStore store;
  Program program(&store);
  program.type("a");
  program.keep(true);
  MemoryOutboxStore after_a_cut = store;
  after_a_cut.lose_power();
  EXPECT_EQ(kept(after_a_cut), "") << "the server was to have it at once";

  program.type("b");
  program.keep(false);
  after_a_cut = store;
  after_a_cut.lose_power();
  EXPECT_EQ(kept(after_a_cut), "ab") << "with it goes what was under way when the link was lost";
}

TEST(Outbox, AFailingStoreIsToldOnceAndMessagesAreSentAllTheSame) {
  MemoryOutboxStore store;
  Program program(&store);
  store.set_failing(true);
  program.type("a");
  program.keep();
  program.type("b");
  program.keep();
  EXPECT_EQ(program.told(), (Lines{"warning"}));
  EXPECT_FALSE(program.outbox.keeps_all());
  EXPECT_EQ(program.send_all(), "ab");

  store.set_failing(false);
  EXPECT_EQ(program.outbox.next_deadline(), program.now().instant + Outbox::store_pause);
  program.clock += Outbox::store_pause;
  program.keep();
  EXPECT_EQ(program.told(), (Lines{"queued a", "queued b"}));
  EXPECT_EQ(program.outbox.next_deadline(), base::never);
  store.set_failing(true);
  program.type("c");
  program.keep();
  EXPECT_EQ(program.told(), (Lines{"warning"})) << "it had worked in between";
}

TEST(Outbox, ANameHasItsOwnMessagesAndTakesThemAlong) {
  MemoryOutboxStore store;
  Program program(&store);
  program.type("a");
  program.keep();
  Program bob(&store);
  bob.outbox.set_name("Bob");
  bob.outbox.adopt();
  EXPECT_EQ(bob.send_all(), "");

  program.outbox.set_name("Ada2");
  program.keep();
  EXPECT_EQ(kept(store, "Ada"), "");
  EXPECT_EQ(kept(store, "Ada2"), "a");
}

/// To one person alone.
StoredEntry whisper(char letter) {
  StoredEntry entry = Program::message(letter);
  entry.room = "@ada : bob";
  return entry;
}

TEST(Outbox, WhatIsForADirectRoomWaitsForItsName) {
  MemoryOutboxStore store;
  Program program(&store);
  program.outbox.add(whisper('a'));
  program.type("b");
  program.keep(false);
  program.outbox.add(whisper('c'));
  program.told();
  program.outbox.set_name("Eve");
  program.keep();
  EXPECT_EQ(program.told(), (Lines{"queued a: it waits for the name Ada", "queued c: it waits for the name Ada"}));
  EXPECT_EQ(kept(store, "Ada"), "ac");
  EXPECT_EQ(kept(store, "Eve"), "b");
  EXPECT_TRUE(program.outbox.keeps_all());
  program.outbox.adopt();
  EXPECT_EQ(program.send_all(), "b");
  program.outbox.accept(1, 7);
  program.outbox.set_name("Ada");
  program.outbox.adopt();
  EXPECT_EQ(program.send_all(), "ac");
}

TEST(Outbox, WhoeverIsInADirectRoomTakesItsMessagesAlong) {
  Program program(nullptr);
  program.outbox.add(whisper('a'));
  for (const char* name : {"ADA", "Bob"}) {
    program.outbox.set_name(name);
    EXPECT_EQ(program.send_all(), "a") << name;
    program.outbox.begin_again();
  }
}

TEST(Outbox, WithoutAStoreItWaitsForItsNameHere) {
  Program program(nullptr);
  program.type("a");
  program.outbox.add(whisper('b'));
  program.outbox.set_name("Eve");
  program.keep();
  program.keep();
  EXPECT_EQ(program.told(), (Lines{"queued b: it waits for the name Ada"}));
  EXPECT_EQ(program.send_all(), "a");
  EXPECT_EQ(program.outbox.size(), 2U);
  program.outbox.begin_again();
  program.outbox.set_name("Ada");
  EXPECT_EQ(program.send_all(), "ba");
}

TEST(Outbox, WhereTheStoreFailsItWaitsHereUntilThatWorks) {
  MemoryOutboxStore store;
  Program program(&store);
  program.outbox.add(whisper('a'));
  store.set_failing(true);
  program.outbox.set_name("Eve");
  program.keep();
  EXPECT_EQ(program.told(), (Lines{"warning"}));
  EXPECT_FALSE(program.outbox.keeps_all());
  EXPECT_EQ(program.outbox.next_deadline(), program.now().instant + Outbox::store_pause);
  store.set_failing(false);
  program.pass(Outbox::store_pause);
  program.keep();
  EXPECT_EQ(kept(store), "a");
  EXPECT_EQ(program.outbox.size(), 0U);
}

TEST(Outbox, WhatIsTakenBackIsNeitherSentNorKept) {
  MemoryOutboxStore store;
  Program(&store).outbox.adopt();
  Program before(&store);
  before.type("a");
  before.keep();
  Program program(&store);
  program.type("b");
  program.outbox.adopt();
  program.keep();
  program.told();
  program.outbox.withdraw("the key has changed");
  program.outbox.let_go(program.now());
  EXPECT_EQ(program.told(), (Lines{"refused b: the key has changed"}));
  EXPECT_EQ(kept(store), "a") << "that one is another program's to take back";
  EXPECT_EQ(program.send_all(), "a");
}

TEST(Outbox, WhatWasSentMayBeStoredAndIsNotTakenBack) {
  MemoryOutboxStore store;
  Program program(&store);
  program.type("ab");
  program.keep();
  program.send_all();
  program.outbox.begin_again();
  program.type("c");
  program.keep();
  program.told();
  program.outbox.withdraw("the key has changed");
  program.outbox.let_go(program.now());
  EXPECT_EQ(program.told(), (Lines{"refused c: the key has changed"}));
  EXPECT_EQ(kept(store), "ab");
}

TEST(Outbox, WhatWasRefusedDoesNotComeBackAfterAPowerCut) {
  MemoryOutboxStore store;
  Program program(&store);
  program.type("ab");
  program.keep(false);
  program.send_all();
  program.outbox.accept(1, 7);
  program.outbox.let_go(program.now());
  program.outbox.let_go(program.now());
  MemoryOutboxStore after_a_cut = store;
  after_a_cut.lose_power();
  EXPECT_EQ(kept(after_a_cut), "ab") << "the server recognises it";
  program.outbox.refuse(2, "muted");
  program.outbox.let_go(program.now());
  store.lose_power();
  EXPECT_EQ(kept(store), "");
}

TEST(Outbox, WhatWasNeverSentMayBeGivenUp) {
  MemoryOutboxStore store;
  Program program(&store);
  program.type("abc");
  program.keep(false);
  program.told();
  EXPECT_TRUE(program.outbox.discard(Program::message('b').id));
  EXPECT_FALSE(program.outbox.discard(Program::message('b').id)) << "there is none any more";
  program.outbox.let_go(program.now());
  store.lose_power();
  EXPECT_EQ(kept(store), "ac") << "nor does it come back";
  EXPECT_EQ(program.send_all(), "ac");
  EXPECT_EQ(program.told(), Lines{});
}

TEST(Outbox, WhatMayBeStoredIsNotGivenUp) {
  MemoryOutboxStore store;
  Program before(&store);
  before.type("a");
  before.keep(false);
  Program program(&store);
  program.outbox.adopt();
  program.type("bc");
  program.send_all();
  EXPECT_FALSE(program.outbox.discard(Program::message('b').id)) << "it is under way";
  program.outbox.begin_again();
  EXPECT_FALSE(program.outbox.discard(Program::message('b').id)) << "the server may have it";
  EXPECT_FALSE(program.outbox.discard(Program::message('a').id)) << "the run before may have sent it";
  EXPECT_EQ(program.send_all(), "abc");
}

TEST(Outbox, WhatAnotherProgramHasSentIsNotGivenUp) {
  MemoryOutboxStore store;
  Program program(&store);
  program.type("ab");
  program.keep(false);
  Program other(&store);
  other.outbox.adopt();
  other.send_all();
  other.outbox.accept(1, 7);
  other.outbox.let_go(other.now());
  other.outbox.let_go(other.now());
  EXPECT_FALSE(program.outbox.discard(Program::message('a').id)) << "it is stored";
  EXPECT_TRUE(program.outbox.discard(Program::message('b').id)) << "that one was not answered yet";
  program.told();
  program.outbox.withdraw("the key has changed");
  EXPECT_EQ(program.told(), Lines{}) << "nor is it called refused";
  EXPECT_EQ(program.send_all(), "a") << "the server says where it is";
}

TEST(Outbox, WhereNobodyKnowsWhetherItIsKeptItIsNotGivenUp) {
  MemoryOutboxStore store;
  Program program(&store);
  program.type("a");
  program.keep(false);
  program.told();
  store.set_failing(true);
  EXPECT_FALSE(program.outbox.discard(Program::message('a').id));
  EXPECT_EQ(program.told(), (Lines{"warning"}));
  store.set_failing(false);
  EXPECT_TRUE(program.outbox.discard(Program::message('a').id));
  EXPECT_EQ(kept(store), "");
}

TEST(Outbox, AfterAFailureOfTheServersDiskAllIsSentAgainInOrder) {
  Program program(nullptr);
  program.type("abcd");
  program.send_all();
  const std::uint32_t before = program.outbox.attempt();
  program.outbox.accept(1, 5);
  program.outbox.postpone(2, Outbox::Pause::backoff, "disk full");
  program.type("e");
  program.pass(1h);
  EXPECT_EQ(program.send_all(), "") << "what is under way may still be stored";
  program.outbox.postpone(3, Outbox::Pause::backoff, "disk full");
  program.outbox.refuse(4, "too long");
  program.pass(0s);
  EXPECT_EQ(program.send_all(), "");
  EXPECT_LE(program.outbox.next_deadline(), program.now().instant + Backoff::first);
  program.pass(Backoff::first);
  EXPECT_EQ(program.send_all(), "bce");
  EXPECT_GT(program.outbox.attempt(), before);
  EXPECT_EQ(program.told(), (Lines{"stored a 5", "queued b: disk full", "queued c: disk full", "refused d: too long"}));
}

TEST(Outbox, TheSameReasonIsToldOnceAndThePausesGrow) {
  Program program(nullptr);
  program.type("a");
  base::Duration longest{};
  for (int round = 0; round < 10; ++round) {
    program.send_all();
    ASSERT_TRUE(program.outbox.postpone(program.next - 1, Outbox::Pause::backoff, round < 9 ? "full" : "broken"));
    program.pass(0s);
    const base::Duration pause = program.outbox.next_deadline() - program.now().instant;
    longest = std::max(longest, pause);
    program.pass(pause);
  }
  EXPECT_EQ(program.told(), (Lines{"queued a: full", "queued a: broken"}));
  EXPECT_GE(longest, Backoff::longest / 2);
}

TEST(Outbox, AServerThatStopsIsNotAskedAgainOnThisConnection) {
  Program program(nullptr);
  program.type("ab");
  program.send_all();
  program.outbox.postpone(1, Outbox::Pause::until_connected, "stopping");
  program.outbox.postpone(2, Outbox::Pause::backoff, "full");
  program.pass(1h);
  EXPECT_EQ(program.send_all(), "");
  program.outbox.begin_again();
  EXPECT_EQ(program.send_all(), "ab");
}

}  // namespace
}  // namespace confab::client
