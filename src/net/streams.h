// SPDX-License-Identifier: MIT
// The streams of one connection, and whose turn it is to send.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "net/endpoint.h"
#include "net/send_stream.h"
#include "net/stream_inbox.h"

namespace confab::net {

/// What a connection knows of one stream.
struct Stream {
  StreamId id;
  bool can_send;                 ///< false for a unidirectional stream of the peer
  bool starved = false;          ///< had no room; the owner waits for SendRoom
  bool blocked = false;          ///< by the peer's credit for this stream
  bool ready = false;            ///< stands in the queue below
  Stream* next_ready = nullptr;  ///< behind it there
  StreamInbox receiving;
  SendStream sending;
};

/// Round robin over the streams that have something to send and credit to send it. Most connections have two streams,
/// and a server has very many connections: hence arrays and links in place of maps and queues, which are larger empty
/// than this is full.
///
/// Invariants:
/// 1. A stream stands in the queue exactly when `ready`; one that is pending() and not `blocked` is ready.
/// 2. `streams_` is sorted by id, and a stream stays where it is in memory. (The ids stand in the array, too, so that a
/// search does not look at other streams.)
class Streams {
 public:
  Stream& open(StreamId id, bool can_send);
  Stream* find(StreamId id);
  const Stream* find(StreamId id) const;
  void erase(Stream& stream);

  /// To be called when the stream has got something to send or credit to send it.
  void update(Stream& stream);

  /// Whose turn it is; nullptr: nobody has anything to send.
  Stream* front() const { return first_ready_; }
  /// Nobody but the front has anything to send.
  bool is_last() const { return first_ready_ == last_ready_; }
  /// The front has had its turn: to the back, or out of the queue where it has nothing left or is blocked.
  void next_turn();

  void clear();

 private:
  struct Entry {
    StreamId id;
    std::unique_ptr<Stream> stream;
  };
  using Place = std::vector<Entry>::const_iterator;

  Place place_of(StreamId id) const;
  void leave_queue(Stream& stream);

  std::vector<Entry> streams_;
  Stream* first_ready_ = nullptr;
  Stream* last_ready_ = nullptr;
};

}  // namespace confab::net
