// SPDX-License-Identifier: MIT
#include "net/second_copies.h"

#include <algorithm>

#include "net/copy_datagram.h"

namespace confab::net {

namespace {

constexpr base::Duration postponed_by = std::chrono::milliseconds(20);

}  // namespace

void SecondCopies::sent(const Stream& stream, std::uint64_t offset, std::size_t bytes, base::Instant now) {
  if (stream.sending.held_bytes() > backlog_bytes_max) return;
  savings_bytes_ = std::min(savings_bytes_ + bytes * (2 * copies_wanted_ + 1) / 2, savings_bytes_max);
  while (bytes > 0 && entries_.size() < entries_max) {
    const std::size_t size = std::min(bytes, piece_bytes_max);
    entries_.push_back({stream.id, offset, size, now, now + first_gap, 0, false, {}});
    offset += size;
    bytes -= size;
  }
}

base::Instant SecondCopies::due() const {
  const auto first = std::ranges::min_element(entries_, {}, &Entry::due);
  return first == entries_.end() ? base::never : first->due;
}

/// What the bound does not allow is left to ngtcp2.
base::Bytes SecondCopies::write(const Streams& streams, base::Instant until) {
  base::Bytes datagram;
  std::erase_if(entries_, [&](Entry& entry) {
    entry.in_datagram = false;
    if (entry.due > until) return false;
    if (datagram.size() + entry.bytes + piece_head_bytes_max > datagram_bytes_max_) return false;
    const Stream* stream = streams.find(entry.stream);
    if (stream == nullptr || datagram.size() + entry.bytes > savings_bytes_) return true;
    base::Bytes bytes(entry.bytes);
    if (!stream->sending.read(entry.offset, bytes)) return true;
    append_piece(datagram, {entry.stream, entry.offset, bytes});
    entry.in_datagram = true;
    return false;
  });
  return datagram;
}

void SecondCopies::copied(std::uint64_t datagram, base::Instant now) {
  for (Entry& entry : entries_) {
    if (!entry.in_datagram) continue;
    entry.in_datagram = false;
    entry.datagrams.push_back(datagram);
    savings_bytes_ -= std::min(savings_bytes_, entry.bytes);
    plan_next(entry, now);
  }
  std::erase_if(entries_, [this](const Entry& entry) { return entry.copies >= copies_wanted_ + probes_max; });
}

void SecondCopies::plan_next(Entry& entry, base::Instant now) const {
  ++entry.copies;
  const base::Duration patience = rtt_ + rtt_ / 4 + answer_slack;
  if (entry.copies < copies_wanted_) {
    entry.due = now + second_gap;
  } else if (entry.copies == copies_wanted_) {
    entry.due = std::max(entry.sent + patience, now + second_gap);
  } else {
    const unsigned probes = entry.copies - copies_wanted_;
    entry.due = now + patience * (probes + 1) / 2;
  }
}

void SecondCopies::postpone(base::Instant now) {
  for (Entry& entry : entries_) {
    if (entry.due <= now) entry.due = now + postponed_by;
  }
}

void SecondCopies::acknowledged(StreamId stream, std::uint64_t end) {
  std::erase_if(entries_,
                [&](const Entry& entry) { return entry.stream == stream && entry.offset + entry.bytes <= end; });
}

void SecondCopies::acknowledged(std::uint64_t datagram) {
  std::erase_if(entries_, [&](const Entry& entry) {
    return std::ranges::find(entry.datagrams, datagram) != entry.datagrams.end();
  });
}

void SecondCopies::forget(StreamId stream) {
  std::erase_if(entries_, [&](const Entry& entry) { return entry.stream == stream; });
}

}  // namespace confab::net
