// SPDX-License-Identifier: MIT
// What a Confab client hears. Every text in here is clean: valid UTF-8 without control characters (a message's text may
// hold line feeds), so that it can be shown as it is.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace confab {

/// A number that a request gets when it is made and that its answers bear.
using RequestId = std::uint64_t;

enum class Kind { text, action, notice };

/// What a client sends into a room. `text` by what it is: the message's, the room's new topic (empty: none any more),
/// the whole new text of an edited message, why a message was redacted (may be empty), the emoji of a reaction.
struct Content {
  enum class What { message, topic, edit, redaction, reaction };
  What what = What::message;
  Kind kind = Kind::text;  ///< of a message
  std::string text = {};
  std::string target = {};  ///< id of the message that is answered (may be empty), edited, redacted or reacted to
  bool withdrawn = false;   ///< a reaction is taken back

  bool operator==(const Content&) const = default;
};

/// One message of a room, in the room's order.
struct Message {
  std::string room;
  std::uint64_t seq = 0;     ///< its place in the room: 1, 2, 3 … (joins and leaves take numbers too)
  std::int64_t time_ms = 0;  ///< when the server took it, Unix time in milliseconds
  std::string name;
  Kind kind = Kind::text;
  std::string text;
  std::string id;         ///< 32 hexadecimal digits, made by the author's client
  std::string reply_to;   ///< id of the message that this one answers, or empty
  bool verified = false;  ///< a key stands behind the name; false: a plain datagram, anybody could have written it
  bool own = false;       ///< typed in this very client
  RequestId request = 0;  ///< of the join or read that brought it; 0 over the plain protocol
};

struct Joined {
  std::string room;
  std::uint64_t seq = 0;
  std::int64_t time_ms = 0;
  std::string name;
  bool verified = false;
  RequestId request = 0;
};

struct Left {
  enum class Reason { part, quit, lost };
  std::string room;
  std::uint64_t seq = 0;
  std::int64_t time_ms = 0;
  std::string name;
  bool verified = false;
  Reason reason = Reason::part;
  RequestId request = 0;
};

/// The room has another topic.
struct TopicChanged {
  std::string room;
  std::uint64_t seq = 0;
  std::int64_t time_ms = 0;
  std::string name;
  std::string text;  ///< one line; empty: none any more
  bool verified = false;
  RequestId request = 0;
};

/// A message got another text. It counts only where `name` wrote the message, both verified: anybody may say it.
struct Edited {
  std::string room;
  std::uint64_t seq = 0;
  std::int64_t time_ms = 0;
  std::string name;
  std::string target;  ///< the message's id
  std::string text;    ///< the whole new text
  bool verified = false;
  RequestId request = 0;
};

/// A message is taken back; the same holds.
struct Redacted {
  std::string room;
  std::uint64_t seq = 0;
  std::int64_t time_ms = 0;
  std::string name;
  std::string target;
  std::string reason;
  bool verified = false;
  RequestId request = 0;
};

/// What somebody says to a message with an emoji, or says no longer.
struct Reacted {
  std::string room;
  std::uint64_t seq = 0;
  std::int64_t time_ms = 0;
  std::string name;
  std::string target;
  std::string text;
  bool withdrawn = false;
  bool verified = false;
  RequestId request = 0;
};

/// An event that this version does not know; it holds its place in the order.
struct Unknown {
  std::string room;
  std::uint64_t seq = 0;
  std::int64_t time_ms = 0;
  std::string name;
  RequestId request = 0;
};

/// The server no longer keeps the events first to last; the log goes on behind them.
struct Gone {
  std::string room;
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  RequestId request = 0;
};

/// More was missed than makes sense to show: the join goes on behind the events first to last. A read brings them.
struct Skipped {
  std::string room;
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  RequestId request = 0;
};

/// What became of a message that this client sends. `refused` and `stored` are final. `queued`: it is kept here and
/// will be sent, over a restart of the program too where it has an outbox; with a reason if the server has put it off.
struct Status {
  enum class State { queued, stored, refused };
  std::string id;
  std::string room;
  State state = State::queued;
  std::uint64_t seq = 0;  ///< stored: its place
  std::string reason;     ///< refused, or put off: a sentence for people
};

/// How the client stands with the server.
struct Link {
  enum class State {
    online,   ///< name and rooms are in force
    offline,  ///< it will be tried again
    failed    ///< it will not be tried again by itself: see `failure`
  };
  enum class Failure { none, unreachable, untrusted, not_allowed, protocol };
  State state = State::offline;
  Failure failure = Failure::none;
  std::string text;         ///< a sentence for people
  std::string name;         ///< online: the name as the server writes it
  std::string fingerprint;  ///< untrusted: the key that the server showed
};

/// A join or read is open: the log's events from first_seq on follow. Said again on each connection, and where the
/// server says more of the room (topic, read_seq) than was known: the last word counts.
struct Opened {
  RequestId request = 0;
  std::string room;
  std::uint64_t first_seq = 0;
  std::uint64_t end_seq = 0;
  std::string topic = {};      ///< empty: none
  std::uint64_t read_seq = 0;  ///< how far this name has read, on whatever device; 0: it never said
  bool kept = false;           ///< the local history tells what it has, first_seq to end_seq; the server's word follows
};

/// This name has read on, up to this event, on another device.
struct MarkerMoved {
  std::string room;
  std::uint64_t seq = 0;
};

/// Somebody has written in a direct room that this client has not joined.
struct Invited {
  std::string room;
  std::string name;  ///< the other one
  std::uint64_t end_seq = 0;
};

/// A read has come to its end, or a room was left.
struct Ended {
  RequestId request = 0;
  std::string room;
};

/// A request, other than a message, that the server would not grant.
struct Refused {
  RequestId request = 0;
  std::string text;
};

/// Something is not as it should be, but the client goes on.
struct Warning {
  RequestId request = 0;
  std::string text;
};

enum class Presence { here, away, lost };

struct Member {
  std::string name;
  bool verified = false;
  Presence presence = Presence::here;
  std::string away_text;
};

struct Members {
  RequestId request = 0;
  std::string room;
  std::vector<Member> members;
};

struct RoomInfo {
  std::string name;
  std::uint64_t members = 0;
  std::uint64_t end_seq = 0;
  std::string topic = {};
};

struct Rooms {
  RequestId request = 0;
  std::vector<RoomInfo> rooms;
};

/// Somebody's presence in a room changed. Newest wins; such news may be lost on the way.
struct PresenceChanged {
  std::string room;
  std::string name;
  Presence presence = Presence::here;
  std::string away_text;
};

/// Somebody is writing, or has stopped. Likewise.
struct Typing {
  std::string room;
  std::string name;
  bool active = false;
};

using Event =
    std::variant<Message, Joined, Left, TopicChanged, Edited, Redacted, Reacted, Unknown, Gone, Skipped, Status, Link,
                 Opened, Ended, Refused, Warning, Members, Rooms, PresenceChanged, Typing, MarkerMoved, Invited>;

/// Where in a room's log a join or read begins.
struct Start {
  std::uint64_t seq = 0;     ///< with this event; 0: by `newest`
  std::uint32_t newest = 0;  ///< with the newest N events; 0: with what comes next
};

}  // namespace confab
