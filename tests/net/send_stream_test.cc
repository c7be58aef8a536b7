// SPDX-License-Identifier: MIT
#include "net/send_stream.h"

#include <string>

#include <gtest/gtest.h>

namespace confab::net {
namespace {

base::SharedBytes shared(std::string_view text) {
  return base::SharedBytes::own(base::Bytes(text.begin(), text.end()));
}

/// What stands to be sent: the pieces with '|' between them, '.' where the stream ends.
std::string show(const SendStream& stream, std::size_t wanted = 1000) {
  const SendStream::Batch batch = stream.next(wanted);
  std::string text;
  for (std::size_t i = 0; i < batch.count; ++i) {
    if (i > 0) text += '|';
    text += base::as_text({batch.vectors[i].base, batch.vectors[i].len});
  }
  return batch.fin ? text + '.' : text;
}

TEST(SendStream, GivesWhatItGotInOrder) {
  SendStream stream;
  EXPECT_FALSE(stream.pending());
  stream.push(shared("abc"));
  stream.push(shared("def"));
  EXPECT_EQ(show(stream), "abc|def");
  stream.sent(2, false);
  EXPECT_EQ(show(stream), "c|def");
  stream.sent(2, false);
  EXPECT_EQ(show(stream), "ef");
  EXPECT_EQ(stream.unsent_bytes(), 2U);
  stream.sent(2, false);
  EXPECT_EQ(show(stream), "");
  EXPECT_FALSE(stream.pending());
}

TEST(SendStream, NeighboursInMemoryAreOnePiece) {
  const base::SharedBytes whole = shared("abcdef");
  SendStream stream;
  stream.push({whole.owner, whole.view.subspan(0, 2)});
  stream.push({whole.owner, whole.view.subspan(2, 2)});
  EXPECT_EQ(show(stream), "abcd");
  stream.sent(4, false);
  stream.push({whole.owner, whole.view.subspan(4, 2)});
  EXPECT_EQ(show(stream), "ef");
  stream.acknowledged(4);
  EXPECT_EQ(show(stream), "ef");
  stream.sent(2, false);
  stream.acknowledged(2);
  EXPECT_EQ(whole.owner.use_count(), 1);
}

TEST(SendStream, HoldsBytesUntilAcknowledged) {
  const base::SharedBytes first = shared("abc");
  const base::SharedBytes second = shared("def");
  SendStream stream;
  stream.push(first);
  stream.push(second);
  stream.sent(6, false);
  EXPECT_EQ(first.owner.use_count(), 2);
  stream.acknowledged(2);
  EXPECT_EQ(first.owner.use_count(), 2);
  stream.acknowledged(2);
  EXPECT_EQ(first.owner.use_count(), 1);
  EXPECT_EQ(second.owner.use_count(), 2);
  stream.push(shared("ghi"));
  EXPECT_EQ(show(stream), "ghi");
  stream.acknowledged(2);
  EXPECT_EQ(second.owner.use_count(), 1);
  EXPECT_EQ(show(stream), "ghi");
}

TEST(SendStream, EndComesWithTheLastBytesOrAlone) {
  SendStream stream;
  stream.push(shared("abc"));
  stream.finish();
  stream.push(shared("too late"));
  EXPECT_EQ(show(stream), "abc.");
  stream.sent(3, false);
  EXPECT_TRUE(stream.pending());
  EXPECT_EQ(show(stream), ".");
  stream.sent(0, true);
  EXPECT_FALSE(stream.pending());
}

TEST(SendStream, BatchIsBounded) {
  SendStream stream;
  for (int i = 0; i < 40; ++i) stream.push(shared("x"));
  stream.finish();
  EXPECT_EQ(stream.next(1000).count, 16U);
  EXPECT_FALSE(stream.next(1000).fin);
  EXPECT_EQ(show(stream, 3), "x|x|x");
}

TEST(SendStream, AbandonedKeepsOnlyWhatWasSent) {
  const base::SharedBytes first = shared("abc");
  const base::SharedBytes second = shared("def");
  SendStream stream;
  stream.push(first);
  stream.push(second);
  stream.sent(2, false);
  stream.abandon();
  EXPECT_FALSE(stream.pending());
  EXPECT_EQ(first.owner.use_count(), 2) << "the network may still ask for it";
  EXPECT_EQ(second.owner.use_count(), 1);
  stream.push(shared("ghi"));
  EXPECT_FALSE(stream.pending());
  stream.acknowledged(2);
  EXPECT_EQ(first.owner.use_count(), 1);
}

}  // namespace
}  // namespace confab::net
