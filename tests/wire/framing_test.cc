// SPDX-License-Identifier: MIT
#include "wire/framing.h"

#include <span>

#include <gtest/gtest.h>

#include "base/random.h"
#include "wire/limits.h"

namespace confab::wire {
namespace {

using base::Bytes;
using Error = FrameReader::Error;

pb::Request send_request(std::uint64_t tag, std::string text) {
  pb::Request request;
  request.set_tag(tag);
  request.mutable_send()->set_room("lobby");
  request.mutable_send()->mutable_message()->set_text(std::move(text));
  return request;
}

pb::Event message_event(std::string text) {
  pb::Event event;
  event.set_time_ms(1'700'000'000'000);
  event.set_name("Hilmi");
  event.mutable_message()->set_text(std::move(text));
  return event;
}

// A frame whose body is `size` bytes of 'x', with its length in the shortest form.
Bytes raw_frame(std::size_t size) {
  Bytes frame;
  std::size_t rest = size;
  for (; rest >= 0x80; rest >>= 7) frame.push_back(static_cast<std::uint8_t>(rest | 0x80));
  frame.push_back(static_cast<std::uint8_t>(rest));
  frame.insert(frame.end(), size, 'x');
  return frame;
}

// What the reader says, in short: "more", "too_long", "bad_length" or the body's size.
std::string said(const std::expected<std::optional<base::ByteView>, Error>& next) {
  if (!next) return next.error() == Error::too_long ? "too_long" : "bad_length";
  return *next ? std::to_string((*next)->size()) : "more";
}

std::string said_of(const Bytes& stream) {
  FrameReader reader;
  reader.push(stream);
  return said(reader.next());
}

TEST(Framing, FrameIsLengthAndMessage) {
  pb::Request request;
  request.set_tag(7);
  EXPECT_EQ(encode_frame(request), (Bytes{2, 0x08, 7}));
}

TEST(Framing, RequestComesBackFromItsFrame) {
  const pb::Request request = send_request(9, std::string(300, 'a'));
  FrameReader reader;
  reader.push(encode_frame(request));
  const auto body = reader.next();
  ASSERT_TRUE(body && *body);
  pb::Request read;
  ASSERT_TRUE(decode(**body, read));
  EXPECT_EQ(read.SerializeAsString(), request.SerializeAsString());
  EXPECT_EQ(said(reader.next()), "more");
}

TEST(Framing, LargestMessageFitsAFrame) {
  const pb::Request request = send_request(1, std::string(limits::message_bytes_max, 'a'));
  EXPECT_LE(encode_frame(request).size(), limits::frame_bytes_max);
}

TEST(Framing, EmptyOrOverlongMessageIsOurOwnMistake) {
  EXPECT_DEATH(encode_frame(pb::Request()), "size > 0");
  EXPECT_DEATH(encode_frame(send_request(1, std::string(limits::frame_bytes_max, 'a'))), "frame_bytes_max");
  Bytes out;
  EXPECT_DEATH(append_event_frame(out, 0, base::as_bytes("x")), "seq > 0");
}

TEST(Framing, EventFrameIsSeqBeforeTheStoredBody) {
  const pb::Event event = message_event("Hii");
  const Bytes body = encode_event_body(event);
  for (const base::Seq seq : {base::Seq{1}, base::Seq{127}, base::Seq{128}, base::Seq{1} << 40, ~base::Seq{0}}) {
    Bytes frame{0xAA};  // what stood in `out` before stays
    append_event_frame(frame, seq, body);
    EXPECT_EQ(frame.size() - 1, event_frame_size(seq, body.size()));

    pb::Event whole = event;
    whole.set_seq(seq);
    EXPECT_EQ(Bytes(frame.begin() + 1, frame.end()), encode_frame(whole)) << seq;
  }
}

TEST(Framing, StoredBodyHasNoSeq) {
  pb::Event numbered = message_event("Hii");
  const Bytes body = encode_event_body(numbered);
  numbered.set_seq(99);
  EXPECT_EQ(encode_event_body(numbered), body);
  EXPECT_EQ(numbered.seq(), 99U);
}

TEST(Framing, DecodedEventHasTheSeqItIsGiven) {
  const auto event = decode_event(5, encode_event_body(message_event("Hii")));
  ASSERT_TRUE(event);
  EXPECT_EQ(event->seq(), 5U);
  EXPECT_EQ(event->message().text(), "Hii");
  EXPECT_FALSE(decode_event(5, base::as_bytes("\xFF\xFF")));
}

TEST(Framing, DecodeTakesNoGarbageAndNoMoreThanAFrame) {
  pb::Request request;
  EXPECT_FALSE(decode(Bytes{0x0A}, request));  // a field without its length
  const Bytes unknown_field{0xFA, 0x07, 0x01, 'x'};
  EXPECT_TRUE(decode(unknown_field, request));
  Bytes huge = raw_frame(limits::frame_bytes_max);
  huge.insert(huge.begin(), {0xFA, 0x07});  // field 127, well-formed but for its size
  EXPECT_FALSE(decode(huge, request));
}

TEST(Framing, DecodeRefusesNestingWithoutEnd) {
  // Unknown groups within groups: what a parser that recurses without a limit dies of.
  const Bytes groups(limits::frame_bytes_max, 0x7B);
  pb::Event event;
  EXPECT_FALSE(decode(groups, event));
}

TEST(FrameReader, TakesFramesCutAnywhere) {
  Bytes stream;
  const std::vector<std::size_t> sizes{1, 127, 128, 300, limits::frame_bytes_max, 1};
  for (const std::size_t size : sizes) {
    const Bytes frame = raw_frame(size);
    stream.insert(stream.end(), frame.begin(), frame.end());
  }
  base::SeededRandom random(1);
  for (int round = 0; round < 50; ++round) {
    FrameReader reader;
    std::vector<std::size_t> read;
    for (std::span rest(stream); !rest.empty();) {
      const std::size_t count = std::min<std::size_t>(rest.size(), 1 + random.below(round < 25 ? 7 : 70'000));
      reader.push(rest.first(count));
      rest = rest.subspan(count);
      for (auto body = reader.next(); body.value(); body = reader.next()) read.push_back((**body).size());
    }
    ASSERT_EQ(read, sizes);
  }
}

TEST(FrameReader, BodyStaysInPlaceUntilTheNextCall) {
  FrameReader reader;
  Bytes stream = raw_frame(3);
  stream.insert(stream.end(), {2, 'a', 'b'});
  reader.push(stream);
  EXPECT_EQ(base::as_text(reader.next().value().value()), "xxx");
  EXPECT_EQ(base::as_text(reader.next().value().value()), "ab");
}

TEST(FrameReader, AnswersMoreThanOneNextAPush) {
  // A caller that takes only one frame a push still gets every frame, in order.
  FrameReader reader;
  for (std::uint8_t i = 0; i < 200; ++i) {
    reader.push(Bytes{1, i});
    reader.push(Bytes{1, i});
    EXPECT_EQ(reader.next().value().value()[0], i / 2);
  }
}

TEST(FrameReader, LengthsAtTheLimit) {
  EXPECT_EQ(said_of(raw_frame(limits::frame_bytes_max)), std::to_string(limits::frame_bytes_max));
  EXPECT_EQ(said_of(raw_frame(limits::frame_bytes_max + 1)), "too_long");
}

TEST(FrameReader, OverlongAnnouncementIsRefusedBeforeItsBodyComes) {
  EXPECT_EQ(said_of(Bytes{0xFF, 0xFF, 0xFF, 0xFF, 0x0F}), "too_long");
}

TEST(FrameReader, LengthNeedNotBeInShortestForm) { EXPECT_EQ(said_of(Bytes{0x81, 0x80, 0x80, 0x80, 0x00, 'x'}), "1"); }

TEST(FrameReader, BadLengths) {
  EXPECT_EQ(said_of(Bytes{0}), "bad_length");
  EXPECT_EQ(said_of(Bytes{0x80, 0x00}), "bad_length");
  EXPECT_EQ(said_of(Bytes{0x81, 0x80, 0x80, 0x80, 0x80, 0x00}), "bad_length");
  EXPECT_EQ(said_of(Bytes{0xFF, 0xFF, 0xFF, 0xFF, 0xFF}), "bad_length");
}

TEST(FrameReader, UnfinishedLengthWaits) {
  EXPECT_EQ(said_of(Bytes{}), "more");
  EXPECT_EQ(said_of(Bytes{0x80, 0x80, 0x80, 0x80}), "more");
  EXPECT_EQ(said_of(Bytes{3, 'x', 'x'}), "more");
}

TEST(FrameReader, AnErrorStays) {
  FrameReader reader;
  reader.push(Bytes{0});
  EXPECT_EQ(said(reader.next()), "bad_length");
  reader.push(Bytes{1, 'x'});
  EXPECT_EQ(said(reader.next()), "bad_length");
}

// 1.5 million bytes one at a time: a second of work, or a minute if each push moved what is held.
TEST(FrameReader, BytesOneAtATimeCostNoMore) {
  FrameReader reader;
  const Bytes large = raw_frame(limits::frame_bytes_max);
  const Bytes small = raw_frame(1);
  std::size_t frames = 0;
  const auto feed = [&](const Bytes& frame) {
    for (const std::uint8_t& byte : frame) {
      reader.push({&byte, 1});
      frames += reader.next().value() ? 1 : 0;
    }
  };
  for (int i = 0; i < 20; ++i) feed(large);
  for (int i = 0; i < 100'000; ++i) feed(small);
  EXPECT_EQ(frames, 100'020U);
}

// A caller that stops reading for a while must not pay for what waits with each frame that it takes.
TEST(FrameReader, WaitingFramesAreNotMovedForEachOneTaken) {
  FrameReader reader;
  for (int i = 0; i < 1000; ++i) reader.push(Bytes{1, 'x'});
  const std::uint8_t* const first = reader.next().value().value().data();
  reader.push(Bytes{1, 'x'});
  EXPECT_EQ(reader.next().value().value().data(), first + 2);
}

TEST(FrameReader, ManyFramesInOnePushCostNoMore) {
  Bytes stream;
  for (int i = 0; i < 200'000; ++i) stream.insert(stream.end(), {1, 'x'});
  FrameReader reader;
  reader.push(stream);
  std::size_t frames = 0;
  while (reader.next().value()) ++frames;
  EXPECT_EQ(frames, 200'000U);
}

}  // namespace
}  // namespace confab::wire
