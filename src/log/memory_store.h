// SPDX-License-Identifier: MIT
// The store that forgets: for tests, simulations and a server that is to keep nothing.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "log/store.h"

namespace confab::log {

/// Safe from any thread, so that it can stand wherever a Store's thread rule is kept. Never fails.
///
/// Invariant: bodies[seq - 1] is the event with that seq, and ids has exactly one entry for each of them.
class MemoryStore final : public Store {
 public:
  std::expected<std::vector<Outcome>, StoreError> append(const Batch& batch) override;
  std::expected<std::vector<Record>, StoreError> read(const std::string& room, base::Seq first, std::size_t count_max,
                                                      std::size_t bytes_max) override;
  std::expected<std::vector<RoomSummary>, StoreError> rooms() override;
  std::expected<std::vector<NameClaim>, StoreError> claims() override;

 private:
  struct Room {
    std::vector<base::Bytes> bodies;
    std::unordered_map<base::MessageId, base::Seq, base::MessageIdHash> ids;
  };

  Outcome append_draft(const Draft& draft);

  std::mutex mutex_;  // guards all below
  // Ordered, so that rooms() and claims() answer in the same order as a database does.
  std::map<std::string, Room> rooms_;
  std::map<std::string, NameClaim> claims_;
};

}  // namespace confab::log
