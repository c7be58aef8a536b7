// SPDX-License-Identifier: MIT
// When a sender sends what it has sent before.
#include "net/second_copies.h"

#include <chrono>
#include <string>

#include <gtest/gtest.h>

#include "net/copy_datagram.h"

namespace confab::net {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t datagram_bytes = 1156;

class SecondCopiesTest : public testing::Test {
 protected:
  SecondCopiesTest() {
    copies.wish(1);
    copies.set_rtt(50ms);
  }

  /// The stream says `text`, and it goes in a packet.
  void say(const std::string& text) { say(stream, text); }
  void say(Stream& on, const std::string& text) {
    on.sending.push(base::SharedBytes::own(base::Bytes(text.begin(), text.end())));
    copies.sent(on, on.sending.sent_bytes(), text.size(), now);
    on.sending.sent(text.size(), false);
  }
  /// Time goes on to the next copy: what was in it, and when it went.
  std::string next_copy() {
    now = copies.due();
    if (now == base::never) return "never";
    const std::string what = write();
    copies.copied(++datagram, now);
    return std::to_string((now - start) / 1ms) + " ms: " + what;
  }
  std::string write() {
    std::string what;
    const base::Bytes bytes = copies.write(streams, now + SecondCopies::company);
    for (const Piece& piece : read_pieces(bytes)) {
      what += std::string(what.empty() ? "" : ", ") + std::string(base::as_text(piece.bytes));
    }
    return what;
  }

  const base::Instant start{1h};
  base::Instant now = start;
  std::uint64_t datagram = 0;
  Streams streams;
  Stream& stream = streams.open(3, true);
  Stream& other = streams.open(7, true);
  SecondCopies copies{datagram_bytes};
};

TEST_F(SecondCopiesTest, ACopyAndThenProbes) {
  say("Hii");
  EXPECT_EQ(next_copy(), "5 ms: Hii");
  EXPECT_EQ(next_copy(), "72 ms: Hii");
  EXPECT_EQ(next_copy(), "145 ms: Hii");
  EXPECT_EQ(next_copy(), "253 ms: Hii");
  EXPECT_EQ(next_copy(), "398 ms: Hii");
  EXPECT_EQ(next_copy(), "never");
}

TEST_F(SecondCopiesTest, TwoCopiesWhereManyPacketsAreLost) {
  copies.wish(2);
  say("Hii");
  EXPECT_EQ(next_copy(), "5 ms: Hii");
  EXPECT_EQ(next_copy(), "20 ms: Hii");
  EXPECT_EQ(next_copy(), "72 ms: Hii");
}

TEST_F(SecondCopiesTest, WhatTheStreamHasBroughtNeedsNone) {
  say("one");
  say("two");
  stream.sending.acknowledged(3);
  copies.acknowledged(3, stream.sending.acknowledged_bytes());
  EXPECT_EQ(next_copy(), "5 ms: two");
}

TEST_F(SecondCopiesTest, NorWhatACopyHasBrought) {
  say("one");
  EXPECT_EQ(next_copy(), "5 ms: one");
  say("two");
  copies.acknowledged(datagram);
  EXPECT_EQ(next_copy(), "10 ms: two");
}

TEST_F(SecondCopiesTest, AnEarlierCopyIsAsGoodAsTheLast) {
  say("one");
  next_copy();
  const std::uint64_t first = datagram;
  next_copy();
  copies.acknowledged(first);
  EXPECT_EQ(next_copy(), "never");
}

TEST_F(SecondCopiesTest, WhatIsDueSoonGoesAlong) {
  say("one");
  now += 2ms;
  say(other, "two");
  now += 2ms;
  say("three");
  EXPECT_EQ(next_copy(), "5 ms: one, two");
  EXPECT_EQ(next_copy(), "9 ms: three");
}

TEST_F(SecondCopiesTest, AFullWindowPutsItOff) {
  say("one");
  now = copies.due();
  EXPECT_EQ(write(), "one");
  copies.postpone(now);
  EXPECT_EQ(next_copy(), "25 ms: one");
}

TEST_F(SecondCopiesTest, OfAHistoryThereIsNone) {
  stream.sending.push(base::SharedBytes::own(base::Bytes(SecondCopies::backlog_bytes_max)));
  say("the last of it");
  EXPECT_EQ(copies.due(), base::never);
  say(other, "in a room where nothing waits");
  EXPECT_EQ(next_copy(), "5 ms: in a room where nothing waits");
}

TEST_F(SecondCopiesTest, ALongMessageTakesSeveralPieces) {
  say(std::string(2500, 'x'));
  EXPECT_EQ(next_copy(), "5 ms: " + std::string(1024, 'x'));
  EXPECT_EQ(next_copy(), "5 ms: " + std::string(1024, 'x'));
  EXPECT_EQ(next_copy(), "5 ms: " + std::string(452, 'x'));
}

TEST_F(SecondCopiesTest, ForgetsAStreamThatWasReset) {
  say("one");
  say(other, "two");
  copies.forget(3);
  EXPECT_EQ(next_copy(), "5 ms: two");
}

/// The answers are late: each message would be sent five times.
TEST_F(SecondCopiesTest, TheExtraBytesAreBounded) {
  for (const unsigned wished : {1U, 2U}) {
    copies.wish(wished);
    std::size_t copied = 0;
    for (int i = 0; i < 2000; ++i, now += 10ms) {
      say(std::string(100, 'x'));
      if (stream.sending.held_bytes() > 5000) stream.sending.acknowledged(100);
      while (copies.due() <= now) {
        const base::Bytes bytes = copies.write(streams, now);
        for (const Piece& piece : read_pieces(bytes)) copied += piece.bytes.size();
        copies.copied(++datagram, now);
      }
    }
    const double share = static_cast<double>(copied) / (2000 * 100);
    EXPECT_LE(share, wished + 0.5 + 0.03) << "and what was saved before";
    EXPECT_GE(share, wished) << "it tries";
  }
}

}  // namespace
}  // namespace confab::net
