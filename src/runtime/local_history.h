// SPDX-License-Identifier: MIT
// The local history on disk: the tables `logs` and `events` of runtime/local_store.h, as far as they are one server's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "client/history_store.h"
#include "log/sqlite_handle.h"

namespace confab::runtime {

class LocalHistory final : public client::HistoryStore {
 public:
  /// A room keeps this many events and up to a batch more: months of a group's talk in a few MiB.
  static constexpr base::Seq events_max = 10'000;
  static constexpr base::Seq trim_batch = 1'000;

  /// `connection` must outlive it.
  LocalHistory(log::Connection& connection, std::string server);

  std::expected<std::vector<client::KeptEvent>, std::string> newest(const std::string& room,
                                                                    std::size_t count_max) override;
  std::expected<std::vector<client::KeptEvent>, std::string> before(const std::string& room, base::Seq seq,
                                                                    std::size_t count_max) override;
  std::expected<void, std::string> append(const std::string& room, std::span<const client::KeptEvent> events) override;
  std::expected<void, std::string> prepend(const std::string& room, std::span<const client::KeptEvent> events) override;
  std::expected<void, std::string> forget_from(const std::string& room, base::Seq first) override;

 private:
  std::vector<client::KeptEvent> read(const std::string& room, base::Seq below, std::size_t count_max,
                                      std::optional<base::Seq> next);
  std::int64_t key_of(const std::string& room);
  base::Seq end_behind(std::int64_t key, base::Seq seq);

  log::Connection& connection_;
  std::string server_;
  log::Statement insert_log_;
  log::Statement find_log_;
  log::Statement before_;
  log::Statement end_if_has_;
  log::Statement insert_event_;
  log::Statement delete_old_;
  log::Statement delete_from_;
};

}  // namespace confab::runtime
