// SPDX-License-Identifier: MIT
#include "wire/framing.h"

#include <algorithm>
#include <cassert>

#include "wire/limits.h"

namespace confab::wire {

namespace {

/// Protobuf reports hostile bytes on stderr by itself; what is wrong with them is ours to say, or to count.
[[maybe_unused]] const bool protobuf_is_quiet = (google::protobuf::SetLogHandler(nullptr), true);

// Five bytes hold 35 bits, far more than any length that is taken; a longer one is an attempt at something.
constexpr std::size_t length_bytes_max = 5;

// Event.seq as it stands in a frame: field 1, wire type varint.
constexpr std::uint8_t seq_tag = 1 << 3 | 0;

// What an idle reader may keep allocated, so that short frames need no new memory each.
constexpr std::size_t idle_bytes_max = 4096;

std::size_t varint_size(std::uint64_t value) {
  std::size_t size = 1;
  for (; value >= 0x80; value >>= 7) ++size;
  return size;
}

/// Answers the place behind it.
std::uint8_t* write_varint(std::uint8_t* out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) *out++ = static_cast<std::uint8_t>(value | 0x80);
  *out++ = static_cast<std::uint8_t>(value);
  return out;
}

void append_varint(base::Bytes& out, std::uint64_t value) {
  const std::size_t begin = out.size();
  out.resize(begin + varint_size(value));
  write_varint(out.data() + begin, value);
}

void append_message(base::Bytes& out, const google::protobuf::MessageLite& message, std::size_t size) {
  const std::size_t begin = out.size();
  out.resize(begin + size);
  message.SerializeWithCachedSizesToArray(out.data() + begin);
}

base::Bytes encode(const google::protobuf::MessageLite& message) {
  base::Bytes out;
  append_message(out, message, message.ByteSizeLong());
  return out;
}

struct Length {
  std::size_t value;
  std::size_t size;  // bytes it takes in the stream
};

// nullopt: the length itself is not all there yet.
std::expected<std::optional<Length>, FrameReader::Error> read_length(base::ByteView bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < length_bytes_max; ++i) {
    if (i == bytes.size()) return std::nullopt;
    value |= std::uint64_t{bytes[i] & 0x7FU} << (7 * i);
    if (bytes[i] >= 0x80) continue;
    if (value == 0) return std::unexpected(FrameReader::Error::bad_length);
    if (value > limits::frame_bytes_max) return std::unexpected(FrameReader::Error::too_long);
    return Length{value, i + 1};
  }
  return std::unexpected(FrameReader::Error::bad_length);
}

}  // namespace

base::Bytes encode_frame(const google::protobuf::MessageLite& message) {
  const std::size_t size = message.ByteSizeLong();
  assert(size > 0 && size <= limits::frame_bytes_max);
  base::Bytes out;
  out.reserve(varint_size(size) + size);
  append_varint(out, size);
  append_message(out, message, size);
  return out;
}

base::Bytes encode_datagram(const pb::Hint& hint) { return encode(hint); }

base::Bytes encode_event_body(const pb::Event& event) {
  if (event.seq() == 0) return encode(event);
  pb::Event body = event;
  body.clear_seq();
  return encode(body);
}

std::size_t event_frame_size(base::Seq seq, std::size_t body_size) {
  const std::size_t size = sizeof seq_tag + varint_size(seq) + body_size;
  return varint_size(size) + size;
}

void write_event_frame(std::span<std::uint8_t> out, base::Seq seq, base::ByteView body) {
  const std::size_t size = sizeof seq_tag + varint_size(seq) + body.size();
  assert(seq > 0 && size <= limits::frame_bytes_max && out.size() == event_frame_size(seq, body.size()));
  std::uint8_t* at = write_varint(out.data(), size);
  *at++ = seq_tag;
  std::copy_n(body.data(), body.size(), write_varint(at, seq));  // one move; std::ranges::copy goes byte by byte here
}

void append_event_frame(base::Bytes& out, base::Seq seq, base::ByteView body) {
  const std::size_t begin = out.size();
  out.resize(begin + event_frame_size(seq, body.size()));
  write_event_frame(std::span(out).subspan(begin), seq, body);
}

std::optional<pb::Event> decode_event(base::Seq seq, base::ByteView body) {
  std::optional<pb::Event> event(std::in_place);
  if (!decode(body, *event)) return std::nullopt;
  event->set_seq(seq);
  return event;
}

bool decode(base::ByteView bytes, google::protobuf::MessageLite& message) {
  if (bytes.size() > limits::frame_bytes_max) return false;
  return message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
}

void FrameReader::push(base::ByteView bytes) {
  compact();
  buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
}

std::expected<std::optional<base::ByteView>, FrameReader::Error> FrameReader::next() {
  const base::ByteView rest = base::ByteView(buffer_).subspan(begin_);
  const auto length = read_length(rest);
  if (!length) return std::unexpected(length.error());
  if (!*length || rest.size() - (*length)->size < (*length)->value) {
    compact();
    return std::nullopt;
  }
  begin_ += (*length)->size + (*length)->value;
  return rest.subspan((*length)->size, (*length)->value);
}

void FrameReader::compact() {
  // Moves no more bytes than were handed out since the last time: however a peer cuts its stream, the work stays
  // linear.
  if (begin_ < buffer_.size() - begin_) return;
  buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(begin_));
  begin_ = 0;
  // A hundred thousand idle readers must not each keep what their largest frame once took.
  if (buffer_.capacity() > idle_bytes_max && buffer_.capacity() / 4 > buffer_.size()) buffer_.shrink_to_fit();
}

}  // namespace confab::wire
