// SPDX-License-Identifier: MIT
// What may be a member's name and a room's name. The functions take whatever bytes a peer sent, and are idempotent:
// what they answer, they answer again.
//
//   direct = "@" folded " : " folded    ; the room of two people: their names, case folded, in the order of their bytes
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace confab::wire {

/// The name as it is written from now on: NFC, every kind of space as a plain one, none at the ends. Refused with a
/// sentence for people: empty or invisible, over limits::name_characters_max characters, control or bidirectional
/// characters, a leading '#', '@' or '/', two spaces in a row, or " : " inside, which would make a plain line
/// ambiguous; a name that ends in " :" likewise.
std::expected<std::string, std::string> canonical_name(std::string_view name);

/// The room as it is written from now on: without a leading '#', case folded. Refused: empty, over
/// limits::room_characters_max characters, anything but letters, digits, combining marks (any script), '-', '_', '.',
/// and these three alone. What begins with '@' is a direct room, named by its two people in any order and spelling.
std::expected<std::string, std::string> canonical_room(std::string_view room);

/// The room of these two, the same one whoever names it. Refused: what is no name, and the few names that are none any
/// more when they are case folded (too long, most likely).
std::expected<std::string, std::string> direct_room(std::string_view name, std::string_view other);

/// Of a room as canonical_room() writes it.
constexpr bool is_direct(std::string_view room) { return room.starts_with('@'); }
/// Its two, case folded, as views of `room`; none of any other room.
std::optional<std::pair<std::string_view, std::string_view>> direct_names(std::string_view room);
/// Who else is in this direct room of `name`'s, case folded; none where it is not `name`'s, or not direct.
std::optional<std::string> direct_peer(std::string_view room, std::string_view name);

}  // namespace confab::wire
