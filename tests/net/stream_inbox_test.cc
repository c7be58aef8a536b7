// SPDX-License-Identifier: MIT
#include "net/stream_inbox.h"

#include <string>

#include <gtest/gtest.h>

namespace confab::net {
namespace {

const std::string text = "every message is delivered once, in one order, to everyone";

class StreamInboxTest : public testing::Test {
 protected:
  /// A piece of `text`, as the stream or a copy brings it.
  void take(std::size_t offset, std::size_t size) {
    inbox.take(offset, base::as_bytes(std::string_view(text).substr(offset, size)),
               [&](base::ByteView next) { heard += base::as_text(next); });
  }

  StreamInbox inbox;
  std::string heard;
};

TEST_F(StreamInboxTest, InOrder) {
  take(0, 10);
  take(10, 20);
  EXPECT_EQ(heard, text.substr(0, 30));
}

TEST_F(StreamInboxTest, ACopyThatIsNextIsHeardAtOnceAndTheStreamAddsNothing) {
  take(0, 10);
  take(10, 5);
  EXPECT_EQ(heard, text.substr(0, 15));
  take(10, 5);
  EXPECT_EQ(heard, text.substr(0, 15));
}

TEST_F(StreamInboxTest, OfWhatIsKnownInPartTheRestIsHeard) {
  take(0, 10);
  take(5, 10);
  take(0, 20);
  EXPECT_EQ(heard, text.substr(0, 20));
}

TEST_F(StreamInboxTest, ACopyAheadWaitsForWhatIsBeforeIt) {
  take(20, 10);
  take(10, 10);
  EXPECT_EQ(heard, "");
  take(0, 10);
  EXPECT_EQ(heard, text.substr(0, 30));
}

TEST_F(StreamInboxTest, CopiesAheadMayOverlap) {
  take(10, 10);
  take(10, 5);
  take(12, 20);
  take(15, 2);
  take(40, 5);
  take(0, 11);
  EXPECT_EQ(heard, text.substr(0, 32));
  take(32, 8);
  EXPECT_EQ(heard, text.substr(0, 45));
}

TEST_F(StreamInboxTest, WhatIsAheadIsBounded) {
  const std::string large(1000, 'x');
  for (std::size_t i = 1; i <= 100; ++i) {
    inbox.take(i * 1000, base::as_bytes(large), [](base::ByteView) { FAIL(); });
  }
  std::size_t bytes = 0;
  inbox.take(0, base::as_bytes(large), [&](base::ByteView next) { bytes += next.size(); });
  EXPECT_EQ(bytes, 1000 + StreamInbox::ahead_bytes_max / 1000 * 1000);
}

TEST_F(StreamInboxTest, CreditIsForWhatTheStreamBroughtAndTheOwnerConsumed) {
  EXPECT_EQ(inbox.arrived(10), 0U);
  take(0, 10);
  EXPECT_EQ(inbox.uncredited(), 10U);
  EXPECT_EQ(inbox.consumed(4), 4U);
  EXPECT_EQ(inbox.consumed(6), 6U);
  EXPECT_EQ(inbox.uncredited(), 0U);
}

TEST_F(StreamInboxTest, ACopyGivesNoCreditUntilTheStreamHasBroughtTheSame) {
  take(0, 10);
  EXPECT_EQ(inbox.consumed(10), 0U);
  EXPECT_EQ(inbox.arrived(7), 7U);
  EXPECT_EQ(inbox.arrived(3), 3U);
  EXPECT_EQ(inbox.uncredited(), 0U);
}

}  // namespace
}  // namespace confab::net
