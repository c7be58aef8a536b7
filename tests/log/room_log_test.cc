// SPDX-License-Identifier: MIT
#include "log/room_log.h"

#include <algorithm>
#include <limits>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "log/store_script.h"
#include "wire/framing.h"
#include "wire/limits.h"

namespace confab::log {
namespace {

base::Bytes frame(base::Seq seq, base::ByteView body) {
  base::Bytes bytes;
  wire::append_event_frame(bytes, seq, body);
  return bytes;
}

/// A body that differs from its neighbours'.
base::Bytes body_of(base::Seq seq, std::size_t size = 100) {
  base::Bytes body(size, static_cast<std::uint8_t>(seq));
  std::ranges::copy(base::as_bytes(std::to_string(seq)).first(std::min(size, std::to_string(seq).size())),
                    body.begin());
  return body;
}

/// The log's writer and one that reads it, told of each event at once.
class ReadLog {
 public:
  explicit ReadLog(base::Seq end_seq = 0, std::size_t bytes_max = RoomLog::bytes_max_default)
      : log_(end_seq, bytes_max), tail_(end_seq) {}

  void append(base::Seq seq, base::ByteView body) {
    log_.append(seq, body);
    tell();
  }
  void tell() {
    for (Growth& growth : log_.take_growth()) tail_.grow(std::move(growth));
    EXPECT_EQ(tail_.end_seq(), log_.end_seq());
    EXPECT_EQ(tail_.first_seq(), log_.first_seq());
  }
  base::Seq end_seq() const { return tail_.end_seq(); }
  base::Seq first_seq() const { return tail_.first_seq(); }
  std::size_t memory_bytes() const { return log_.memory_bytes(); }
  RoomTail::Slice slice(base::Seq from, std::size_t bytes_max) const { return tail_.slice(from, bytes_max); }
  RoomLog& writer() { return log_; }

 private:
  RoomLog log_;
  RoomTail tail_;
};

void grow(ReadLog& log, int count, std::size_t size = 100) {
  for (int i = 0; i < count; ++i) log.append(log.end_seq() + 1, body_of(log.end_seq() + 1, size));
}

base::Bytes bytes_of(const RoomTail::Slice& slice) { return {slice.bytes.view.begin(), slice.bytes.view.end()}; }

/// What slices must show: events `from` to `to`, framed.
base::Bytes frames(base::Seq from, base::Seq to, std::size_t size = 100) {
  base::Bytes all;
  for (base::Seq seq = from; seq <= to; ++seq) wire::append_event_frame(all, seq, body_of(seq, size));
  return all;
}

/// Reads from `from` to the end in slices of at most `bytes_max`.
base::Bytes read_all(const ReadLog& log, base::Seq from, std::size_t bytes_max = no_limit) {
  base::Bytes all;
  while (from <= log.end_seq()) {
    const RoomTail::Slice slice = log.slice(from, bytes_max);
    EXPECT_GT(slice.next_seq, from);
    all.insert(all.end(), slice.bytes.view.begin(), slice.bytes.view.end());
    from = slice.next_seq;
  }
  return all;
}

TEST(RoomLog, StartsEmptyAndCostsNothing) {
  const ReadLog log;
  EXPECT_EQ(log.end_seq(), 0U);
  EXPECT_EQ(log.first_seq(), 1U);
  EXPECT_EQ(log.memory_bytes(), 0U);
  EXPECT_TRUE(log.slice(1, 1000).bytes.view.empty());
  EXPECT_EQ(log.slice(1, 1000).next_seq, 1U);
}

TEST(RoomLog, GoesOnBehindWhatTheStoreHas) {
  ReadLog log(41);
  EXPECT_EQ(log.end_seq(), 41U);
  EXPECT_EQ(log.first_seq(), 42U);
  log.append(42, body_of(42));
  log.append(43, body_of(43));
  EXPECT_EQ(log.end_seq(), 43U);
  EXPECT_EQ(log.first_seq(), 42U);
  EXPECT_EQ(bytes_of(log.slice(42, no_limit)), frames(42, 43));
  EXPECT_EQ(log.slice(42, no_limit).next_seq, 44U);
  EXPECT_TRUE(log.slice(44, no_limit).bytes.view.empty()) << "caught up";
  EXPECT_TRUE(log.slice(99, no_limit).bytes.view.empty());
}

TEST(RoomLog, ShowsEveryReaderTheSameMemory) {
  ReadLog log;
  grow(log, 5);
  const RoomTail::Slice ann = log.slice(2, no_limit);
  const RoomTail::Slice bob = log.slice(2, no_limit);
  EXPECT_EQ(ann.bytes.view.data(), bob.bytes.view.data());
  EXPECT_EQ(ann.bytes.owner, bob.bytes.owner);
}

TEST(RoomLog, KeepsSlicesInPlaceWhileItGrows) {
  ReadLog log;
  grow(log, 1);
  const RoomTail::Slice early = log.slice(1, no_limit);
  const std::uint8_t* const place = early.bytes.view.data();
  grow(log, 2000);
  EXPECT_EQ(log.slice(1, 1).bytes.view.data(), place);
  EXPECT_EQ(bytes_of(early), frames(1, 1));
}

TEST(RoomLog, KeepsSlicesAliveThatItHasDropped) {
  ReadLog log(0, 16 * 1024);
  grow(log, 10);
  const RoomTail::Slice early = log.slice(1, no_limit);
  grow(log, 2000);
  ASSERT_GT(log.first_seq(), 11U);
  EXPECT_EQ(bytes_of(early), frames(1, 10));

  // The last holder frees it.
  const std::weak_ptr<const void> owner = early.bytes.owner;
  const_cast<RoomTail::Slice&>(early) = {};
  EXPECT_TRUE(owner.expired());
}

TEST(RoomLog, KeepsSlicesAliveAfterItsOwnEnd) {
  RoomTail::Slice slice;
  {
    ReadLog log;
    grow(log, 3);
    slice = log.slice(2, no_limit);
  }
  EXPECT_EQ(bytes_of(slice), frames(2, 3));
}

TEST(RoomLog, CutsOnlyBetweenFrames) {
  ReadLog log;
  grow(log, 10);
  const std::size_t one = frames(1, 1).size();
  EXPECT_EQ(bytes_of(log.slice(3, 2 * one)), frames(3, 4));
  EXPECT_EQ(bytes_of(log.slice(3, 3 * one - 1)), frames(3, 4));
  EXPECT_EQ(log.slice(3, 3 * one - 1).next_seq, 5U);
  EXPECT_EQ(bytes_of(log.slice(3, 0)), frames(3, 3)) << "at least one";
  EXPECT_EQ(bytes_of(log.slice(9, no_limit)), frames(9, 10));
}

TEST(RoomLog, ReadsTheSameWhereverReadersCut) {
  ReadLog log;
  grow(log, 3000);
  ASSERT_EQ(log.first_seq(), 1U);
  for (std::size_t bytes_max : {std::size_t{1}, std::size_t{1200}, std::size_t{10'000}, no_limit}) {
    EXPECT_EQ(read_all(log, 1, bytes_max), frames(1, 3000)) << bytes_max;
  }
  for (base::Seq from : {2U, 37U, 1499U, 2999U, 3000U}) EXPECT_EQ(read_all(log, from), frames(from, 3000)) << from;
}

TEST(RoomLog, HoldsFramesLargerThanASegment) {
  constexpr std::size_t seq_bytes = 2;
  constexpr std::size_t largest = wire::limits::frame_bytes_max - seq_bytes;
  ReadLog log;
  grow(log, 1);
  grow(log, 3, largest);
  grow(log, 1);
  EXPECT_EQ(log.slice(2, no_limit).next_seq, 3U) << "nothing fits behind it";
  EXPECT_EQ(bytes_of(log.slice(2, 1)), frames(2, 2, largest));
  EXPECT_EQ(bytes_of(log.slice(4, 1)), frames(4, 4, largest));
  EXPECT_EQ(bytes_of(log.slice(5, no_limit)), frames(5, 5));
  EXPECT_EQ(log.first_seq(), 1U);
}

TEST(RoomLog, HoldsEmptyBodies) {
  ReadLog log;
  log.append(1, {});
  log.append(2, {});
  EXPECT_EQ(bytes_of(log.slice(2, no_limit)), frame(2, {}));
}

TEST(RoomLog, StaysWithinItsBudgetAndKeepsTheNewest) {
  constexpr std::size_t budget = 100'000;
  const std::size_t frame_size = frame(1000, body_of(1000)).size();
  ReadLog log(999, budget);
  for (int i = 0; i < 5000; ++i) {
    grow(log, 1);
    ASSERT_LE(log.memory_bytes(), budget);
    const std::size_t used = (log.end_seq() - log.first_seq() + 1) * frame_size;
    ASSERT_LE(used, log.memory_bytes());
    // It drops a small part at a time: once it has begun, over half of the budget stays in use.
    if (log.first_seq() > 1000) {
      ASSERT_GT(used, budget / 2);
    }
  }
  EXPECT_EQ(log.end_seq(), 5999U);
  EXPECT_EQ(read_all(log, log.first_seq()), frames(log.first_seq(), 5999));
}

TEST(RoomLog, KeepsTheNewestEventWhateverItsSize) {
  ReadLog log(0, 10'000);
  grow(log, 20);
  grow(log, 1, 60 * 1024);
  EXPECT_EQ(log.first_seq(), 21U);
  EXPECT_EQ(bytes_of(log.slice(21, 1)), frames(21, 21, 60 * 1024));
  grow(log, 1);
  EXPECT_EQ(log.first_seq(), 22U) << "the large one goes as soon as it may";
}

TEST(RoomLog, CostsAQuietRoomLittle) {
  ReadLog log;
  grow(log, 20);
  EXPECT_LE(log.memory_bytes(), 5000U);
  grow(log, 180);
  EXPECT_LE(log.memory_bytes(), 40'000U);
}

TEST(RoomLog, DiesOfAGapAndOfWhatItNoLongerHas) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  ReadLog log(5);
  EXPECT_DEATH(log.append(7, body_of(7)), "end_seq_ \\+ 1");
  EXPECT_DEATH(log.slice(5, 1), "first_seq");
}

TEST(RoomTail, HearsLateAndAllAtOnce) {
  ReadLog log(0, 64 * 1024);
  grow(log, 10);
  RoomLog& writer = log.writer();
  for (base::Seq seq = 11; seq <= 900; ++seq) writer.append(seq, body_of(seq));
  EXPECT_EQ(log.end_seq(), 10U) << "nobody has told it";
  EXPECT_EQ(read_all(log, 1), frames(1, 10)) << "what it knows stays as it was";
  log.tell();
  ASSERT_GT(log.first_seq(), 11U) << "some were written and dropped before it heard of them";
  EXPECT_EQ(read_all(log, log.first_seq()), frames(log.first_seq(), 900));
}

TEST(RoomTail, ForgetsWithItsLog) {
  ReadLog log;
  grow(log, 10);
  const std::weak_ptr<const void> memory = log.slice(1, no_limit).bytes.owner;
  log.writer().append(11, body_of(11));
  log.writer().forget();
  log.tell();
  EXPECT_EQ(log.end_seq(), 11U);
  EXPECT_EQ(log.first_seq(), 12U);
  EXPECT_TRUE(memory.expired());
  grow(log, 2);
  EXPECT_EQ(read_all(log, 12), frames(12, 13));
}

TEST(FrameRecords, MakesTheBytesThatTheLogWouldHold) {
  ReadLog log(6);
  std::vector<Record> records;
  for (base::Seq seq = 7; seq <= 9; ++seq) {
    log.append(seq, body_of(seq));
    records.push_back({.seq = seq, .body = body_of(seq)});
  }
  const base::SharedBytes framed = frame_records(records);
  EXPECT_TRUE(std::ranges::equal(framed.view, log.slice(7, no_limit).bytes.view));
  EXPECT_TRUE(frame_records({}).view.empty());
}

TEST(FrameRecords, ReadsBackAsEvents) {
  wire::pb::Event event;
  event.set_name("Hilmi");
  event.mutable_message()->set_text("Hii");
  const base::SharedBytes framed =
      frame_records(std::vector<Record>{{.seq = 300, .body = wire::encode_event_body(event)}});
  wire::FrameReader reader;
  reader.push(framed.view);
  const auto next = reader.next();
  ASSERT_TRUE(next && *next);
  wire::pb::Event read_back;
  ASSERT_TRUE(wire::decode(**next, read_back));
  EXPECT_EQ(read_back.seq(), 300U);
  EXPECT_EQ(read_back.message().text(), "Hii");
}

}  // namespace
}  // namespace confab::log
