// SPDX-License-Identifier: MIT
// The streams of one connection, and whose turn it is to send.
#pragma once

#include <cstdint>
#include <deque>
#include <unordered_map>

#include "net/endpoint.h"
#include "net/send_stream.h"
#include "net/stream_inbox.h"

namespace confab::net {

/// What a connection knows of one stream.
struct Stream {
  StreamId id;
  bool can_send;         ///< false for a unidirectional stream of the peer
  bool starved = false;  ///< had no room; the owner waits for SendRoom
  bool blocked = false;  ///< by the peer's credit for this stream
  bool ready = false;    ///< stands in the queue below
  StreamInbox receiving;
  SendStream sending;
};

/// Round robin over the streams that have something to send and credit to send it.
///
/// Invariant: a stream stands in the queue exactly when `ready`; one that is pending() and not `blocked` is ready.
class Streams {
 public:
  Stream& open(StreamId id, bool can_send);
  Stream* find(StreamId id);
  const Stream* find(StreamId id) const;
  void erase(Stream& stream);

  /// To be called when the stream has got something to send or credit to send it.
  void update(Stream& stream);

  /// Whose turn it is; nullptr: nobody has anything to send.
  Stream* front() const { return ready_.empty() ? nullptr : ready_.front(); }
  /// Nobody but the front has anything to send.
  bool is_last() const { return ready_.size() == 1; }
  /// The front has had its turn: to the back, or out of the queue where it has nothing left or is blocked.
  void next_turn();

  void clear();
  const std::unordered_map<StreamId, Stream>& all() const { return streams_; }

 private:
  std::unordered_map<StreamId, Stream> streams_;
  std::deque<Stream*> ready_;
};

}  // namespace confab::net
