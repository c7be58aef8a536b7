// SPDX-License-Identifier: MIT
// Where a client's outbox is kept beyond its memory: one interface; a store in memory (client/memory_outbox_store.h)
// beside the one on disk (runtime/local_store.h). A store is for one server; a name's messages are its own, since what
// Ada typed must not be sent by Bob.
//
// Several programs of one user may share a store. Each keeps what it was given, takes over what it finds, and erases
// what is settled; none knows of the others. That is safe, because a room stores an id once:
// 1. Two programs send the same message: the server answers both with the one seq.
// 2. One erases what the other still holds in memory: the other sends it once more and is answered likewise. One keeps
//    again what the other has erased: it is erased with the next answer, or found, sent and answered at the next start.
// 3. Each program sends its own list in order, and takes over what it finds in the order in which it was kept. So of
//    two messages that one program was given, the later one is stored later, whoever sends them.
// 4. A rule may refuse a message to one program after another has had it stored (say, she was muted in between). Both
//    answers are true; the message is in the log, once.
#pragma once

#include <expected>
#include <span>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/time.h"
#include "confab/types.h"

namespace confab::client {

/// A message, or whatever else goes into a room, as it is kept.
struct StoredEntry {
  base::MessageId id;
  std::string room;
  Content content;
  base::WallTime typed_at;

  bool operator==(const StoredEntry&) const = default;
};

enum class Durability {
  process,  ///< survives the end of this process, kill -9 included
  machine   ///< survives a power cut: synced to the disk, and with it all that was kept or erased before
};

/// Not thread-safe. Errors are sentences for people: what could not be done with which file, and why.
class OutboxStore {
 public:
  virtual ~OutboxStore() = default;

  /// All that is kept under a name, in the order in which it was kept first.
  virtual std::expected<std::vector<StoredEntry>, std::string> load(const std::string& name) = 0;
  /// Keeps all of them or none. One that is kept already keeps its place, and comes under this name and durability.
  virtual std::expected<void, std::string> save(const std::string& name, std::span<const StoredEntry> entries,
                                                Durability durability) = 0;
  /// Under whatever name they are kept. Answers how many were: another program that has sent one has erased it, too.
  /// What a power cut brings back is sent again: the server recognises what it has, but not what it refused.
  virtual std::expected<std::size_t, std::string> erase(std::span<const base::MessageId> ids,
                                                        Durability durability) = 0;
};

}  // namespace confab::client
