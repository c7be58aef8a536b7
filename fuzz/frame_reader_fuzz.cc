// SPDX-License-Identifier: MIT
// However a stream is cut into pushes, the same frames come out, and the same error. The first byte seeds the cuts.
#undef NDEBUG
#include <cassert>

#include "base/random.h"
#include "wire/framing.h"
#include "wire/limits.h"

using namespace confab;

namespace {

struct Outcome {
  std::vector<base::Bytes> frames;
  std::optional<wire::FrameReader::Error> error;
  bool operator==(const Outcome&) const = default;
};

void drain(wire::FrameReader& reader, Outcome& outcome) {
  auto next = reader.next();
  for (; next && *next; next = reader.next()) {
    assert(!(*next)->empty() && (*next)->size() <= wire::limits::frame_bytes_max);
    outcome.frames.emplace_back((*next)->begin(), (*next)->end());
  }
  if (!next) outcome.error = next.error();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  base::SeededRandom random(data[0]);
  const base::ByteView stream(data + 1, size - 1);

  wire::FrameReader at_once;
  Outcome expected;
  at_once.push(stream);
  drain(at_once, expected);

  wire::FrameReader in_pieces;
  Outcome outcome;
  for (base::ByteView rest = stream; !rest.empty();) {
    const std::size_t count = std::min<std::size_t>(rest.size(), 1 + random.below(16));
    in_pieces.push(rest.first(count));
    rest = rest.subspan(count);
    drain(in_pieces, outcome);
  }
  assert(outcome == expected);
  return 0;
}
