// SPDX-License-Identifier: MIT
// What may be asked of the chat, and what comes of it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/ids.h"
#include "wire/framing.h"

namespace confab::chat {

using SessionId = std::uint64_t;  ///< one connection or one plain address, for its life; 0 is none
using PublicKey = std::array<std::uint8_t, 32>;

/// What may be sent into a room.
using Content =
    std::variant<wire::pb::Message, wire::pb::Topic, wire::pb::Edit, wire::pb::Redaction, wire::pb::Reaction>;

namespace commands {

/// A session says who it is, once. Without a name it is an observer.
struct Identify {
  SessionId session = 0;
  std::string name;              ///< as typed
  std::optional<PublicKey> key;  ///< proved; none for a plain member
};
struct Join {
  SessionId session = 0;
  std::string room;
};
struct Part {
  SessionId session = 0;
  std::string room;
};
/// Something for a room; its author need not be in it, so that a script can post without a join and a leave around each
/// line. A topic alone is for its members.
struct Post {
  SessionId session = 0;
  std::string room;
  base::MessageId id;
  Content content;
};
/// The session's name has read a room, as it is written, up to this event.
struct MarkRead {
  SessionId session = 0;
  std::string room;
  base::Seq up_to = 0;
};
struct SetPresence {
  SessionId session = 0;
  wire::pb::Presence presence;
};
/// The session is over: it quit, or nothing is heard of it any more and the grace begins.
struct End {
  SessionId session = 0;
  bool quit = false;
};

}  // namespace commands

using Command = std::variant<commands::Identify, commands::Join, commands::Part, commands::Post, commands::MarkRead,
                             commands::SetPresence, commands::End>;

/// Why a command changed nothing.
struct Refusal {
  wire::pb::Refused::Code code = wire::pb::Refused::CODE_UNSPECIFIED;
  std::string text;   ///< a sentence for people
  std::string limit;  ///< CODE_LIMIT: the limit's name in wire/limits.h
  std::uint64_t limit_value = 0;
};

/// A key and a plain sender may bear the same name for a while (the key came later): they are two members.
struct MemberKey {
  std::string folded_name;
  wire::pb::Origin origin = wire::pb::ORIGIN_KEY;
  auto operator<=>(const MemberKey&) const = default;
};

/// Who is in a room from an event on, or no longer.
struct MemberChange {
  MemberKey key;
  bool present = false;
};

/// An event that belongs into a room's log, complete but for its seq.
struct NewEvent {
  std::string room;
  base::MessageId id;
  wire::pb::Event event;
  std::optional<MemberChange> member;  ///< of a Joined or Left
};

/// A name that has found its owner.
struct NewClaim {
  std::string folded_name;
  PublicKey key{};
};

/// A name has read on: its other sessions and the store are told.
struct NewMarker {
  std::string folded_name;
  std::string room;
  base::Seq up_to = 0;
};

/// Somebody's presence changed; the members of these rooms may be told.
struct PresenceChange {
  std::string name;
  std::vector<std::string> rooms;
  wire::pb::Presence presence;
};

/// What a command, or time, brought about.
struct Effects {
  std::optional<Refusal> refusal;
  std::string name;  ///< Identify: the name as it is written from now on
  std::string room;  ///< Join, Part, Post: the room as it is written
  std::vector<NewEvent> events;
  std::vector<NewClaim> claims;
  std::optional<NewMarker> marker;
  std::vector<PresenceChange> presence;
};

}  // namespace confab::chat
