// SPDX-License-Identifier: MIT
// How far the user has read, told to the server for her other devices. A person scrolls faster than a network answers,
// and only the last place counts: of a room one marker is under way at a time, and the newest wins.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "base/ids.h"
#include "confab/types.h"

namespace confab::client {

/// Not thread-safe. Invariant: what next() answers is higher than all that the server is known to know.
class ReadMarkers {
 public:
  /// The user has read up to `seq`.
  void want(const std::string& room, base::Seq seq);
  /// The server says that she has. False if that is no news.
  bool hear(const std::string& room, base::Seq seq);

  /// What is to be said next; nullopt if there is nothing.
  std::optional<std::pair<std::string, base::Seq>> next() const;
  /// What next() answered is on its way.
  void mark_sent(RequestId request);
  /// The server has taken it, or would not. False if the request is none of these.
  bool settle(RequestId request, bool taken);
  /// The server knows no markers: it is not bothered with them again on this connection.
  void silence() { silenced_ = true; }
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
    bool waits() const { return request == 0 && wanted > known && wanted > asked; }
  };

  std::map<std::string, Marker> markers_;  // by room
  bool silenced_ = false;
};

}  // namespace confab::client
