// SPDX-License-Identifier: MIT
// How far the user has read, told to the server for her other devices. A person scrolls faster than a network answers,
// a room may talk faster still, and only the last place counts: of a room one marker is under way at a time, the next
// goes out a while after it, and the newest wins.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "base/ids.h"
#include "base/time.h"
#include "confab/types.h"

namespace confab::client {

/// Not thread-safe. Invariant: what next() answers is higher than all that the server is known to know.
class ReadMarkers {
 public:
  /// Of one room not more often than this: each marker goes to the server, its disk and all other devices.
  static constexpr base::Duration said_every = std::chrono::seconds(2);

  /// The user has read up to `seq`.
  void want(const std::string& room, base::Seq seq);
  /// The server says that she has. False if that is no news.
  bool hear(const std::string& room, base::Seq seq);

  /// What is to be said next; nullopt if there is nothing.
  std::optional<std::pair<std::string, base::Seq>> next(base::Now now);
  /// What next() answered at this moment is on its way.
  void mark_sent(RequestId request, base::Now now);
  /// When next() will know more than at the last call, should nothing happen before.
  base::Instant next_deadline() const;
  /// The server has taken it, or would not. False if the request is none of these.
  bool settle(RequestId request, bool taken);
  /// The server knows no markers: it is not bothered with them again on this connection.
  void silence() { silenced_ = true; }
  /// The last chance on this connection: next() knows all that is not said yet, without waiting for answers.
  void hurry();
  /// The connection is gone, and with it what was under way.
  void begin_again();
  /// She has another name from now on: what is in here was the other one's.
  void clear() { *this = {}; }

 private:
  struct Marker {
    base::Seq wanted = 0;
    base::Seq known = 0;    // by the server
    base::Seq asked = 0;    // on this connection; what was refused is not asked again
    RequestId request = 0;  // that is under way; 0: none
    base::Instant not_before = base::at_once;
    bool waits() const { return request == 0 && wanted > known && wanted > asked; }
  };

  std::map<std::string, Marker>::iterator find_next(base::Now now);

  std::map<std::string, Marker> markers_;  // by room
  bool silenced_ = false;
  base::Instant asked_at_ = base::at_once;  // the last call of next()
};

}  // namespace confab::client
