// SPDX-License-Identifier: MIT
// The database file `confab.db`: what is in it, and how it is made and opened.
//
//   rooms    id, name, first_seq, end_seq     one row a room; its log is the events first_seq to end_seq
//   events   room, seq, id, time_ms, body     clustered by (room, seq), unique by (room, id)
//   removed  room, seq, id, time_ms           what is still known of events that were removed; keys as in events
//   members  room, folded, origin, name       who is in which room
//   names    folded, key                      who owns which name
//   topics   room, text                       of rooms that have one; it outlives the event that set it
//   markers  folded, room, seq                how far a name has read
//
// application_id is "Conf", user_version the version of this schema. time_ms does not fall with seq.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "log/sqlite_handle.h"

namespace confab::log {

inline constexpr std::int64_t application_id = 0x436F6E66;
inline constexpr std::int64_t schema_version = 3;

/// Writes whose database it is and of which version, in the caller's transaction.
void sign(Connection& writer);

/// Its tables and indexes as SQL; tables_of_new() are those of this version.
std::string tables_of(Connection& database);
std::string tables_of_new();

/// Opens the database for writing, makes it where it is missing. Throws SqliteFailure for what SqliteStore::open() says
/// it refuses.
Connection open_writer(const std::filesystem::path& file);
/// Reads the write-ahead log from its beginning, writes all of it into the database, durably, and empties it. Nobody
/// may have the database open.
void fold_in_alone(const std::filesystem::path& file);

Connection open_reader(const std::filesystem::path& file);

}  // namespace confab::log
