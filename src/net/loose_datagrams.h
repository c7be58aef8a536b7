// SPDX-License-Identifier: MIT
// Datagrams that are sent once and forgotten: answers that belong to no connection, last words of those that ended.
#pragma once

#include <cstdint>
#include <deque>

#include "base/address.h"
#include "base/bytes.h"
#include "base/machine.h"

namespace confab::net {

class LooseDatagrams {
 public:
  /// Beyond this many waiting ones the new one is dropped: nobody relies on any of them.
  static constexpr std::size_t waiting_max = 256;

  void push(const base::Path& path, base::ByteView bytes, std::uint8_t ecn = 0);
  /// False where the sink was full before all were sent.
  bool flush(base::DatagramSink& sink);
  bool empty() const { return waiting_.empty(); }

 private:
  struct Loose {
    base::Path path;
    base::Bytes bytes;
    std::uint8_t ecn;
  };
  std::deque<Loose> waiting_;
};

}  // namespace confab::net
