// SPDX-License-Identifier: MIT
// What may be a member's name and a room's name. Both functions take whatever bytes a peer sent, and are idempotent:
// what they answer, they answer again.
#pragma once

#include <expected>
#include <string>
#include <string_view>

namespace confab::wire {

/// The name as it is written from now on: NFC, every kind of space as a plain one, none at the ends. Refused with a
/// sentence for people: empty or invisible, over limits::name_characters_max characters, control or bidirectional
/// characters, a leading '#', '@' or '/', two spaces in a row, or " : " inside, which would make a plain line
/// ambiguous; a name that ends in " :" likewise.
std::expected<std::string, std::string> canonical_name(std::string_view name);

/// The room as it is written from now on: without a leading '#', case folded. Refused: empty, over
/// limits::room_characters_max characters, anything but letters, digits, combining marks (any script), '-', '_', '.',
/// and these three alone.
std::expected<std::string, std::string> canonical_room(std::string_view room);

}  // namespace confab::wire
