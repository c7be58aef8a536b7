// SPDX-License-Identifier: MIT
// Where rooms' logs are kept for good. One interface, a store in memory beside the one on disk;
// tests/log/store_contract.h is the contract that both pass. Nothing here needs SQL: a replicated log could stand
// behind it.
#pragma once

#include <array>
#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/ids.h"

namespace confab::log {

/// An event that is to be stored. Its seq is given by the store.
struct Draft {
  std::string room;    ///< canonical room name; the room begins with its first draft
  base::MessageId id;  ///< unique in the room: a second draft with it is answered with the first one's seq
  base::Bytes body;    ///< encoded Event without its seq (wire/framing.h)
};

/// What became of a draft.
struct Outcome {
  base::Seq seq = 0;
  bool duplicate = false;  ///< the id was stored before, with that seq; nothing was added
};

/// An event as it stands in the store.
struct Record {
  base::Seq seq = 0;
  base::Bytes body;
};

/// The Ed25519 key that a name belongs to.
struct NameClaim {
  std::string folded_name;  ///< base::fold_case of the name
  std::array<std::uint8_t, 32> key{};
};

struct RoomSummary {
  std::string room;
  base::Seq end_seq = 0;  ///< seq of the newest event
};

/// What is written at once: all of it or nothing.
struct Batch {
  std::vector<Draft> drafts;
  std::vector<NameClaim> claims;
};

struct StoreError {
  enum class Code {
    unavailable,  ///< cannot be opened: permissions, locked by another server, not a directory
    damaged,      ///< not a database of ours, or corrupt
    full,         ///< no space left
    io,           ///< the disk or the file system said no
  };
  Code code = Code::io;
  std::string text;  ///< one line: what happened to which file, and what to do
};

/// Thread rule: append() from one thread, read() from one other thread, rooms() and claims() before both begin.
class Store {
 public:
  virtual ~Store() = default;

  /// Stores the batch durably and answers each draft's outcome, in order; after an error nothing of it is stored.
  /// Drafts of one room get consecutive seqs in the order they stand here. A claim of a name that has an owner changes
  /// nothing.
  virtual std::expected<std::vector<Outcome>, StoreError> append(const Batch& batch) = 0;

  /// Events of `room` from `first` on, in order without gaps: at most `count_max` and about `bytes_max` bytes of
  /// bodies, but at least one where there is one. Empty past the end and for an unknown room.
  virtual std::expected<std::vector<Record>, StoreError> read(const std::string& room, base::Seq first,
                                                              std::size_t count_max, std::size_t bytes_max) = 0;

  virtual std::expected<std::vector<RoomSummary>, StoreError> rooms() = 0;
  virtual std::expected<std::vector<NameClaim>, StoreError> claims() = 0;
};

}  // namespace confab::log
