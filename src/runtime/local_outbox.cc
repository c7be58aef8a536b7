// SPDX-License-Identifier: MIT
#include "runtime/local_outbox.h"

#include <utility>

#include "base/text.h"
#include "runtime/guarded.h"

namespace confab::runtime {

namespace {

/// The numbers are the file's: they never change.
std::int64_t to_number(Kind kind) {
  switch (kind) {
    case Kind::text:
      return 0;
    case Kind::action:
      return 1;
    case Kind::notice:
      return 2;
  }
  std::unreachable();
}

Kind to_kind(std::int64_t number) { return number == 1 ? Kind::action : number == 2 ? Kind::notice : Kind::text; }

}  // namespace

LocalOutbox::LocalOutbox(log::Connection& connection, std::string server)
    : connection_(connection),
      server_(std::move(server)),
      load_(connection, "SELECT id, room, kind, text, typed_ms FROM outbox WHERE server = ?1 AND name = ?2 ORDER BY n"),
      save_(connection,
            "INSERT INTO outbox (server, name, id, room, kind, text, typed_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) "
            "ON CONFLICT (server, id) DO UPDATE SET name = excluded.name"),
      erase_(connection, "DELETE FROM outbox WHERE server = ?1 AND id = ?2") {}

std::expected<std::vector<client::StoredEntry>, std::string> LocalOutbox::load(const std::string& name) {
  return guarded([&] {
    std::vector<client::StoredEntry> found;
    const std::string folded = base::fold_case(name);  // borrowed by the rows
    for (log::Rows rows = load_.rows(server_, folded); rows.next();) {
      // What is no id can be no message of ours; nothing is gained by refusing the others for it.
      const auto id = base::MessageId::from(rows.bytes(0));
      if (!id) continue;
      found.push_back({.id = *id,
                       .room = std::string(rows.text(1)),
                       .kind = to_kind(rows.number(2)),
                       .text = std::string(rows.text(3)),
                       .typed_at = {rows.number(4)}});
    }
    return found;
  });
}

std::expected<void, std::string> LocalOutbox::save(const std::string& name,
                                                   std::span<const client::StoredEntry> entries,
                                                   client::Durability durability) {
  return guarded([&] {
    set_durability(durability);
    const std::string folded = base::fold_case(name);
    log::Transaction transaction(connection_);
    for (const client::StoredEntry& entry : entries) {
      save_.run(server_, folded, base::ByteView(entry.id.bytes), entry.room, to_number(entry.kind), entry.text,
                entry.typed_at.unix_ms);
    }
    transaction.commit();
  });
}

std::expected<void, std::string> LocalOutbox::erase(std::span<const base::MessageId> ids,
                                                    client::Durability durability) {
  return guarded([&] {
    set_durability(durability);
    log::Transaction transaction(connection_);
    for (const base::MessageId& id : ids) erase_.run(server_, base::ByteView(id.bytes));
    transaction.commit();
  });
}

void LocalOutbox::set_durability(client::Durability durability) {
  // FULL syncs the write-ahead log at the commit, and with it all that was written there before.
  const bool synced = durability == client::Durability::machine;
  connection_.execute(synced ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
}

}  // namespace confab::runtime
