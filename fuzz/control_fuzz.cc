// SPDX-License-Identifier: MIT
// Any bytes as each message of the protocol: what is read once reads the same after it was written again.
#undef NDEBUG
#include <cassert>

#include "wire/framing.h"

using namespace confab;

namespace {

template <typename Message>
void round_trip(base::ByteView bytes) {
  Message message;
  if (!wire::decode(bytes, message)) return;
  const std::string written = message.SerializeAsString();
  Message again;
  assert(wire::decode(base::as_bytes(written), again));
  assert(again.SerializeAsString() == written);
}

// A stored body and its seq make a frame that reads as the event itself.
void framed_event(base::ByteView bytes) {
  const auto event = wire::decode_event(300, bytes);
  if (!event) return;
  const base::Bytes body = wire::encode_event_body(*event);
  base::Bytes frame;
  wire::append_event_frame(frame, 300, body);
  assert(frame.size() == wire::event_frame_size(300, body.size()));
  wire::FrameReader reader;
  reader.push(frame);
  wire::pb::Event read;
  assert(wire::decode(reader.next().value().value(), read));
  assert(read.SerializeAsString() == event->SerializeAsString());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const base::ByteView bytes(data, size);
  round_trip<wire::pb::Request>(bytes);
  round_trip<wire::pb::Reply>(bytes);
  round_trip<wire::pb::StreamHeader>(bytes);
  round_trip<wire::pb::Hint>(bytes);
  round_trip<wire::pb::Event>(bytes);
  framed_event(bytes);
  return 0;
}
