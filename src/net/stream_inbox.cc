// SPDX-License-Identifier: MIT
#include "net/stream_inbox.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace confab::net {

std::uint64_t StreamInbox::arrived(std::uint64_t bytes) {
  arrived_ += bytes;
  return credit();
}

std::uint64_t StreamInbox::consumed(std::uint64_t bytes) {
  assert(bytes <= handed_ - consumed_);
  consumed_ += bytes;
  return credit();
}

std::uint64_t StreamInbox::credit() {
  const std::uint64_t due = std::min(consumed_, arrived_);
  return due - std::exchange(credited_, due);
}

void StreamInbox::close() {
  closed_ = true;
  ahead_.reset();
}

bool StreamInbox::is_too_far(std::uint64_t offset, std::size_t size) const {
  return offset + size > arrived_ + ahead_bytes_max;
}

void StreamInbox::keep(std::uint64_t offset, base::ByteView bytes) {
  if (!ahead_) ahead_ = std::make_unique<Ahead>();
  if (ahead_->bytes + bytes.size() > ahead_bytes_max || ahead_->pieces.size() >= ahead_pieces_max) return;
  base::Bytes& piece = ahead_->pieces[offset];
  if (piece.size() >= bytes.size()) return;
  ahead_->bytes += bytes.size() - piece.size();
  piece.assign(bytes.begin(), bytes.end());
}

std::optional<base::ByteView> StreamInbox::next_ahead() {
  while (ahead_ && !ahead_->pieces.empty() && ahead_->pieces.begin()->first <= handed_) {
    auto first = ahead_->pieces.extract(ahead_->pieces.begin());
    ahead_->bytes -= first.mapped().size();
    const std::uint64_t known = handed_ - first.key();
    if (known >= first.mapped().size()) continue;
    ahead_->next = std::move(first.mapped());
    return base::ByteView(ahead_->next).subspan(known);
  }
  if (ahead_ && ahead_->pieces.empty()) ahead_.reset();
  return std::nullopt;
}

}  // namespace confab::net
