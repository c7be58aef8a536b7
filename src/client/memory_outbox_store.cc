// SPDX-License-Identifier: MIT
#include "client/memory_outbox_store.h"

#include <algorithm>

namespace confab::client {

namespace {

std::unexpected<std::string> refuse() { return std::unexpected(std::string("the outbox fails, as it was told to")); }

}  // namespace

std::expected<std::vector<StoredEntry>, std::string> MemoryOutboxStore::load(const std::string& name) {
  if (failing_) return refuse();
  std::vector<StoredEntry> entries;
  for (const Row& row : rows_) {
    if (row.name == name) entries.push_back(row.entry);
  }
  return entries;
}

std::expected<void, std::string> MemoryOutboxStore::save(const std::string& name, std::span<const StoredEntry> entries,
                                                         Durability durability) {
  if (failing_) return refuse();
  for (const StoredEntry& entry : entries) {
    const auto found = std::ranges::find(rows_, entry.id, [](const Row& row) { return row.entry.id; });
    if (found == rows_.end()) {
      rows_.push_back({name, entry});
    } else {
      *found = {name, entry};
    }
  }
  if (durability == Durability::machine) durable_ = rows_;
  return {};
}

std::expected<std::size_t, std::string> MemoryOutboxStore::erase(std::span<const base::MessageId> ids,
                                                                 Durability durability) {
  if (failing_) return refuse();
  const std::size_t erased =
      std::erase_if(rows_, [&](const Row& row) { return std::ranges::find(ids, row.entry.id) != ids.end(); });
  if (durability == Durability::machine) durable_ = rows_;
  return erased;
}

}  // namespace confab::client
