// SPDX-License-Identifier: MIT
// Frames on a stream.
//
//   stream  := frame*
//   frame   := length body
//   length  := protobuf varint (base 128) of at most 5 bytes: 1 to limits::frame_bytes_max
//   body    := one protobuf message: Request | Reply | StreamHeader | Event, by the stream's kind
//
// An event's frame is made in two steps: its body is encoded once, without seq; when the store has given the seq, field
// 1 is put in front of the stored body. Protobuf reads the concatenation as one message.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>

#include "base/bytes.h"
#include "base/ids.h"
#include "confab/v1/control.pb.h"
#include "confab/v1/event.pb.h"

namespace confab::wire {

namespace pb = ::confab::v1;

/// One whole frame, ready for a stream. The message must fit limits::frame_bytes_max, and must not be empty: the
/// receiver takes no frame of length 0.
base::Bytes encode_frame(const google::protobuf::MessageLite& message);

/// The bytes of a DATAGRAM frame: the message alone.
base::Bytes encode_datagram(const pb::Hint& hint);

/// What the store keeps of an event: everything but seq (which is ignored here).
base::Bytes encode_event_body(const pb::Event& event);

/// Bytes that the frame of an event with a body of this size takes.
std::size_t event_frame_size(base::Seq seq, std::size_t body_size);

/// Fills `out`, which has event_frame_size() bytes, with the frame of the event that has this seq and stored body.
void write_event_frame(std::span<std::uint8_t> out, base::Seq seq, base::ByteView body);
/// The same behind what is in `out`.
void append_event_frame(base::Bytes& out, base::Seq seq, base::ByteView body);

/// The event of a stored body; nullopt for bytes that are none.
std::optional<pb::Event> decode_event(base::Seq seq, base::ByteView body);

/// False for bytes that are no such message, and for more than limits::frame_bytes_max of them. Unknown fields are kept
/// apart and ignored. The lite runtime does not look whether a `string` field is UTF-8: whoever keeps or shows one
/// cleans it first (base/text.h, wire/names.h).
bool decode(base::ByteView bytes, google::protobuf::MessageLite& message);

/// Cuts a stream's bytes into frames. After an error the stream is useless and so is the reader.
class FrameReader {
 public:
  enum class Error { too_long, bad_length };

  /// Takes the next bytes of the stream, cut anywhere. Frames that nobody asks for by next() pile up.
  void push(base::ByteView bytes);

  /// The next whole frame's body, valid until the next call of push() or next(); nullopt when more bytes are needed.
  /// What is held then is in proportion to the unfinished frame, which has limits::frame_bytes_max at most; nothing
  /// large is kept between frames.
  std::expected<std::optional<base::ByteView>, Error> next();

 private:
  // Lets go of what was handed out.
  void compact();

  base::Bytes buffer_;
  std::size_t begin_ = 0;  // of the bytes not yet handed out
};

}  // namespace confab::wire
