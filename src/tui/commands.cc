// SPDX-License-Identifier: MIT
#include "tui/commands.h"

#include <fmt/format.h>

#include "base/text.h"
#include "tui/printer.h"
#include "tui/words.h"

namespace confab::tui {

void SendCommand::start() {
  if (options_.id) {
    id_ = options_.id->to_string();
    client_.send_as(*options_.id, options_.room, {.text = options_.text});
  } else {
    id_ = client_.send(options_.room, Kind::text, options_.text);
  }
}

void SendCommand::hear(const Event& event, base::Now) {
  const auto* link = std::get_if<Link>(&event);
  if (link != nullptr && link->state == Link::State::offline && !was_online()) {
    return give_up(exit_codes::unreachable, link->text);
  }
  if (end_on_failure(event)) return;
  const auto* status = std::get_if<Status>(&event);
  if (status == nullptr) return;
  if (options_.json) output_ += to_json_line(event);
  if (link_failed()) return;
  if (status->state == Status::State::refused) {
    const bool own = status->id == id_;
    errors_ += fmt::format("confab: {}: {}\n", own ? "not sent" : "not sent, of an earlier run", status->reason);
    if (own) end(exit_codes::failed);
  } else if (status->state == Status::State::stored && status->id == id_) {
    end(exit_codes::done);
  }
}

void SendCommand::caught_up() {
  if (giving_up_) return leave_unsettled(giving_up_->exit_code, giving_up_->why);
  if (client_.unsettled() == 0) end(exit_codes::done);  // the plain protocol tells no more
}

void SendCommand::wake(base::Now now) {
  if (deadline_ == base::at_once) {
    deadline_ = now.instant + patience;
  } else if (now.instant >= deadline_) {
    deadline_ = base::never;
    give_up(exit_codes::unreachable, "no word from the server");
  }
}

ReadCommand::ReadCommand(client::Client& client, ReadCommandOptions options)
    : Conversation(client), options_(std::move(options)) {
  for (std::string& word : options_.words) word = base::fold_case(word);
}

void ReadCommand::start() {
  client_.read({.room = options_.room, .start = options_.start, .follow = options_.follow, .count = 0});
}

void ReadCommand::hear(const Event& event, base::Now) {
  if (end_on_failure(event)) return;
  if (const auto* refused = std::get_if<Refused>(&event)) return fail(exit_codes::failed, refused->text);
  if (std::holds_alternative<Ended>(event)) return end(exit_codes::done);
  const auto* link = std::get_if<Link>(&event);
  if (link != nullptr) {
    if (link->state == Link::State::offline) errors_ += fmt::format("confab: {}; trying again\n", link->text);
    return;
  }
  if (std::holds_alternative<Gone>(event)) {
    (options_.json ? output_ : errors_) +=
        options_.json ? to_json_line(event) : to_human_lines(event, options_.room, false);
    return;
  }
  if (!matches(event)) return;
  output_ += options_.json ? to_json_line(event) : to_script_lines(event, options_.room);
}

bool ReadCommand::matches(const Event& event) const {
  if (options_.words.empty()) return true;
  const auto* message = std::get_if<Message>(&event);
  if (message == nullptr) return false;
  return contains_all(message->text, options_.words);
}

void ListCommand::start() {
  if (what_ == What::rooms) {
    client_.get_rooms();
  } else {
    client_.get_members(room_);
  }
}

void ListCommand::hear(const Event& event, base::Now) {
  if (end_on_failure(event)) return;
  if (const auto* refused = std::get_if<Refused>(&event)) return fail(exit_codes::failed, refused->text);
  if (const auto* rooms = std::get_if<Rooms>(&event)) {
    for (const RoomInfo& room : rooms->rooms) {
      output_ += json_ ? to_json_line(room) : to_columns(room);
    }
    return end(exit_codes::done);
  }
  if (const auto* members = std::get_if<Members>(&event)) {
    for (const Member& member : members->members) {
      output_ += json_ ? to_json_line(member, members->room) : to_human_line(member);
    }
    end(exit_codes::done);
  }
}

}  // namespace confab::tui
