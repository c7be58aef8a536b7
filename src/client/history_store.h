// SPDX-License-Identifier: MIT
// What a client has seen of a server's rooms, kept so that a room opens with its last lines before the network answers,
// and goes on from there. A copy and no more: what is missing or damaged is read from the server.
#pragma once

#include <expected>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/ids.h"

namespace confab::client {

/// An event of a log.
struct KeptEvent {
  base::Seq seq = 0;
  base::Bytes bytes;  ///< the Event message as it came, its seq included

  bool operator==(const KeptEvent&) const = default;
};

/// For one server. Not thread-safe. Errors are sentences for people. Several programs of one user may share a store:
/// what they write under one seq is the same.
class HistoryStore {
 public:
  virtual ~HistoryStore() = default;

  /// The newest events of a room, at most `count_max`, oldest first and without gaps.
  virtual std::expected<std::vector<KeptEvent>, std::string> newest(const std::string& room, std::size_t count_max) = 0;
  /// The newest events of a room before `seq`, at most `count_max`, oldest first; the last of them is `seq` - 1, and
  /// there are no gaps: none where that one is missing.
  virtual std::expected<std::vector<KeptEvent>, std::string> before(const std::string& room, base::Seq seq,
                                                                    std::size_t count_max) = 0;
  /// Keeps events, given in the log's order; what is there already stays as it is. Old ones may go for it.
  virtual std::expected<void, std::string> append(const std::string& room, std::span<const KeptEvent> events) = 0;
  /// Keeps events that stand right before one that is kept; others it leaves. Of theirs it takes what it would not let
  /// go with the next append.
  virtual std::expected<void, std::string> prepend(const std::string& room, std::span<const KeptEvent> events) = 0;
  /// Forgets the events from `first` on: the server's log has others there now.
  virtual std::expected<void, std::string> forget_from(const std::string& room, base::Seq first) = 0;
};

}  // namespace confab::client
