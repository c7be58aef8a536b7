// SPDX-License-Identifier: MIT
#include "ledger.h"

#include <gtest/gtest.h>

#include "wire/framing.h"

namespace confab::bench {
namespace {

/// The event `seq` as a member's stream brings it: message `index` of a workload.
base::Bytes event(base::Seq seq, std::uint64_t index) {
  wire::pb::Event event;
  event.set_name("member 1");
  event.mutable_message()->set_text(write_stamp({.index = index, .intended = base::Instant(std::chrono::seconds(9))}));
  base::Bytes frame;
  wire::append_event_frame(frame, seq, wire::encode_event_body(event));
  wire::FrameReader reader;
  reader.push(frame);
  const base::ByteView body = **reader.next();
  return {body.begin(), body.end()};
}

struct LedgerTest : testing::Test {
  Ledger ledger;
  RunningOrder ann{1};
  RunningOrder bob{1};
};

TEST_F(LedgerTest, AllHearTheSame) {
  for (RunningOrder* member : {&ann, &bob}) {
    for (base::Seq seq = 1; seq <= 3; ++seq) {
      const Ledger::Heard heard = ledger.hear(*member, event(seq, seq + 40));
      ASSERT_TRUE(heard.entry);
      EXPECT_TRUE(heard.fresh);
      EXPECT_TRUE(heard.in_order);
      EXPECT_FALSE(heard.entry->is_copy);
      EXPECT_EQ(heard.entry->stamp->index, seq + 40);
      EXPECT_EQ(heard.entry->hearers, member == &ann ? 1u : 2u);
    }
  }
}

TEST_F(LedgerTest, ALossShowsInTheHearers) {
  ledger.hear(ann, event(1, 1));
  ledger.hear(ann, event(2, 2));
  const Ledger::Heard heard = ledger.hear(bob, event(2, 2));
  EXPECT_TRUE(heard.fresh);
  EXPECT_TRUE(heard.in_order);
  EXPECT_EQ(heard.entry->hearers, 2u);
  EXPECT_EQ(bob.missing(), 1u);
  EXPECT_EQ(ledger.hear(ann, event(1, 1)).entry->hearers, 1u);
}

TEST_F(LedgerTest, ADoubleIsNotFresh) {
  ledger.hear(ann, event(1, 1));
  const Ledger::Heard heard = ledger.hear(ann, event(1, 1));
  EXPECT_FALSE(heard.fresh);
  EXPECT_EQ(heard.entry->hearers, 1u);
}

TEST_F(LedgerTest, AMessageUnderTwoSeqsIsACopy) {
  EXPECT_FALSE(ledger.hear(ann, event(1, 1)).entry->is_copy);
  EXPECT_TRUE(ledger.hear(ann, event(2, 1)).entry->is_copy);
  ledger.hear(bob, event(1, 1));
  EXPECT_TRUE(ledger.hear(bob, event(2, 1)).entry->is_copy);
}

TEST_F(LedgerTest, SwappedFramesAreOutOfOrder) {
  ledger.hear(ann, event(2, 2));
  EXPECT_FALSE(ledger.hear(ann, event(1, 1)).in_order);
}

TEST_F(LedgerTest, TwoOrdersAreNotOne) {
  ledger.hear(ann, event(1, 1));
  ledger.hear(ann, event(2, 2));
  const Ledger::Heard first = ledger.hear(bob, event(1, 2));
  EXPECT_FALSE(first.in_order);
  EXPECT_EQ(first.entry->hearers, 1u);
  EXPECT_FALSE(ledger.hear(bob, event(2, 1)).in_order);
}

TEST_F(LedgerTest, EventsOfOtherKindsHaveNoStamp) {
  wire::pb::Event joined;
  joined.set_seq(1);
  joined.mutable_joined();
  const std::string bytes = joined.SerializeAsString();
  const Ledger::Heard heard = ledger.hear(ann, base::as_bytes(bytes));
  ASSERT_TRUE(heard.entry);
  EXPECT_FALSE(heard.entry->stamp);
}

TEST_F(LedgerTest, NonsenseIsNoEvent) {
  EXPECT_FALSE(ledger.hear(ann, base::as_bytes("\xff\xff nonsense")).entry);
  EXPECT_FALSE(ledger.hear(ann, event(std::uint64_t{1} << 60, 1)).entry);
}

}  // namespace
}  // namespace confab::bench
