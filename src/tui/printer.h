// SPDX-License-Identifier: MIT
// Events as lines of text. For scripts there are two forms, both one event a line:
//
//   text    name : text                  in the main room; "* name text" for an action
//           #room name : text            in any other room; a direct one is called "@name : name"
//   json    one object a line, "type" first: message, join, leave, topic, edit, redaction, reaction, unknown, gone,
//   skipped, status, link, room, member, presence, typing, invite, notice, warning, error
//
// A message of several lines of text is that many lines in text, each with its name, and one object in JSON. For people
// there is a third form, which marks names that no key stands behind with '~' (IRC's mark for the unverified) and shows
// joins and leaves, topics, edits and what was taken back.
#pragma once

#include <string>
#include <string_view>

#include "confab/types.h"

namespace confab::tui {

/// 2026-01-31T12:00:00.000Z
std::string format_time(std::int64_t unix_ms);

std::string to_json_line(const Event& event);
std::string to_json_line(const Member& member, const std::string& room);
std::string to_json_line(const RoomInfo& room);
/// Name, members, events and topic between tabs, for scripts that do without JSON.
std::string to_columns(const RoomInfo& room);
/// What Confab itself says; `type` is "notice" or "error".
std::string to_json_line(std::string_view type, std::string_view text);

/// A room as people call it: "#dev", or "@ada" for the direct room of `own_name` with Ada.
std::string room_label(const std::string& room, std::string_view own_name);

/// Empty for what is no message. `main_room` is shown without its name.
std::string to_script_lines(const Event& event, std::string_view main_room);

/// Empty for what a person need not see. With `color`, quiet lines are dimmed.
std::string to_human_lines(const Event& event, std::string_view main_room, bool color);

/// A reaction with the message it is about; only the reader's memory has that one.
std::string to_human_lines(const Reacted& reacted, const Message& target, std::string_view main_room, bool color);

std::string to_human_line(const Member& member);
std::string to_human_line(const RoomInfo& room);

}  // namespace confab::tui
