// SPDX-License-Identifier: MIT
// The receiving half of a stream: its bytes from wherever they come, to the owner in order, each once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>

#include "base/bytes.h"

namespace confab::net {

/// Bytes come from the stream itself, in order, and in second copies, as it happens. A copy that is next is handed over
/// at once; the same bytes, when the stream brings them, are dropped.
///
///   stream:  [ credited | arrived ]            what ngtcp2 has brought
///   owner:   [ consumed | handed  ] [ ahead ]  may be further, by copies
///
/// Credit for the peer (flow control) is given for what the owner has consumed and the stream has brought: a copy is
/// outside of flow control, and gives none by itself. So nothing is taken that is further than `ahead_bytes_max` beyond
/// what the stream has brought: else copies alone could fill the memory of an owner that does not consume.
class StreamInbox {
 public:
  /// Of copies that are not next yet, and how far any may be beyond what has arrived; the rest is left to the stream.
  static constexpr std::size_t ahead_bytes_max = 16 * 1024;
  /// A piece takes more memory than its bytes.
  static constexpr std::size_t ahead_pieces_max = 64;

  /// `hand` is called with what is next, in order; perhaps not at all. What the stream itself brings has arrived()
  /// first.
  template <typename Hand>
  void take(std::uint64_t offset, base::ByteView bytes, Hand hand) {
    if (is_too_far(offset, bytes.size())) return;
    if (offset > handed_) return keep(offset, bytes);
    const std::uint64_t known = handed_ - offset;
    if (known >= bytes.size()) return;
    give(bytes.subspan(known), hand);
    while (const auto next = next_ahead()) give(*next, hand);
  }

  /// The stream has brought so many bytes; the credit to be given for it.
  std::uint64_t arrived(std::uint64_t bytes);
  /// The owner is done with so many bytes; likewise.
  std::uint64_t consumed(std::uint64_t bytes);
  /// What the stream has brought without being given credit for it yet.
  std::uint64_t uncredited() const { return arrived_ - credited_; }

  /// The stream is at its end: no copy is taken any more.
  void close();
  bool closed() const { return closed_; }

 private:
  struct Ahead {
    std::map<std::uint64_t, base::Bytes> pieces;  // by offset; they may overlap
    std::size_t bytes = 0;                        // of all pieces
    base::Bytes next;                             // what next_ahead() has handed out
  };

  template <typename Hand>
  void give(base::ByteView bytes, Hand& hand) {
    handed_ += bytes.size();
    hand(bytes);
  }
  bool is_too_far(std::uint64_t offset, std::size_t size) const;
  void keep(std::uint64_t offset, base::ByteView bytes);
  // What is next of the bytes ahead, valid until the next call; what has become known of them is dropped.
  std::optional<base::ByteView> next_ahead();
  std::uint64_t credit();

  std::uint64_t handed_ = 0;
  std::uint64_t consumed_ = 0;
  std::uint64_t arrived_ = 0;
  std::uint64_t credited_ = 0;
  std::unique_ptr<Ahead> ahead_;  // only while there are any
  bool closed_ = false;
};

}  // namespace confab::net
