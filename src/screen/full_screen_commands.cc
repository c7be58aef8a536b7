// SPDX-License-Identifier: MIT
// What a typed line does: text is said, and each command of the table has a handler here or, where it is about one
// message, in full_screen_messages.cc.
#include <algorithm>
#include <charconv>
#include <chrono>

#include <fmt/format.h>

#include "base/text.h"
#include "prefs/set_command.h"
#include "screen/full_screen.h"
#include "tui/printer.h"
#include "tui/status_command.h"
#include "wire/names.h"

namespace confab::screen {

namespace {

using tui::Verb;

/// Beyond that PgUp and dates lead.
constexpr std::size_t rows_up_max = 10'000;

/// 2026-11-22, as days since 1970-01-01.
std::optional<std::int64_t> parse_day(std::string_view text) {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  const auto number = [&text](auto& into, std::size_t digits) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + std::min(digits, text.size()), into);
    const bool good = error == std::errc() && end == text.data() + digits;
    text.remove_prefix(std::min(digits + 1, text.size()));
    return good;
  };
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  if (!number(year, 4) || !number(month, 2) || !number(day, 2)) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date).time_since_epoch().count();
}

}  // namespace

struct FullScreen::Handler {
  Verb verb;
  void (FullScreen::*run)(std::string_view argument);
};

const FullScreen::Handler FullScreen::handlers[] = {
    {Verb::join, &FullScreen::on_join},       {Verb::part, &FullScreen::on_part},
    {Verb::msg, &FullScreen::on_msg},         {Verb::me, &FullScreen::on_me},
    {Verb::reply, &FullScreen::on_reply},     {Verb::edit, &FullScreen::on_edit},
    {Verb::redact, &FullScreen::on_redact},   {Verb::react, &FullScreen::on_react},
    {Verb::topic, &FullScreen::on_topic},     {Verb::names, &FullScreen::on_names},
    {Verb::whois, &FullScreen::on_whois},     {Verb::list, &FullScreen::on_list},
    {Verb::history, &FullScreen::on_history}, {Verb::search, &FullScreen::on_search},
    {Verb::mark, &FullScreen::on_mark},       {Verb::retry, &FullScreen::on_retry},
    {Verb::discard, &FullScreen::on_discard}, {Verb::nick, &FullScreen::on_nick},
    {Verb::away, &FullScreen::on_away},       {Verb::back, &FullScreen::on_back},
    {Verb::ignore, &FullScreen::on_ignore},   {Verb::unignore, &FullScreen::on_unignore},
    {Verb::set, &FullScreen::on_set},         {Verb::exec, &FullScreen::on_exec},
    {Verb::status, &FullScreen::on_status},   {Verb::clear, &FullScreen::on_clear},
    {Verb::help, &FullScreen::on_help},       {Verb::quit, &FullScreen::on_quit},
};

void FullScreen::take_line(const std::string& line) {
  if (line.empty()) return;
  const auto call = tui::parse_command(line);
  if (!call) return note(call.error(), Entry::What::error);
  window().view().end_search();
  window().stop_seeking();
  if (call->verb == Verb::say) return say_here(Kind::text, call->argument);
  const auto* const handler = std::ranges::find(handlers, call->verb, &Handler::verb);
  (this->*handler->run)(call->argument);
}

void FullScreen::say(Window& window, ServerView& server, Kind kind, const std::string& text) {
  post(window, server, {.what = Content::What::message, .kind = kind, .text = text});
}

void FullScreen::post(Window& window, ServerView& server, const Content& content) {
  const std::string id = server.client().post(window.room(), content);
  window.buffer().add_own(id, content, server.name(), now_.wall.unix_ms);
  under_way_.emplace(id, content.what);
}

/// What the person says, who then wants to see it.
void FullScreen::say_here(Kind kind, const std::string& text) {
  say(window(), server(), kind, text);
  window().view().deselect();
  window().view().to_bottom();
  window().buffer().drop_marker();
  typing_in_.reset();
}

void FullScreen::post(const Content& content) {
  post(window(), server(), content);
  window().view().deselect();
}

void FullScreen::show_room(const std::string& room) { go_to({current_.server, &open(current_.server, room)}); }

/// A room as people call it: "#dev", "dev", "@zoe".
std::expected<std::string, std::string> FullScreen::room_named(std::string_view typed) const {
  const bool is_person = typed.starts_with('@') && !wire::direct_names(typed);
  return is_person ? wire::direct_room(server().name(), typed.substr(1)) : wire::canonical_room(typed);
}

void FullScreen::on_join(std::string_view argument) {
  const auto room = room_named(argument);
  if (!room) return note(room.error(), Entry::What::error);
  show_room(*room);
}

void FullScreen::on_part(std::string_view argument) {
  const std::string room = argument.empty() ? window().room() : room_named(argument).value_or(std::string(argument));
  Window* left = server().find(room);
  if (left == nullptr) return note(fmt::format("you are not in {}", server().label_of(room)), Entry::What::error);
  if (server().windows().size() == 1) return note("this is your last room here; /quit leaves", Entry::What::error);
  left->part();
  ServerView& its = server();
  if (left == &window()) go_by(1);
  its.close(*left);
}

void FullScreen::on_msg(std::string_view argument) {
  tui::Addressed to = tui::split_address(argument);
  if (to.name.empty() || window().roster().find(to.name) == nullptr) {
    const std::size_t end = std::min(argument.find_first_of(" \n"), argument.size());
    to = {.name = argument.substr(0, end), .text = argument.substr(std::min(end + 1, argument.size()))};
  }
  if (to.name.starts_with('@')) to.name.remove_prefix(1);
  const auto room = wire::direct_room(server().name(), to.name);
  if (!room) return note(room.error(), Entry::What::error);
  const std::string text(to.text);
  show_room(*room);
  if (!text.empty()) say_here(Kind::text, text);
}

void FullScreen::on_me(std::string_view argument) { say_here(Kind::action, std::string(argument)); }

void FullScreen::on_topic(std::string_view argument) {
  if (!argument.empty()) return post({.what = Content::What::topic, .text = std::string(argument)});
  note(window().topic().empty() ? "this room has no topic" : window().topic());
}

void FullScreen::on_names(std::string_view argument) {
  const Window* shown = argument.empty() ? &window() : server().find(room_named(argument).value_or(""));
  if (shown == nullptr) return note("you are not in that room", Entry::What::error);
  constexpr std::size_t names_max = 200;
  std::string text = fmt::format("{} here:", shown->roster().size());
  for (const Member& member : shown->roster().first(names_max)) {
    text += ' ' + shown_name(member.name, member.verified);
    if (member.presence != Presence::here) text += member.presence == Presence::away ? " (away)" : " (?)";
    text += ',';
  }
  text.back() = shown->roster().size() > names_max ? ' ' : '.';
  note(text + (shown->roster().size() > names_max ? "and others" : ""));
}

void FullScreen::on_whois(std::string_view argument) {
  const Member* member = window().roster().find(argument);
  if (member == nullptr) return note(fmt::format("{} is not here", argument));
  std::string text = tui::to_human_line(*member);
  while (text.ends_with('\n')) text.pop_back();
  note(text + (member->verified ? ": the name belongs to their key" : ": anybody may use this name"));
}

void FullScreen::on_list(std::string_view) { server().room_list = server().client().get_rooms(); }

void FullScreen::on_history(std::string_view argument) {
  if (argument.empty()) {
    window().allow_older();
    return window().view().page_up();
  }
  std::size_t rows = 0;
  const auto [end, error] = std::from_chars(argument.data(), argument.data() + argument.size(), rows);
  if (error == std::errc() && end == argument.data() + argument.size()) {
    window().allow_older();
    return window().view().line_up(std::min(rows, rows_up_max));
  }
  const auto day = parse_day(argument);
  if (!day)
    return note("usage: /history [COUNT] goes up so many lines, /history YYYY-MM-DD to that day", Entry::What::error);
  if (const auto why = window().seek(LocalTime(options_.zone).day_start_ms(*day))) hint_ = *why;
}

void FullScreen::on_search(std::string_view argument) {
  if (const auto why = window().seek(std::string(argument))) hint_ = *why;
}

void FullScreen::on_mark(std::string_view) {
  window().mark_read();
  window().buffer().drop_marker();
  hint_ = "all is read here";
}

void FullScreen::on_nick(std::string_view argument) {
  const auto name = wire::canonical_name(argument);
  if (!name) return note(name.error(), Entry::What::error);
  server().set_name(*name);
  apply_settings();
  server().client().retry(*name);
}

void FullScreen::on_away(std::string_view argument) {
  server().client().set_presence(Presence::away, std::string(argument));
  hint_ = "you are away";
}

void FullScreen::on_back(std::string_view) {
  server().client().set_presence(Presence::here, {});
  hint_ = "you are back";
}

void FullScreen::on_ignore(std::string_view argument) {
  if (argument.empty()) {
    std::string text = settings_.ignore.empty() ? "nobody is ignored" : "ignored:";
    for (const std::string& name : settings_.ignore) text += ' ' + name;
    return note(text);
  }
  settings_.ignore.emplace_back(argument);
  apply_settings();
  note(fmt::format("{} is ignored in this run; `ignore` in config.toml keeps it", argument));
}

void FullScreen::on_unignore(std::string_view argument) {
  const std::string folded = base::fold_case(argument);
  const auto erased =
      std::erase_if(settings_.ignore, [&](const std::string& name) { return base::fold_case(name) == folded; });
  if (erased == 0) return note(fmt::format("{} was not ignored", argument));
  apply_settings();
  note(fmt::format("{} is heard again", argument));
  // A direct room with somebody who is ignored was not opened.
  for (ServerView& each : servers_) {
    if (each.state == Link::State::online) each.direct_rooms = each.client().get_direct_rooms();
  }
}

void FullScreen::on_set(std::string_view argument) {
  const auto said = prefs::run_set(settings_, prefs::Mode::screen, argument);
  note(said ? *said : said.error(), said ? Entry::What::note : Entry::What::error);
  apply_settings();
}

void FullScreen::on_exec(std::string_view argument) {
  auto spawn = hooks_.exec(argument, window().room());
  if (!spawn) return note(spawn.error(), Entry::What::error);
  exec_servers_.emplace(spawn->id, current_.server);
  spawns_.push_back(*std::move(spawn));
}

void FullScreen::on_status(std::string_view) {
  const auto info = server().client().link_info(now_);
  std::string text = server().state == Link::State::online && info ? tui::link_lines(*info) : "not connected\n";
  text += fmt::format("queue       {} message(s)", server().client().unsettled());
  note(text);
}

void FullScreen::on_clear(std::string_view) { window().clear(); }

void FullScreen::on_help(std::string_view argument) {
  std::string text;
  for (const tui::CommandRow& row : tui::command_table()) {
    if (argument.empty() || row.name == base::fold_case(argument)) text += tui::help_line(row) + '\n';
  }
  if (text.empty()) return note(fmt::format("there is no command {}", argument), Entry::What::error);
  if (argument.empty()) text += "//TEXT says a line that begins with a slash. Keys: docs/SETTINGS.md, or man confab.\n";
  text.pop_back();
  note(text);
}

void FullScreen::on_quit(std::string_view) { quit(); }

}  // namespace confab::screen
