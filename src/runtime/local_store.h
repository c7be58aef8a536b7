// SPDX-License-Identifier: MIT
// `local.db` in a profile's directory: what a client has not got rid of yet, and what it has seen. One SQLite database
// for all servers and names, which several programs may have open at once.
//
//   outbox_2  n, server, name, id, room, typed_ms,            n: the order in which they were kept first
//             what, kind, text, target, withdrawn             confab::Content, target as hexadecimal digits
//   logs      key, server, room                               a room that something is kept of
//   events    log, seq, bytes                                 clustered by (log, seq); bytes: the Event as it came
//
// Version 1 knew messages alone: its table `outbox` had no what, target and withdrawn. The new name keeps programs of
// version 1 that still run from what they would misread.
//
// `server` is host:port as wire::Link::target() writes it, as in known_hosts; `name` is folded, as the server compares
// names. Write-ahead log, synchronous=NORMAL: a commit survives the process; one with Durability::machine is synced.
#pragma once

#include <expected>
#include <memory>
#include <string>

#include "log/sqlite_handle.h"
#include "runtime/local_history.h"
#include "runtime/local_outbox.h"

namespace confab::runtime {

/// The part of it that belongs to one server. Not thread-safe. A program whose local.db cannot be used still chats; it
/// says so, and keeps nothing.
class LocalStore {
 public:
  static constexpr char file_name[] = "local.db";

  /// The file is made where it is missing, and one of version 1 brought up to this one. One that is damaged, not ours
  /// or of a later version is left as it is; the error says what to do.
  static std::expected<std::unique_ptr<LocalStore>, std::string> open(const std::string& directory,
                                                                      const std::string& server);

  client::OutboxStore& outbox() { return outbox_; }
  client::HistoryStore& history() { return history_; }

 private:
  LocalStore(log::Connection connection, const std::string& server)
      : connection_(std::move(connection)), outbox_(connection_, server), history_(connection_, server) {}

  log::Connection connection_;
  LocalOutbox outbox_;
  LocalHistory history_;
};

}  // namespace confab::runtime
