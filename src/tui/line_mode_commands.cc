// SPDX-License-Identifier: MIT
// What line mode does with what is typed: text is said, and each command of the table has a handler here.
#include <algorithm>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "tui/emoji.h"
#include "tui/line_mode.h"
#include "tui/printer.h"
#include "tui/status_command.h"
#include "tui/words.h"
#include "wire/names.h"

namespace confab::tui {

namespace {

/// What /history shows where no number is given.
constexpr std::uint32_t history_lines_default = 20;
constexpr std::uint32_t history_lines_max = 10'000;

}  // namespace

struct LineMode::Handler {
  Verb verb;
  void (LineMode::*run)(std::string_view argument);
};

const LineMode::Handler LineMode::handlers[] = {
    {Verb::join, &LineMode::on_join},       {Verb::part, &LineMode::on_part},
    {Verb::msg, &LineMode::on_msg},         {Verb::me, &LineMode::on_me},
    {Verb::reply, &LineMode::on_reply},     {Verb::edit, &LineMode::on_edit},
    {Verb::redact, &LineMode::on_redact},   {Verb::react, &LineMode::on_react},
    {Verb::topic, &LineMode::on_topic},     {Verb::names, &LineMode::on_names},
    {Verb::whois, &LineMode::on_whois},     {Verb::list, &LineMode::on_list},
    {Verb::history, &LineMode::on_history}, {Verb::search, &LineMode::on_search},
    {Verb::mark, &LineMode::on_mark},       {Verb::retry, &LineMode::on_retry},
    {Verb::discard, &LineMode::on_discard}, {Verb::nick, &LineMode::on_nick},
    {Verb::away, &LineMode::on_away},       {Verb::back, &LineMode::on_back},
    {Verb::ignore, &LineMode::on_ignore},   {Verb::unignore, &LineMode::on_unignore},
    {Verb::set, &LineMode::on_set},         {Verb::exec, &LineMode::on_exec},
    {Verb::status, &LineMode::on_status},   {Verb::clear, &LineMode::on_clear},
    {Verb::help, &LineMode::on_help},       {Verb::quit, &LineMode::on_quit},
};

void LineMode::take_line(const std::string& line) {
  if (line.empty()) return;
  const auto call = parse_command(line);
  if (!call) return complain(call.error());
  if (call->verb == Verb::say) return say(room_, Kind::text, call->argument);
  const auto* const handler = std::ranges::find(handlers, call->verb, &Handler::verb);
  (this->*handler->run)(call->argument);
}

void LineMode::say(const std::string& room, Kind kind, const std::string& text) {
  const Content content{.what = Content::What::message, .kind = kind, .text = text};
  keep_line(client_.send(room, kind, text), room, content);
  show_own(room, content);
  if (queued_ == 1 && offline_told_) note("not connected: what you type is queued until the server is back");
}

void LineMode::post(const std::string& room, const Content& content) {
  keep_line(client_.post(room, content), room, content);
  if (content.what == Content::What::message) show_own(room, content);
}

void LineMode::keep_line(const std::string& id, const std::string& room, Content content) {
  lines_.emplace(id, Line{room, std::move(content), !online_, now_.instant});
  if (!online_) {
    ++queued_;
  } else if (!options_.json) {
    unanswered_due_ = std::min(unanswered_due_, now_.instant + answer_expected);
  }
}

void LineMode::talk_in(const std::string& room) {
  if (std::ranges::find(rooms_, room) == rooms_.end()) {
    enter(room, {});
    rooms_.push_back(room);
  }
  room_ = room;
  note(fmt::format("now in {}", room_label(room_, name_)));
}

RequestId LineMode::enter(const std::string& room, Start start) {
  const RequestId request = client_.join(room, start);
  news_behind_.try_emplace(request);
  return request;
}

/// As people write it: "dev", "#dev", "@Ada".
std::expected<std::string, std::string> LineMode::room_named(std::string_view text) const {
  const bool is_whole = wire::direct_names(text).has_value();
  return wire::is_direct(text) && !is_whole ? wire::direct_room(name_, text.substr(1)) : wire::canonical_room(text);
}

void LineMode::on_join(std::string_view argument) {
  const auto room = room_named(argument);
  if (!room) return complain(room.error());
  talk_in(*room);
}

void LineMode::on_part(std::string_view argument) {
  const auto room = argument.empty() ? room_ : room_named(argument).value_or(std::string(argument));
  const auto found = std::ranges::find(rooms_, room);
  if (found == rooms_.end()) return complain(fmt::format("you are not in {}", room_label(room, name_)));
  if (rooms_.size() == 1) return complain("this is your last room; /quit leaves");
  client_.part(room);
  rooms_.erase(found);
  if (room_ == room) room_ = rooms_.front();
  note(fmt::format("left {}; now in {}", room_label(room, name_), room_label(room_, name_)));
}

void LineMode::on_nick(std::string_view argument) {
  const auto name = wire::canonical_name(argument);
  if (!name) return complain(name.error());
  set_name(*name);
  client_.retry(name_);
}

/// Who is called otherwise is named otherwise.
void LineMode::set_name(const std::string& name) {
  name_ = name;
  highlights_.clear();
}

/// The first word is the name, or all before a colon where somebody here is called that.
void LineMode::on_msg(std::string_view argument) {
  Addressed to = split_address(argument);
  if (to.name.empty() || recent_.newest_of_others(room_, name_, to.name) == nullptr) {
    const std::size_t end = std::min(argument.find_first_of(" \n"), argument.size());
    to = {.name = argument.substr(0, end), .text = argument.substr(std::min(end + 1, argument.size()))};
  }
  if (to.name.starts_with('@')) to.name.remove_prefix(1);
  const auto room = wire::direct_room(name_, to.name);
  if (!room) return complain(room.error());
  talk_in(*room);
  if (!to.text.empty()) say(room_, Kind::text, std::string(to.text));
}

void LineMode::on_me(std::string_view argument) { say(room_, Kind::action, std::string(argument)); }

void LineMode::on_topic(std::string_view argument) {
  if (!argument.empty()) return post(room_, {.what = Content::What::topic, .text = std::string(argument)});
  const auto topic = topics_.find(room_);
  const bool none = topic == topics_.end() || topic->second.empty();
  note(none ? fmt::format("{} has no topic", room_label(room_, name_)) : topic->second);
}

const Message* LineMode::message_of(Addressed addressed) const {
  return recent_.newest_of_others(room_, name_, addressed.name);
}

void LineMode::on_reply(std::string_view argument) {
  Addressed to = split_address(argument);
  if (message_of(to) == nullptr) to = {.name = {}, .text = argument};
  const Message* target = message_of(to);
  if (target == nullptr) return complain("there is no message here to answer");
  post(room_, {.what = Content::What::message, .text = std::string(to.text), .target = target->id});
}

void LineMode::on_react(std::string_view argument) {
  Addressed to = split_address(argument);
  if (message_of(to) == nullptr) to = {.name = {}, .text = argument};
  const Message* target = message_of(to);
  if (target == nullptr) return complain("there is no message here to react to");
  post(room_, {.what = Content::What::reaction, .text = std::string(emoji_or_text(to.text)), .target = target->id});
}

void LineMode::on_edit(std::string_view argument) {
  const Message* mine = recent_.newest_of_mine(room_, name_);
  if (mine == nullptr) return complain("there is no message of yours here");
  post(room_, {.what = Content::What::edit, .text = std::string(argument), .target = mine->id});
}

void LineMode::on_redact(std::string_view argument) {
  const Message* mine = recent_.newest_of_mine(room_, name_);
  if (mine == nullptr) return complain("there is no message of yours here");
  post(room_, {.what = Content::What::redaction, .text = std::string(argument), .target = mine->id});
}

void LineMode::on_retry(std::string_view) {
  if (refused_.empty()) return note("nothing was refused");
  for (const auto& [id, line] : std::exchange(refused_, {})) post(line.room, line.content);
}

/// What may be stored by now cannot be given up, and stays.
void LineMode::on_discard(std::string_view) {
  std::size_t given_up = std::exchange(refused_, {}).size();
  given_up += std::erase_if(lines_, [this](const auto& entry) {
    if (!client_.discard(entry.first)) return false;
    if (entry.second.queued) --queued_;
    return true;
  });
  note(fmt::format("{} line(s) given up", given_up));
  if (queued_ == 0 && std::exchange(sent_late_, 0) > 0) note("the other queued lines are sent");
}

void LineMode::on_names(std::string_view argument) {
  client_.get_members(argument.empty() ? room_ : std::string(argument));
}

void LineMode::on_whois(std::string_view argument) { whois_.emplace(client_.get_members(room_), argument); }

void LineMode::on_list(std::string_view) { client_.get_rooms(); }

void LineMode::on_history(std::string_view argument) {
  std::uint32_t count = history_lines_default;
  const auto [end, error] = std::from_chars(argument.data(), argument.data() + argument.size(), count);
  const bool bad = !argument.empty() && (error != std::errc() || end != argument.data() + argument.size());
  if (bad || count == 0 || count > history_lines_max) {
    return complain(fmt::format("usage: /history [COUNT], 1 to {}", history_lines_max));
  }
  client_.read({.room = room_, .start = {.seq = 0, .newest = count}, .follow = false, .count = 0});
}

void LineMode::on_search(std::string_view argument) {
  const RequestId request =
      client_.read({.room = room_, .start = {.seq = 1, .newest = 0}, .follow = false, .count = 0});
  searches_.emplace(request, Search{.words = fold_words(argument), .found = 0});
}

void LineMode::on_mark(std::string_view) {
  const std::uint64_t newest = recent_.newest_seq(room_);
  if (newest == 0) return note("nothing was said here yet");
  client_.mark_read(room_, newest);
  note(fmt::format("{} is read", room_label(room_, name_)));
}

void LineMode::on_away(std::string_view argument) { client_.set_presence(Presence::away, std::string(argument)); }

void LineMode::on_back(std::string_view) { client_.set_presence(Presence::here, {}); }

void LineMode::on_status(std::string_view) {
  const auto info = client_.link_info(now_);
  std::string lines = online_ && info ? link_lines(*info) : "not connected\n";
  lines += fmt::format("queue       {} message(s)\n", client_.unsettled());
  options_.json ? note_lines(lines) : print(lines);
}

void LineMode::on_clear(std::string_view) {
  // As `clear` does: everything off, cursor home. The prompt is drawn again after the command.
  if (!options_.dumb) output_ += "\x1b[H\x1b[2J";
}

void LineMode::on_help(std::string_view argument) {
  const std::string_view mark = options_.json ? "" : "* ";
  std::string lines;
  for (const CommandRow& row : command_table()) {
    const bool wanted = argument.empty() || row.name == base::fold_case(argument);
    if (wanted) lines += fmt::format("{}{}\n", mark, help_line(row));
  }
  if (argument.empty()) lines += fmt::format("{}//TEXT                 send a line that begins with a slash\n", mark);
  if (lines.empty()) return complain(fmt::format("there is no command {}", argument));
  options_.json ? note_lines(lines) : print(lines);
}

void LineMode::on_quit(std::string_view) { quit(); }

}  // namespace confab::tui
