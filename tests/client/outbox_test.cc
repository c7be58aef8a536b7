// SPDX-License-Identifier: MIT
#include "client/outbox.h"

#include <gtest/gtest.h>

namespace confab::client {
namespace {

OutboxEntry entry(const std::string& text) { return {{}, "lobby", Kind::text, text, 0}; }

/// Sends what is unsent, under requests from `next` on; answers the texts in order.
std::string send_all(Outbox& outbox, RequestId next) {
  std::string sent;
  while (OutboxEntry* unsent = outbox.next_unsent()) {
    sent += unsent->text + " ";
    outbox.mark_sent(*unsent, next++);
  }
  return sent;
}

TEST(Outbox, SendsEachOnceInOrder) {
  Outbox outbox;
  outbox.add(entry("a"));
  outbox.add(entry("b"));
  EXPECT_EQ(send_all(outbox, 1), "a b ");
  outbox.add(entry("c"));
  EXPECT_EQ(send_all(outbox, 3), "c ");
  EXPECT_EQ(send_all(outbox, 4), "");
}

TEST(Outbox, AfterALostConnectionSendsAgainWhatWasNotAnswered) {
  Outbox outbox;
  for (const char* text : {"a", "b", "c"}) outbox.add(entry(text));
  send_all(outbox, 1);
  ASSERT_TRUE(outbox.take(2));
  outbox.forget_attempts();
  outbox.add(entry("d"));
  EXPECT_EQ(send_all(outbox, 10), "a c d ");
  EXPECT_EQ(outbox.size(), 3U);
}

TEST(Outbox, AnAnswerToAnOldAttemptTakesNothing) {
  Outbox outbox;
  outbox.add(entry("a"));
  send_all(outbox, 1);
  outbox.forget_attempts();
  EXPECT_FALSE(outbox.take(1)) << "it may have been another server's";
  EXPECT_FALSE(outbox.take(0));
  EXPECT_FALSE(outbox.empty());
}

TEST(Outbox, TakesInAnyOrder) {
  Outbox outbox;
  for (const char* text : {"a", "b", "c"}) outbox.add(entry(text));
  send_all(outbox, 1);
  EXPECT_EQ(outbox.take(3)->text, "c");
  EXPECT_EQ(outbox.take(1)->text, "a");
  outbox.add(entry("d"));
  EXPECT_EQ(send_all(outbox, 4), "d ");
  EXPECT_EQ(outbox.take(2)->text, "b");
  EXPECT_EQ(outbox.take(4)->text, "d");
  EXPECT_TRUE(outbox.empty());
}

}  // namespace
}  // namespace confab::client
