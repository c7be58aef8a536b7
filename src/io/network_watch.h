// SPDX-License-Identifier: MIT
// Learns from the kernel that this machine's addresses, routes or links have changed (Linux, rtnetlink(7)). A
// connection that rests on the old ones would find out by silence only.
#pragma once

#include <chrono>
#include <optional>
#include <utility>

#include "base/bytes.h"
#include "base/time.h"
#include "io/fd.h"

namespace confab::io {

/// Whether what a netlink socket brought, a row of messages, tells of a change that a connection may feel. A link
/// counts where it went up or down: a radio has other news every few seconds.
bool tells_of_network_change(base::ByteView messages);

/// Makes one event of a burst: a new network comes as a dozen messages, and the last of them brings the route.
class Debounce {
 public:
  static constexpr base::Duration quiet = std::chrono::milliseconds(100);
  /// Longer than this, a burst does not wait for its own end.
  static constexpr base::Duration patience = std::chrono::seconds(1);

  void note(base::Instant now);
  /// When it is over; `never`: nothing was noted.
  base::Instant due() const { return due_; }
  /// True once, when due() has come.
  bool take(base::Instant now);

 private:
  base::Instant due_ = base::never;
  base::Instant due_max_ = base::never;
};

/// Not thread-safe.
class NetworkWatch {
 public:
  /// nullopt where the system has no such thing, or does not let us have it.
  static std::optional<NetworkWatch> open();

  /// Readable when there is news.
  int fd() const { return fd_.get(); }
  /// Reads all there is; true where something has changed.
  bool read();

 private:
  explicit NetworkWatch(Fd fd) : fd_(std::move(fd)) {}

  Fd fd_;
};

}  // namespace confab::io
