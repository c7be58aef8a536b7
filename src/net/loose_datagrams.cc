// SPDX-License-Identifier: MIT
#include "net/loose_datagrams.h"

#include <algorithm>

namespace confab::net {

void LooseDatagrams::push(const base::Path& path, base::ByteView bytes, std::uint8_t ecn) {
  if (waiting_.size() >= waiting_max) return;
  waiting_.push_back({path, base::Bytes(bytes.begin(), bytes.end()), ecn});
}

bool LooseDatagrams::flush(base::DatagramSink& sink) {
  while (!waiting_.empty()) {
    const std::span<std::uint8_t> buffer = sink.buffer();
    if (buffer.empty()) return false;
    const Loose& first = waiting_.front();
    std::ranges::copy(first.bytes, buffer.begin());
    sink.commit(first.path, first.ecn, first.bytes.size(), first.bytes.size());
    waiting_.pop_front();
  }
  return true;
}

}  // namespace confab::net
