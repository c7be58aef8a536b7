// SPDX-License-Identifier: MIT
// An outbox store that lives as long as its owner, for tests and the simulator: the client on top of it can be killed
// and begun anew, and the power can fail.
#pragma once

#include "client/outbox_store.h"

namespace confab::client {

class MemoryOutboxStore final : public OutboxStore {
 public:
  std::expected<std::vector<StoredEntry>, std::string> load(const std::string& name) override;
  std::expected<void, std::string> save(const std::string& name, std::span<const StoredEntry> entries,
                                        Durability durability) override;
  std::expected<std::size_t, std::string> erase(std::span<const base::MessageId> ids, Durability durability) override;

  /// A power cut: what was not kept with Durability::machine, and the erasures since then, have never been.
  void lose_power() { rows_ = durable_; }
  /// From now on every call fails, or works again.
  void set_failing(bool failing) { failing_ = failing; }
  std::size_t size() const { return rows_.size(); }

 private:
  struct Row {
    std::string name;
    StoredEntry entry;
  };

  std::vector<Row> rows_;  // in the order in which they were kept first
  std::vector<Row> durable_;
  bool failing_ = false;
};

}  // namespace confab::client
