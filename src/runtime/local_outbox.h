// SPDX-License-Identifier: MIT
// The outbox on disk: the table `outbox_2` of runtime/local_store.h, as far as it is one server's.
#pragma once

#include <string>

#include "client/outbox_store.h"
#include "log/sqlite_handle.h"

namespace confab::runtime {

class LocalOutbox final : public client::OutboxStore {
 public:
  /// `connection` must outlive it.
  LocalOutbox(log::Connection& connection, std::string server);

  std::expected<std::vector<client::StoredEntry>, std::string> load(const std::string& name) override;
  std::expected<void, std::string> save(const std::string& name, std::span<const client::StoredEntry> entries,
                                        client::Durability durability) override;
  std::expected<std::size_t, std::string> erase(std::span<const base::MessageId> ids,
                                                client::Durability durability) override;

 private:
  void set_durability(client::Durability durability);

  log::Connection& connection_;
  std::string server_;
  log::Statement load_;
  log::Statement save_;
  log::Statement erase_;
};

}  // namespace confab::runtime
