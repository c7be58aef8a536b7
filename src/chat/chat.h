// SPDX-License-Identifier: MIT
// The rules: who may be called what, who is where, who may say what. A pure machine: commands and time in, effects out;
// what becomes of the effects (store, network) is the server's business. Not thread-safe.
//
// Invariants:
// 1. A folded name has at most one owner, the first key that took it, for good.
// 2. A member of a room has at least one session there, or a grace that has not yet run out.
// 3. Every Joined in a log is followed by a Left before the next Joined of the same member, restarts or not.
// 4. A direct room is open to the sessions that own one of its two names, and to nobody else; nothing is told of it.
// 5. A read marker never moves back. Only who is in a room marks it, and no name more than markers_per_name_max.
#pragma once

#include <cstddef>
#include <expected>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/random.h"
#include "base/time.h"
#include "chat/command.h"

namespace confab::chat {

struct MemberInfo {
  std::string name;
  wire::pb::Origin origin = wire::pb::ORIGIN_KEY;
  wire::pb::Presence presence;
};

struct RoomInfo {
  std::string name;
  std::size_t members = 0;
  std::string topic;
};

template <typename T>
struct Page {
  std::vector<T> entries;
  bool more = false;
};

class Chat {
 public:
  /// `random` makes the ids of the events that the server writes itself.
  explicit Chat(base::Random& random) : random_(random) {}

  /// What the store knows; before the first command. `newest_ms`: the time of the room's newest event.
  void restore_room(const std::string& room, std::uint64_t newest_ms, std::string topic = {});
  void restore_marker(const std::string& folded_name, const std::string& room, base::Seq up_to);
  void restore_claim(const std::string& folded_name, const PublicKey& key) { owners_.emplace(folded_name, key); }
  /// Who was in the room when the server stopped: its grace begins with the first wake(), and nothing is shown of one
  /// who is back in time.
  void restore_member(const std::string& room, const MemberKey& key, const std::string& name);

  Effects apply(const Command& command, base::Now now);
  /// An event is stored: what it says of its room holds from now on. `topic`: of a Topic.
  void on_stored(const std::string& room, const std::optional<std::string>& topic);
  /// Ends the graces that have run out.
  Effects wake(base::Now now);
  base::Instant next_deadline() const;

  bool has_room(const std::string& room) const { return rooms_.contains(room); }
  /// Why this session may know nothing of this room, if so.
  std::optional<Refusal> check_access(SessionId session, const std::string& room) const;
  /// Empty: none.
  const std::string& topic(const std::string& room) const;
  /// How far the session's name has read; 0: it never said.
  base::Seq read_seq(SessionId session, const std::string& room) const;
  std::size_t member_count(const std::string& room) const;
  /// One page, in the order of folded names: at most `count_max`, beginning behind the name `after` (empty: at the
  /// start).
  Page<MemberInfo> members(const std::string& room, const std::string& after, std::size_t count_max) const;
  Page<RoomInfo> rooms(const std::string& after, std::size_t count_max) const;
  /// Likewise, of the direct rooms of the session's name that have events; rooms() has none of them.
  Page<RoomInfo> direct_rooms(SessionId session, const std::string& after, std::size_t count_max) const;
  /// The sessions that are in the room now, in order of their ids.
  std::vector<SessionId> sessions_in(const std::string& room) const;
  bool is_in(SessionId session, const std::string& room) const;
  /// The sessions of the owner of this name, in order of their ids.
  std::vector<SessionId> sessions_of(const std::string& folded_name) const;
  /// The written name of a session; empty for observers and the unknown.
  const std::string& name_of(SessionId session) const;

 private:
  struct Member {
    std::string name;
    std::set<SessionId> sessions;
    wire::pb::Presence presence;
    base::Instant grace_end = base::never;  // set while `sessions` is empty
    bool announced = false;                 // its Joined stands in the log
  };
  struct Room {
    std::map<MemberKey, Member> members;
    std::uint64_t newest_ms = 0;
    std::string topic;
  };
  struct Session {
    std::string name;  // empty: an observer
    MemberKey key;
    std::set<std::string> rooms;
  };
  struct Grace {
    base::Instant end;
    std::string room;
    MemberKey member;
    auto operator<=>(const Grace&) const = default;
  };

  Effects on(const commands::Identify& command, base::Now now);
  Effects on(const commands::Join& command, base::Now now);
  Effects on(const commands::Part& command, base::Now now);
  Effects on(const commands::Post& command, base::Now now);
  Effects on(const commands::MarkRead& command, base::Now now);
  Effects on(const commands::SetPresence& command, base::Now now);
  Effects on(const commands::End& command, base::Now now);

  Session* speaker(SessionId session, Effects& effects);
  bool is_member(const MemberKey& key, const std::string& room) const;
  std::expected<std::string, Refusal> place(SessionId session, const std::string& room) const;
  std::optional<Refusal> check_owner(const commands::Identify& command, const MemberKey& key, Effects& effects);
  void enter(const std::string& room, SessionId id, const Session& session, Effects& effects, base::Now now);
  void leave(const std::string& room, SessionId id, const Session& session, wire::pb::Left::Reason reason,
             Effects& effects, base::Now now);
  void remove(const std::string& room, const MemberKey& key, wire::pb::Left::Reason reason, Effects& effects,
              base::Now now);
  void begin_grace(const std::string& room, const MemberKey& key, Member& member, base::Now now);
  NewEvent make_member_event(const std::string& room, const Member& member, const MemberChange& change, base::Now now);
  NewEvent make_event(const std::string& room, const std::string& name, wire::pb::Origin origin, base::MessageId id,
                      base::Now now);

  base::Random& random_;
  std::map<std::string, Room> rooms_;
  std::map<SessionId, Session> sessions_;
  std::set<std::pair<std::string, SessionId>> sessions_by_name_;     // folded names; with a key behind them
  std::map<std::string, PublicKey> owners_;                          // folded name -> key
  std::map<std::string, std::set<std::string>> direct_rooms_;        // folded name -> those that have events
  std::map<std::string, std::map<std::string, base::Seq>> markers_;  // folded name -> room -> how far it is read
  std::set<Grace> graces_;
  std::vector<std::pair<std::string, MemberKey>> restored_;  // until the first wake()
};

}  // namespace confab::chat
