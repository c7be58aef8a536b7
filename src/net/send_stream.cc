// SPDX-License-Identifier: MIT
#include "net/send_stream.h"

#include <algorithm>
#include <cassert>

namespace confab::net {

namespace {

/// Dropped chunks at the front of the array that are cleared away only together.
constexpr std::size_t dropped_max = 32;

/// `next` continues `last` in the same memory: slices of one segment of a log do.
bool adjacent(const base::SharedBytes& last, const base::SharedBytes& next) {
  return last.owner == next.owner && last.view.data() + last.view.size() == next.view.data();
}

}  // namespace

void SendStream::push(base::SharedBytes bytes) {
  if (!open() || bytes.view.empty()) return;
  unsent_bytes_ += bytes.view.size();
  if (first_ < chunks_.size() && adjacent(chunks_.back(), bytes)) {
    base::ByteView& last = chunks_.back().view;
    last = {last.data(), last.size() + bytes.view.size()};
  } else {
    chunks_.push_back(std::move(bytes));
  }
}

void SendStream::abandon() {
  // What was sent stays: ngtcp2 may look at it until the stream is closed.
  if (current_ < chunks_.size()) {
    chunks_.resize(current_ + 1);
    chunks_.back().view = chunks_.back().view.first(offset_);
  }
  unsent_bytes_ = 0;
  if (fin_ == Fin::queued) fin_ = Fin::none;
  abandoned_ = true;
}

SendStream::Batch SendStream::next(std::size_t bytes_wanted) const {
  Batch batch;
  std::size_t offset = offset_;
  for (std::size_t i = current_; i < chunks_.size(); ++i, offset = 0) {
    if (batch.count == batch.vectors.size() || batch.bytes >= bytes_wanted) break;
    const base::ByteView rest = chunks_[i].view.subspan(offset);
    if (rest.empty()) continue;
    // ngtcp2 takes its input by non-const pointer and does not write to it.
    batch.vectors[batch.count++] = {const_cast<std::uint8_t*>(rest.data()), rest.size()};
    batch.bytes += rest.size();
  }
  batch.fin = fin_ == Fin::queued && batch.bytes == unsent_bytes_;
  return batch;
}

void SendStream::sent(std::size_t bytes, bool fin) {
  assert(bytes <= unsent_bytes_);
  unsent_bytes_ -= bytes;
  sent_bytes_ += bytes;
  unacknowledged_bytes_ += bytes + (fin ? 1 : 0);
  while (bytes > 0) {
    const std::size_t rest = chunks_[current_].view.size() - offset_;
    if (rest == 0) {
      ++current_;
      offset_ = 0;
      continue;
    }
    const std::size_t step = std::min(bytes, rest);
    offset_ += step;
    bytes -= step;
  }
  if (fin) fin_ = Fin::sent;
}

bool SendStream::read(std::uint64_t offset, std::span<std::uint8_t> out) const {
  if (offset < acknowledged_bytes_ || offset + out.size() > sent_bytes_) return false;
  // From the first chunk's beginning, which is where `acknowledged_` counts from.
  std::size_t skipped = static_cast<std::size_t>(offset - acknowledged_bytes_) + acknowledged_;
  for (std::size_t i = first_; i < chunks_.size(); ++i) {
    const base::ByteView chunk = chunks_[i].view;
    const base::ByteView rest = chunk.subspan(std::min(skipped, chunk.size()));
    skipped -= chunk.size() - rest.size();
    const base::ByteView part = rest.first(std::min(rest.size(), out.size()));
    std::ranges::copy(part, out.begin());
    out = out.subspan(part.size());
    if (out.empty()) break;
  }
  return true;
}

void SendStream::acknowledged(std::size_t bytes) {
  unacknowledged_bytes_ -= bytes;
  acknowledged_ += bytes;
  acknowledged_bytes_ += bytes;
  while (first_ < chunks_.size() && acknowledged_ >= chunks_[first_].view.size()) {
    acknowledged_ -= chunks_[first_].view.size();
    drop_first();
  }
}

/// An array that is emptied is used again without being allocated; one that had to grow for a burst is not kept.
void SendStream::drop_first() {
  if (current_ == first_) {
    ++current_;
    offset_ = 0;
  }
  chunks_[first_++] = {};
  if (first_ < chunks_.size() && first_ < dropped_max) return;
  chunks_.erase(chunks_.begin(), chunks_.begin() + static_cast<std::ptrdiff_t>(first_));
  current_ -= first_;
  first_ = 0;
  if (chunks_.empty() && chunks_.capacity() > dropped_max) chunks_.shrink_to_fit();
}

}  // namespace confab::net
