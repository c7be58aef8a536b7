// SPDX-License-Identifier: MIT
// Where rooms' logs are kept for good. One interface, a store in memory beside the one on disk;
// tests/log/store_contract.h is the contract that both pass. Nothing here needs SQL: a replicated log could stand
// behind it.
#pragma once

#include <array>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/ids.h"

namespace confab::log {

/// Who is in a room from an event on, or no longer: kept beside the log, so that a restart need not read all of it.
struct MemberChange {
  bool present = false;     ///< joined; else left
  std::string folded_name;  ///< base::fold_case of the name
  std::uint8_t origin = 0;  ///< wire::pb::Origin's number; with room and folded_name it says who
  std::string name;         ///< as the member spells it; of no account in one who left
};

/// An event that is to be stored. Its seq is given by the store.
struct Draft {
  std::string room;           ///< canonical room name; the room begins with its first draft
  base::MessageId id;         ///< unique in the room: a second draft with it is answered with the first one's seq
  base::Bytes body;           ///< encoded Event without its seq (wire/framing.h)
  std::uint64_t time_ms = 0;  ///< the event's. One before the room's newest is kept as the newest's: times do not fall
  std::optional<MemberChange> member = {};
  std::optional<std::string> topic = {};  ///< the room's from this event on; empty: none any more
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

/// How far a name has read in a room.
struct ReadMarker {
  std::string folded_name;
  std::string room;
  base::Seq up_to = 0;
  auto operator<=>(const ReadMarker&) const = default;
};

struct RoomSummary {
  std::string room;
  base::Seq end_seq = 0;        ///< seq of the newest event
  base::Seq first_seq = 1;      ///< of the oldest that is kept; end_seq + 1 if there is none
  std::uint64_t newest_ms = 0;  ///< time of the newest event
  std::string topic = {};       ///< also where its event is no longer kept
};

struct StoredMember {
  std::string room;
  std::string folded_name;
  std::uint8_t origin = 0;
  std::string name;
  auto operator<=>(const StoredMember&) const = default;
};

/// What a room no longer needs to keep. An event may go for either reason, but none goes before the one in front of it.
struct TrimRequest {
  std::string room;
  base::Seq keep_seq = 0;     ///< events before this one may go
  std::uint64_t keep_ms = 0;  ///< as may events older than this
  std::size_t count_max = 0;  ///< at most so many go at once: appends wait meanwhile
};

struct TrimResult {
  base::Seq first_seq = 1;      ///< of the oldest event that is kept now
  std::uint64_t oldest_ms = 0;  ///< its time
  std::size_t removed = 0;
  bool more = false;  ///< others could go, too
};

/// How long a room knows the id of an event that it has removed, counted from that event's time to its newest event's:
/// a client that asks again within it is told the old seq, and the event is not stored a second time.
inline constexpr std::uint64_t removed_ids_kept_ms = 30ULL * 24 * 60 * 60 * 1000;

/// What is written at once: all of it or nothing.
struct Batch {
  std::vector<Draft> drafts;
  std::vector<NameClaim> claims;
  std::vector<ReadMarker> markers = {};
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

/// Thread rule: append() and trim() from one thread, read() from one other thread; rooms(), members(), claims() and
/// markers() before both begin.
class Store {
 public:
  virtual ~Store() = default;

  /// Stores the batch durably and answers each draft's outcome, in order; after an error nothing of it is stored.
  /// Drafts of one room get consecutive seqs in the order they stand here, and their member changes and topics are made
  /// in that order. A duplicate changes nothing, nor does a claim of a name that has an owner, nor a marker that would
  /// move back or is of a room that there is not.
  virtual std::expected<std::vector<Outcome>, StoreError> append(const Batch& batch) = 0;

  /// Events of `room` from `first` on, in order without gaps: at most `count_max` and about `bytes_max` bytes of
  /// bodies, but at least one where there is one. Begins with the oldest that is kept, where that lies behind `first`.
  /// Empty past the end and for an unknown room.
  virtual std::expected<std::vector<Record>, StoreError> read(const std::string& room, base::Seq first,
                                                              std::size_t count_max, std::size_t bytes_max) = 0;

  /// Removes a room's oldest events, durably, up to the first that is to be kept; never the newest. After an error
  /// nothing is removed.
  virtual std::expected<TrimResult, StoreError> trim(const TrimRequest& request) = 0;

  virtual std::expected<std::vector<RoomSummary>, StoreError> rooms() = 0;
  /// Who is in which room after the newest event; ordered by room, folded_name, origin.
  virtual std::expected<std::vector<StoredMember>, StoreError> members() = 0;
  virtual std::expected<std::vector<NameClaim>, StoreError> claims() = 0;
  /// Ordered by folded_name and room.
  virtual std::expected<std::vector<ReadMarker>, StoreError> markers() = 0;
};

}  // namespace confab::log
