// SPDX-License-Identifier: MIT
// Every limit of the protocol, with its reason. docs/PROTOCOL.md repeats the names; a Refused reply names the limit
// that was passed. Sizes are in bytes unless the name says otherwise.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace confab::wire::limits {

/// A long paste fits (some 300 lines); an hour of one member's flood does not fill a disk.
inline constexpr std::size_t message_bytes_max = 16 * 1024;

/// IRC networks use 9 to 30; 32 leaves room for full names in any script.
inline constexpr std::size_t name_characters_max = 32;
inline constexpr std::size_t room_characters_max = 64;

/// A person in more rooms than this uses a program; each room costs the server a stream.
inline constexpr std::size_t rooms_per_session_max = 256;
/// Reads beside the joined rooms: scrollback in several windows.
inline constexpr std::size_t readers_per_session_max = 64;
/// An empty room costs a table row for good: bounded, so that a script cannot fill the server with them.
inline constexpr std::size_t rooms_max = 100'000;

/// Largest frame on any stream: a message with room for all that stands around it. A peer that announces more is cut
/// off before anything is allocated.
inline constexpr std::size_t frame_bytes_max = 64 * 1024;
/// Members and rooms come in pages of this many, so that a page of the longest names stays below frame_bytes_max.
inline constexpr std::size_t page_entries_max = 100;
/// Long topics end a page of rooms earlier, for the same reason.
inline constexpr std::size_t page_bytes_max = 48 * 1024;

/// Rooms that a name keeps a read marker in, for good: four times what a person is in at once, and a few dozen KiB.
inline constexpr std::size_t markers_per_name_max = 1024;

/// Messages of one session that wait for the store. Its next requests are read only when one of them is settled.
inline constexpr std::size_t sends_in_flight_max = 1024;

/// A direct room with news is pointed out to a session that is not in it once in this time: it knows enough to join.
inline constexpr std::chrono::seconds invited_every{10};

/// Joins and leaves enter the log of rooms up to this size. Beyond it they would cost members² deliveries and nobody
/// could read them.
inline constexpr std::size_t announced_members_max = 256;
/// Typing and presence hints are fanned out in rooms up to this size, for the same reason.
inline constexpr std::size_t hinted_members_max = 256;

/// How long a member whose connection was lost still counts as present.
inline constexpr std::chrono::seconds presence_grace{30};

inline constexpr std::size_t presence_text_bytes_max = 256;
/// A line above the room, and room for a link or two; a full page of rooms must have space for theirs.
inline constexpr std::size_t topic_bytes_max = 512;
/// Why a message was taken back: a sentence.
inline constexpr std::size_t redaction_reason_bytes_max = 256;
/// The longest emoji are sequences of some 40 bytes; a short word does as well.
inline constexpr std::size_t reaction_bytes_max = 64;
inline constexpr std::size_t agent_bytes_max = 128;

/// The toy reads datagrams of 1,024 bytes.
inline constexpr std::size_t plain_datagram_bytes_max = 1024;
/// A long message fills 17 datagrams. One of thousands of short lines would fill the queue and everybody's screen.
inline constexpr std::size_t plain_datagrams_per_message_max = 64;
/// A plain member that is silent this long is gone; its protocol has no goodbye.
inline constexpr std::chrono::minutes plain_silence_max{10};
inline constexpr std::size_t plain_members_max = 1024;
/// What an address beyond loopback, which proves nothing, may be sent for each datagram that came from it.
inline constexpr std::size_t plain_unproven_bytes_max = 64 * 1024;

/// The room that plain members live in, and the default of every client.
inline constexpr char lobby[] = "lobby";

}  // namespace confab::wire::limits
