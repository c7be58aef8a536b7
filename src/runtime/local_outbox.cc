// SPDX-License-Identifier: MIT
#include "runtime/local_outbox.h"

#include <iterator>
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

/// Likewise.
std::int64_t to_number(Content::What what) {
  switch (what) {
    case Content::What::message:
      return 0;
    case Content::What::topic:
      return 1;
    case Content::What::edit:
      return 2;
    case Content::What::redaction:
      return 3;
    case Content::What::reaction:
      return 4;
  }
  std::unreachable();
}

Content::What to_what(std::int64_t number) {
  constexpr Content::What known[] = {Content::What::message, Content::What::topic, Content::What::edit,
                                     Content::What::redaction, Content::What::reaction};
  return number >= 0 && number < std::ssize(known) ? known[number] : Content::What::message;
}

Content content_of(log::Rows& rows) {
  return {.what = to_what(rows.number(3)),
          .kind = to_kind(rows.number(4)),
          .text = std::string(rows.text(5)),
          .target = std::string(rows.text(6)),
          .withdrawn = rows.number(7) != 0};
}

}  // namespace

LocalOutbox::LocalOutbox(log::Connection& connection, std::string server)
    : connection_(connection),
      server_(std::move(server)),
      load_(connection,
            "SELECT id, room, typed_ms, what, kind, text, target, withdrawn FROM outbox_2 "
            "WHERE server = ?1 AND name = ?2 ORDER BY n"),
      save_(connection,
            "INSERT INTO outbox_2 (server, name, id, room, typed_ms, what, kind, text, target, withdrawn) "
            "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) "
            "ON CONFLICT (server, id) DO UPDATE SET name = excluded.name"),
      erase_(connection, "DELETE FROM outbox_2 WHERE server = ?1 AND id = ?2 RETURNING n") {}

std::expected<std::vector<client::StoredEntry>, std::string> LocalOutbox::load(const std::string& name) {
  return guarded([&] {
    std::vector<client::StoredEntry> found;
    const std::string folded = base::fold_case(name);  // borrowed by the rows
    for (log::Rows rows = load_.rows(server_, folded); rows.next();) {
      // What is no id can be no message of ours; nothing is gained by refusing the others for it.
      const auto id = base::MessageId::from(rows.bytes(0));
      if (!id) continue;
      found.push_back(
          {.id = *id, .room = std::string(rows.text(1)), .content = content_of(rows), .typed_at = {rows.number(2)}});
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
      const Content& content = entry.content;
      save_.run(server_, folded, base::ByteView(entry.id.bytes), entry.room, entry.typed_at.unix_ms,
                to_number(content.what), to_number(content.kind), content.text, content.target,
                std::int64_t{content.withdrawn});
    }
    transaction.commit();
  });
}

std::expected<std::size_t, std::string> LocalOutbox::erase(std::span<const base::MessageId> ids,
                                                           client::Durability durability) {
  return guarded([&] {
    set_durability(durability);
    log::Transaction transaction(connection_);
    std::size_t erased = 0;
    for (const base::MessageId& id : ids) {
      for (log::Rows rows = erase_.rows(server_, base::ByteView(id.bytes)); rows.next();) ++erased;
    }
    transaction.commit();
    return erased;
  });
}

void LocalOutbox::set_durability(client::Durability durability) {
  // FULL syncs the write-ahead log at the commit, and with it all that was written there before.
  const bool synced = durability == client::Durability::machine;
  connection_.execute(synced ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
}

}  // namespace confab::runtime
