// SPDX-License-Identifier: MIT
// What line mode makes of the settings: whose lines are hidden, of which a person is told, what is run.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "tui/event_fields.h"
#include "tui/line_mode.h"
#include "tui/printer.h"
#include "wire/names.h"

namespace confab::tui {

namespace {

/// So much of what the ignored did can be shown after all.
constexpr std::size_t hidden_events_max = 500;

/// Something that stays true, and not that somebody types.
bool is_lasting(const Event& event) {
  return std::visit([](const auto& each) { return requires { each.time_ms; }; }, event) ||
         std::holds_alternative<Invited>(event);
}

}  // namespace

/// At the start, and when a setting has changed.
void LineMode::apply_settings() {
  editor_.set_bindings(settings_.keys);
  highlights_.clear();
  ignored_.clear();
  for (const std::string& name : settings_.ignore) ignored_.insert(base::fold_case(name));
  show_unhidden();
}

bool LineMode::is_ignored(const Event& event) const {
  return !ignored_.empty() && ignored_.contains(base::fold_case(author_of(event)));
}

/// What a /history brings it brings again.
void LineMode::hide(const Event& event) {
  const RequestId request = request_of(event);
  if (!is_lasting(event) || (request != 0 && !news_behind_.contains(request))) return;
  hidden_.push_back(event);
  if (hidden_.size() > hidden_events_max) hidden_.pop_front();
}

/// Nobody's bell rings for what was said long ago.
void LineMode::show_unhidden() {
  for (const Event& event : std::exchange(hidden_, {})) {
    if (is_ignored(event)) {
      hidden_.push_back(event);
    } else if (!is_known(event)) {
      take(event);
    }
  }
}

const prefs::Highlights& LineMode::highlights_in(const std::string& room) {
  const auto found = highlights_.find(room);
  if (found != highlights_.end()) return found->second;
  return highlights_.try_emplace(room, name_, settings_.highlights_of(room, name_)).first->second;
}

bool LineMode::mentions_me(const Message& message) {
  return highlights_in(message.room).mentions(message, settings_.ignore);
}

/// What is read from a history is none, nor what was read on another device.
bool LineMode::is_news(const Message& message) const {
  if (message.request == 0) return true;
  const auto join = news_behind_.find(message.request);
  return join != news_behind_.end() && join->second && message.seq > *join->second;
}

/// As on the screen: the room that is talked in is in sight, but who is named wants to know there, too.
void LineMode::tell_of(const Message& message) {
  const bool is_mine = message.own || (message.verified && base::fold_case(message.name) == base::fold_case(name_));
  if (is_mine || !is_news(message)) return;
  const bool is_direct = wire::is_direct(message.room);
  const bool is_mentioned = is_direct || mentions_me(message);
  const bool is_seen = message.room == room_ && (is_direct || !is_mentioned);
  const prefs::Arrival arrival{
      .where = room_label(message.room, name_), .name = message.name, .text = message.text, .mentioned = is_mentioned};
  ring(notifier_.arrive(arrival, settings_.rule_of(message.room, name_),
                        is_seen ? prefs::Focus::here : prefs::Focus::elsewhere, settings_.notifications, now_.instant));
  if (!is_mentioned) return;
  auto spawn = hooks_.on_mention(settings_.hooks.mention_command, options_.server, message, now_.instant);
  if (spawn) spawns_.push_back(*std::move(spawn));
}

/// Not into a file or pipe.
void LineMode::ring(const std::string& bytes) {
  if (!options_.redirected) output_ += bytes;
}

void LineMode::on_ignore(std::string_view argument) {
  if (!argument.empty()) {
    settings_.ignore.emplace_back(argument);
    apply_settings();
    return note(fmt::format("{} is ignored in this run; `ignore` in config.toml keeps it", argument));
  }
  if (settings_.ignore.empty()) return note("nobody is ignored");
  for (const std::string& name : settings_.ignore) note(fmt::format("ignored: {}", name));
}

void LineMode::on_unignore(std::string_view argument) {
  const std::string folded = base::fold_case(argument);
  const auto erased =
      std::erase_if(settings_.ignore, [&](const std::string& name) { return base::fold_case(name) == folded; });
  if (erased == 0) return note(fmt::format("{} was not ignored", argument));
  note(fmt::format("{} is heard again", argument));
  apply_settings();
  // A direct room with somebody who is ignored was not opened.
  if (online_ && !direct_rooms_) direct_rooms_ = client_.get_direct_rooms();
}

void LineMode::on_set(std::string_view argument) {
  const auto said = prefs::run_set(settings_, prefs::Mode::line, argument);
  said ? note_lines(*said) : complain(said.error());
  apply_settings();
}

void LineMode::on_exec(std::string_view argument) {
  auto spawn = hooks_.exec(argument, room_);
  if (!spawn) return complain(spawn.error());
  spawns_.push_back(*std::move(spawn));
}

void LineMode::hear_child(const prefs::ChildOutput& output, base::Now now) {
  now_ = now;
  const auto result = hooks_.hear(output);
  const bool is_here = result && std::ranges::find(rooms_, result->room) != rooms_.end();
  if (!is_here) return;  // it still runs, or one has left the room since
  for (const std::string& line : result->lines) {
    if (result->say) {
      say(result->room, Kind::text, line);
    } else {
      note(line);
    }
  }
  if (!result->remark.empty()) note(result->remark);
}

}  // namespace confab::tui
