// SPDX-License-Identifier: MIT
#include "net/stream_inbox.h"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace confab::net {
namespace {

using namespace std::string_view_literals;

const std::string large(1000, 'x');
const std::string text = "every message is delivered once, in one order, to everyone";

class StreamInboxTest : public testing::Test {
 protected:
  auto hear() {
    return [this](base::ByteView next) { heard += base::as_text(next); };
  }
  /// A piece of `text`, as the stream or a copy brings it.
  void take(std::size_t offset, std::size_t size) {
    inbox.take(offset, base::as_bytes(std::string_view(text).substr(offset, size)), hear());
  }
  /// Pieces of 1000 bytes one behind the other, from the `first` up to the `end`.
  void take_large(std::size_t first, std::size_t end) {
    for (std::size_t i = first; i < end; ++i) inbox.take(i * 1000, base::as_bytes(large), hear());
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

/// The largest multiple of 1000 that may be taken before the stream has brought anything.
constexpr std::size_t allowance = StreamInbox::ahead_bytes_max / 1000 * 1000;

TEST_F(StreamInboxTest, WhatIsAheadIsBounded) {
  take_large(1, 100);
  EXPECT_EQ(heard, "");
  take_large(0, 1);
  EXPECT_EQ(heard.size(), allowance);
}

TEST_F(StreamInboxTest, PiecesThatOverlapAreBoundedByTheirSum) {
  for (std::size_t offset = 1000; offset > 0; --offset) inbox.take(offset, base::as_bytes(large), hear());
  take(0, 1);
  EXPECT_EQ(heard.size(), 1U) << "the last of them had no place any more";
}

TEST_F(StreamInboxTest, SmallPiecesAheadAreBoundedByTheirNumber) {
  for (std::size_t i = 1; i <= 2 * StreamInbox::ahead_pieces_max; ++i) inbox.take(i, base::as_bytes("x"sv), hear());
  take(0, 1);
  EXPECT_EQ(heard.size(), 1 + StreamInbox::ahead_pieces_max);
}

TEST_F(StreamInboxTest, CopiesThatAreNextAreNoWayAroundFlowControl) {
  take_large(0, 100);
  EXPECT_EQ(heard.size(), allowance);
  inbox.arrived(1000);
  take_large(0, 100);
  EXPECT_EQ(heard.size(), 1000 + allowance) << "so much further than the stream itself";
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
