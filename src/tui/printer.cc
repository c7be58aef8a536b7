// SPDX-License-Identifier: MIT
#include "tui/printer.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "wire/names.h"

namespace confab::tui {

namespace {

using Json = nlohmann::ordered_json;

const char* name_of(Kind kind) {
  if (kind == Kind::action) return "action";
  if (kind == Kind::notice) return "notice";
  return "text";
}

const char* name_of(Left::Reason reason) {
  if (reason == Left::Reason::quit) return "quit";
  if (reason == Left::Reason::lost) return "lost";
  return "part";
}

const char* name_of(Status::State state) {
  if (state == Status::State::stored) return "stored";
  if (state == Status::State::refused) return "refused";
  return "queued";
}

const char* name_of(Link::State state) {
  if (state == Link::State::online) return "online";
  if (state == Link::State::failed) return "failed";
  return "offline";
}

const char* name_of(Presence presence) {
  if (presence == Presence::away) return "away";
  if (presence == Presence::lost) return "lost";
  return "here";
}

/// What every event of a log has.
template <typename LogEvent>
Json log_event(const char* type, const LogEvent& event) {
  return {{"type", type},
          {"room", event.room},
          {"seq", event.seq},
          {"time", format_time(event.time_ms)},
          {"name", event.name}};
}

struct ToJson {
  Json operator()(const Message& message) const {
    Json json = log_event("message", message);
    json["text"] = message.text;
    json["id"] = message.id;
    json["kind"] = name_of(message.kind);
    json["verified"] = message.verified;
    json["own"] = message.own;
    if (!message.reply_to.empty()) json["reply_to"] = message.reply_to;
    return json;
  }
  Json operator()(const Joined& joined) const {
    Json json = log_event("join", joined);
    json["verified"] = joined.verified;
    return json;
  }
  Json operator()(const Left& left) const {
    Json json = log_event("leave", left);
    json["verified"] = left.verified;
    json["reason"] = name_of(left.reason);
    return json;
  }
  Json operator()(const TopicChanged& topic) const {
    Json json = log_event("topic", topic);
    json["text"] = topic.text;
    json["verified"] = topic.verified;
    return json;
  }
  Json operator()(const Edited& edit) const {
    Json json = log_event("edit", edit);
    json["text"] = edit.text;
    json["target"] = edit.target;
    json["verified"] = edit.verified;
    return json;
  }
  Json operator()(const Redacted& redaction) const {
    Json json = log_event("redaction", redaction);
    json["target"] = redaction.target;
    json["verified"] = redaction.verified;
    if (!redaction.reason.empty()) json["reason"] = redaction.reason;
    return json;
  }
  Json operator()(const Reacted& reaction) const {
    Json json = log_event("reaction", reaction);
    json["text"] = reaction.text;
    json["target"] = reaction.target;
    json["withdrawn"] = reaction.withdrawn;
    json["verified"] = reaction.verified;
    return json;
  }
  Json operator()(const Unknown& unknown) const { return log_event("unknown", unknown); }
  Json operator()(const Gone& gone) const {
    return {{"type", "gone"}, {"room", gone.room}, {"first", gone.first}, {"last", gone.last}};
  }
  Json operator()(const Skipped& skipped) const {
    return {{"type", "skipped"}, {"room", skipped.room}, {"first", skipped.first}, {"last", skipped.last}};
  }
  Json operator()(const Status& status) const {
    Json json{{"type", "status"}, {"id", status.id}, {"room", status.room}, {"state", name_of(status.state)}};
    if (status.state == Status::State::stored) json["seq"] = status.seq;
    if (!status.reason.empty()) json["reason"] = status.reason;
    return json;
  }
  Json operator()(const Link& link) const {
    Json json{{"type", "link"}, {"state", name_of(link.state)}, {"text", link.text}};
    if (!link.name.empty()) json["name"] = link.name;
    return json;
  }
  Json operator()(const Refused& refused) const { return {{"type", "error"}, {"text", refused.text}}; }
  Json operator()(const Warning& warning) const { return {{"type", "warning"}, {"text", warning.text}}; }
  Json operator()(const PresenceChanged& change) const {
    return {{"type", "presence"}, {"room", change.room}, {"name", change.name}, {"presence", name_of(change.presence)}};
  }
  Json operator()(const Typing& typing) const {
    return {{"type", "typing"}, {"room", typing.room}, {"name", typing.name}, {"active", typing.active}};
  }
  // What only the program itself needs to know, and what comes entry by entry.
  Json operator()(const Opened&) const { return nullptr; }
  Json operator()(const Ended&) const { return nullptr; }
  Json operator()(const MarkerMoved&) const { return nullptr; }
  Json operator()(const Invited& invited) const {
    return {{"type", "invite"}, {"room", invited.room}, {"name", invited.name}, {"end_seq", invited.end_seq}};
  }
  Json operator()(const Members&) const { return nullptr; }
  Json operator()(const Rooms&) const { return nullptr; }
};

std::string dump(const Json& json) {
  // Text is clean already; `replace` keeps a slip from being an exception.
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
}

/// A direct room begins with an '@' of its own.
std::string shown_room(const std::string& room) { return room.starts_with('@') ? room : "#" + room; }

std::string room_prefix(const std::string& room, std::string_view main_room) {
  return room == main_room ? std::string() : shown_room(room) + " ";
}

/// For people. A direct room is named by its two, of whom they are one.
std::string human_prefix(const std::string& room, std::string_view main_room) {
  return wire::is_direct(room) && room != main_room ? "(private) " : room_prefix(room, main_room);
}

std::string message_lines(const Message& message, const std::string& prefix, const std::string& name) {
  std::string lines;
  std::string_view text = message.text;
  while (true) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    lines += message.kind == Kind::action ? fmt::format("{}* {} {}\n", prefix, name, line)
                                          : fmt::format("{}{} : {}\n", prefix, name, line);
    if (end == std::string_view::npos) return lines;
    text.remove_prefix(end + 1);
  }
}

std::string shown_name(const std::string& name, bool verified) { return verified ? name : "~" + name; }

std::string quiet(const std::string& line, bool color) {
  return color ? fmt::format("\x1b[2m{}\x1b[0m\n", line) : line + '\n';
}

std::string leave_text(Left::Reason reason) {
  if (reason == Left::Reason::quit) return "quit";
  if (reason == Left::Reason::lost) return "was lost";
  return "left";
}

/// As much of a message as it takes to recognise it: the beginning of its first line.
std::string beginning_of(std::string_view text) {
  constexpr std::size_t bytes_max = 60;
  const std::string_view line = text.substr(0, text.find('\n'));
  const std::string_view start = base::prefix_within(line, bytes_max);
  return std::string(start) + (start.size() < text.size() ? "…" : "");
}

/// A further line would look like somebody else's.
std::string one_line(std::string text) {
  std::ranges::replace(text, '\n', ' ');
  return text;
}

/// What stands between the messages, as one line; empty for what a person need not see.
struct ToQuietLine {
  std::string operator()(const Joined& joined) const { return does(joined, "joined"); }
  std::string operator()(const Left& left) const { return does(left, leave_text(left.reason)); }
  std::string operator()(const TopicChanged& topic) const {
    return does(topic, topic.text.empty() ? "took the topic away" : "set the topic: " + topic.text);
  }
  std::string operator()(const Edited& edit) const { return does(edit, "edited: " + one_line(edit.text)); }
  std::string operator()(const Redacted& redaction) const {
    return does(redaction, "took back a message" + (redaction.reason.empty() ? "" : ": " + redaction.reason));
  }
  std::string operator()(const Unknown& unknown) const {
    return fmt::format("{}* something of {} that this version cannot show", prefix(unknown), unknown.name);
  }
  std::string operator()(const Gone& gone) const {
    return fmt::format("{}(events {} to {} are no longer kept)", prefix(gone), gone.first, gone.last);
  }
  std::string operator()(const Skipped& skipped) const {
    return fmt::format("{}({} earlier events were missed, too many to show)", prefix(skipped),
                       skipped.last - skipped.first + 1);
  }
  std::string operator()(const Invited& invited) const {
    return fmt::format("* {} has written to you: /join @{}", invited.name, invited.name);
  }
  template <typename Other>
  std::string operator()(const Other&) const {
    return {};
  }

  std::string prefix(const auto& event) const { return human_prefix(event.room, main_room); }
  std::string does(const auto& event, std::string_view what) const {
    return fmt::format("{}* {} {}", prefix(event), shown_name(event.name, event.verified), what);
  }

  std::string_view main_room;
};

}  // namespace

std::string format_time(std::int64_t unix_ms) {
  const std::chrono::milliseconds since_epoch{unix_ms};
  const auto seconds = std::chrono::floor<std::chrono::seconds>(since_epoch);
  const std::chrono::sys_seconds time{seconds};
  const std::chrono::year_month_day date{std::chrono::floor<std::chrono::days>(time)};
  const std::chrono::hh_mm_ss clock{time - std::chrono::floor<std::chrono::days>(time)};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count(), (since_epoch - seconds).count());
}

std::string to_json_line(const Event& event) {
  const Json json = std::visit(ToJson{}, event);
  return json.is_null() ? std::string() : dump(json);
}

std::string to_json_line(const Member& member, const std::string& room) {
  Json json{{"type", "member"},
            {"room", room},
            {"name", member.name},
            {"verified", member.verified},
            {"presence", name_of(member.presence)}};
  if (!member.away_text.empty()) json["away"] = member.away_text;
  return dump(json);
}

std::string to_json_line(const RoomInfo& room) {
  Json json{{"type", "room"}, {"name", room.name}, {"members", room.members}, {"end_seq", room.end_seq}};
  if (!room.topic.empty()) json["topic"] = room.topic;
  return dump(json);
}

std::string to_columns(const RoomInfo& room) {
  std::string line = fmt::format("{}\t{} here\t{} events", shown_room(room.name), room.members, room.end_seq);
  if (!room.topic.empty()) line += "\t" + room.topic;
  return line + '\n';
}

std::string to_json_line(std::string_view type, std::string_view text) {
  return dump({{"type", type}, {"text", text}});
}

std::string room_label(const std::string& room, std::string_view own_name) {
  const auto peer = wire::direct_peer(room, own_name);
  return peer ? '@' + *peer : shown_room(room);
}

std::string to_script_lines(const Event& event, std::string_view main_room) {
  const auto* message = std::get_if<Message>(&event);
  return message == nullptr ? std::string()
                            : message_lines(*message, room_prefix(message->room, main_room), message->name);
}

std::string to_human_lines(const Event& event, std::string_view main_room, bool color) {
  if (const auto* message = std::get_if<Message>(&event)) {
    return message_lines(*message, human_prefix(message->room, main_room),
                         shown_name(message->name, message->verified));
  }
  const std::string line = std::visit(ToQuietLine{main_room}, event);
  return line.empty() ? line : quiet(line, color);
}

std::string to_human_lines(const Reacted& reacted, const Message& target, std::string_view main_room, bool color) {
  return quiet(fmt::format("{}* {} {} {} to {}: {}", human_prefix(reacted.room, main_room),
                           shown_name(reacted.name, reacted.verified), reacted.withdrawn ? "no longer says" : "says",
                           reacted.text, shown_name(target.name, target.verified), beginning_of(target.text)),
               color);
}

std::string to_human_line(const RoomInfo& room) {
  const std::string topic = room.topic.empty() ? "" : "  " + room.topic;
  return fmt::format("* {}  {} here{}\n", shown_room(room.name), room.members, topic);
}

std::string to_human_line(const Member& member) {
  std::string line = shown_name(member.name, member.verified);
  if (member.presence == Presence::away)
    line += member.away_text.empty() ? " (away)" : " (away: " + member.away_text + ")";
  if (member.presence == Presence::lost) line += " (not heard of)";
  return line + '\n';
}

}  // namespace confab::tui
