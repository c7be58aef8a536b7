// SPDX-License-Identifier: MIT
// Rooms as logs, readers as cursors. A reader is a place in one room's log and a QUIC stream that the log's bytes go
// into, as far as flow control lets them. A reader that is behind what memory holds reads from the store; it costs its
// cursor, not a queue, and nobody waits for it.
#pragma once

#include <cstdint>
#include <expected>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "chat/command.h"
#include "log/async_store.h"
#include "log/room_log.h"
#include "net/transport.h"

namespace confab::server {

struct OpenRequest {
  net::ConnectionHandle connection = 0;
  std::uint64_t tag = 0;  ///< of the request; names the reader within its connection
  std::string room;
  bool member = false;  ///< a Join's reader: ends with Part
  wire::pb::Start start;
  bool follow = true;
  std::uint64_t count = 0;  ///< ends after that many events; 0: no such end
};

/// Not thread-safe. Invariant: a reader that follows, has room to send, and waits for no store answer has been handed
/// everything up to its room's end when settle() returns.
class Delivery {
 public:
  static constexpr base::Duration retry_every = std::chrono::seconds(1);

  /// `memory_bytes_max`: what rooms' logs may hold together; beyond it the rooms that have been silent longest are read
  /// from the store.
  Delivery(net::Transport& transport, log::AsyncStore& store, std::size_t memory_bytes_max)
      : transport_(transport), store_(store), memory_bytes_max_(memory_bytes_max) {}

  /// A room of which the store holds the events `first_seq` to `end_seq`.
  void restore(const std::string& name, base::Seq end_seq, base::Seq first_seq = 1);
  base::Seq end_seq(const std::string& name) const;
  /// What the rooms' logs hold in memory.
  std::size_t memory_bytes() const { return memory_bytes_; }

  /// A stored event; its readers get it in settle().
  void append(const std::string& name, base::Seq seq, base::ByteView body);

  /// The room's events before `first_seq` are no longer kept: a reader that wants one of them is told so instead.
  void trim(const std::string& name, base::Seq first_seq);

  std::expected<wire::pb::Opened, chat::Refusal> open(const OpenRequest& request);
  /// Ends the reader's stream where it is now; false if there is no such reader.
  bool close(net::ConnectionHandle connection, std::uint64_t tag);
  /// Ends a member's streams of this room.
  void close_room(net::ConnectionHandle connection, const std::string& name);
  /// Reads beside the joined rooms whose bytes this server still holds: until the client has acknowledged the last of
  /// them.
  std::size_t read_count(net::ConnectionHandle connection) const;
  /// All of its readers, likewise.
  std::size_t reader_count(net::ConnectionHandle connection) const;
  void drop(net::ConnectionHandle connection);

  void on_send_room(net::ConnectionHandle connection, net::StreamId stream);
  void on_stream_closed(net::ConnectionHandle connection, net::StreamId stream);
  void on_read(std::uint64_t ticket, log::ReadResult result, base::Now now);
  /// Asks again what the disk would not give.
  void wake(base::Now now);
  base::Instant next_deadline() const { return retry_at_; }

  /// Ends the turn: hands readers what their rooms grew by.
  void settle();

 private:
  struct Room;
  struct Reader {
    net::ConnectionHandle connection;
    net::StreamId stream;
    std::uint64_t tag;
    Room* room;         // nullptr once done
    base::Seq next;     // the first event it has not been handed
    base::Seq last;     // the last it wants
    std::size_t index;  // its place in room->readers
    bool member;
    bool live;             // may read the memory's newest: it has no end
    bool reading = false;  // waits for the store
    bool done = false;     // everything is handed over; in no room any more
  };
  struct Room {
    Room(std::string room_name, base::Seq end, base::Seq first)
        : name(std::move(room_name)), first_seq(first), log(end) {}
    std::string name;
    base::Seq first_seq;  // the oldest that is kept; memory may still hold older ones, which nobody gets
    log::RoomLog log;
    std::vector<Reader*> readers;
    std::uint64_t spoke_at = 0;  // as in spoke_; 0: nothing in memory
    bool grown = false;
  };
  using ReaderKey = std::pair<net::ConnectionHandle, net::StreamId>;

  Room& room(const std::string& name);
  void note_memory(Room& place, std::size_t bytes_before);
  void advance(Reader& reader);
  void hand_gone(Reader& reader);
  bool hand_from_memory(Reader& reader, std::size_t bytes_max);
  void read_from_store(Reader& reader, std::size_t bytes_max);
  static bool trimmed_meanwhile(const std::vector<log::Record>& records, const Reader& reader);
  void finish(Reader& reader);
  void leave_room(Reader& reader);
  void erase(Reader& reader);

  net::Transport& transport_;
  log::AsyncStore& store_;
  std::map<std::string, std::unique_ptr<Room>> rooms_;
  std::map<ReaderKey, std::unique_ptr<Reader>> readers_;
  std::vector<Room*> grown_;
  std::size_t memory_bytes_max_;
  std::size_t memory_bytes_ = 0;          // of all rooms' logs
  std::map<std::uint64_t, Room*> spoke_;  // rooms with something in memory, the one that was silent longest first
  std::uint64_t next_speech_ = 1;
  std::map<std::uint64_t, ReaderKey> reads_;  // open store reads
  std::vector<ReaderKey> failed_;             // readers whose read failed in passing
  base::Instant retry_at_ = base::never;      // set while there are some
  std::uint64_t next_ticket_ = 1;             // odd: the journal's are even
};

}  // namespace confab::server
