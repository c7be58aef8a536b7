// SPDX-License-Identifier: MIT
// Rooms as logs, readers as cursors. A reader is a place in one room's log and a QUIC stream that the log's bytes go
// into, as far as flow control lets them. A reader that is behind what memory holds reads from the store; it costs its
// cursor, not a queue, and nobody waits for it. A shard has the readers of its own connections; of the rooms it knows
// what the hub has told it (server/messages.h).
#pragma once

#include <cstdint>
#include <deque>
#include <expected>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "chat/command.h"
#include "log/async_store.h"
#include "log/room_tail.h"
#include "net/transport.h"
#include "server/messages.h"
#include "server/pace.h"

namespace confab::server {

/// Not thread-safe. Invariant: a reader that follows, has room to send, and waits for no store answer has been handed
/// everything up to its room's end when settle() returns, unless the room rests (server/pace.h) or its round goes on in
/// the next turn.
class Delivery {
 public:
  static constexpr base::Duration retry_every = std::chrono::seconds(1);

  Delivery(net::Transport& transport, log::AsyncReader& store) : transport_(transport), store_(store) {}

  /// The room has more events, or less of them in memory; its readers get them in settle(), as soon as the room's pace
  /// allows.
  void grow(const std::string& name, log::Growth growth, base::Now now);

  /// The room's events before `first_seq` are no longer kept: a reader that wants one of them is told so instead.
  void trim(const std::string& name, base::Seq first_seq);

  std::expected<wire::pb::Opened, chat::Refusal> open(const orders::Open& order);
  /// Ends the reader's stream at its room's end, or as near as there is room to send; if there is such a reader.
  void close(net::ConnectionHandle connection, std::uint64_t tag);
  /// Ends a member's streams of this room.
  void close_room(net::ConnectionHandle connection, const std::string& name);
  /// The connection is gone, and all its readers with it.
  void drop(net::ConnectionHandle connection);
  /// Something is sent to this connection anyway: what its rooms have, resting or not, goes with it. So an author sees
  /// her line when she hears that it is stored.
  void take_along(net::ConnectionHandle connection);
  /// Readers that went by themselves since the last call. Until the client has acknowledged the last byte of one, its
  /// bytes are held, and it counts.
  std::vector<news::ReaderGone> take_gone() { return std::exchange(gone_, {}); }

  void on_send_room(net::ConnectionHandle connection, net::StreamId stream);
  void on_stream_closed(net::ConnectionHandle connection, net::StreamId stream);
  void on_read(std::uint64_t ticket, log::ReadResult result, base::Now now);
  /// Asks again what the disk would not give.
  void wake(base::Now now);
  base::Instant next_deadline() const;

  /// Ends the turn: hands readers what their rooms grew by. Of very many readers a share; the others in the next turns,
  /// as soon as what the first were handed is written: a message for 100,000 members takes seconds, and meanwhile
  /// acknowledgements want to be read and smaller rooms their turn. (And what a connection needs is still in the
  /// processor's cache when it is written.)
  void settle(base::Now now);

  /// With so many connections to be written to, the turn is full.
  static constexpr std::size_t connections_per_turn_max = 512;

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
  using Resting = std::multimap<base::Instant, Room*>;  // by the end of their rest
  struct Room {
    Room(std::string room_name, base::Seq end, base::Seq first)
        : name(std::move(room_name)), first_seq(first), log(end), handed_seq(end) {}
    std::string name;
    base::Seq first_seq;  // the oldest that is kept; memory may still hold older ones, which nobody gets
    log::RoomTail log;
    std::vector<Reader*> readers;
    Pace pace;
    base::Seq handed_seq;                      // the last event that a round was begun for
    std::optional<Resting::iterator> resting;  // it has grown, and stands in resting_
    bool in_round = false;                     // stands in rounds_
    // While it does: readers still to be visited, and behind the last that was. They are visited in a circle,
    // downwards, so that growth meanwhile asks for one more round from here, not from the start.
    std::size_t unvisited = 0;
    std::size_t cursor = 0;
  };
  using ReaderKey = std::pair<net::ConnectionHandle, net::StreamId>;

  Room& room(const std::string& name, base::Seq end_seq, base::Seq first_seq);
  void erase_if_idle(const Room& place);
  void begin_round(Room& place, base::Now now);
  static bool fills_a_train(const Room& place);
  bool has_share(std::size_t visits) const;
  void visit_next(Room& place);
  void advance(Reader& reader);
  void hand_gone(Reader& reader);
  bool hand_from_memory(Reader& reader, std::size_t bytes_max);
  void read_from_store(Reader& reader, std::size_t bytes_max);
  static bool trimmed_meanwhile(const std::vector<log::Record>& records, const Reader& reader);
  void end(Reader& reader);
  void finish(Reader& reader);
  void leave_room(Reader& reader);
  void erase(Reader& reader);
  void erase_and_tell(Reader& reader);

  net::Transport& transport_;
  log::AsyncReader& store_;
  std::map<std::string, std::unique_ptr<Room>> rooms_;  // with readers, or with something in memory
  std::map<ReaderKey, std::unique_ptr<Reader>> readers_;
  std::deque<Room*> rounds_;
  Resting resting_;
  std::vector<news::ReaderGone> gone_;
  std::map<std::uint64_t, ReaderKey> reads_;  // open store reads
  std::vector<ReaderKey> failed_;             // readers whose read failed in passing
  base::Instant retry_at_ = base::never;      // set while there are some
  std::uint64_t next_ticket_ = 1;
};

}  // namespace confab::server
