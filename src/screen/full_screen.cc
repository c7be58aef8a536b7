// SPDX-License-Identifier: MIT
// What is heard, and the beginning and the end of a run. Keys, commands and drawing have files of their own.
#include "screen/full_screen.h"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "base/text.h"
#include "tui/conversation.h"
#include "tui/printer.h"
#include "wire/names.h"

namespace confab::screen {

namespace {

/// Of a server's rooms a session may be in 256. Strangers who write to somebody must not be able to use them up.
constexpr std::size_t direct_rooms_listed_max = 32;  // opened as one comes
constexpr std::size_t direct_rooms_max = 64;         // opened because somebody wrote

/// A link's failure as scripts know it.
int exit_code_of(Link::Failure failure) {
  if (failure == Link::Failure::unreachable) return tui::exit_codes::unreachable;
  if (failure == Link::Failure::untrusted) return tui::exit_codes::untrusted;
  if (failure == Link::Failure::not_allowed) return tui::exit_codes::not_allowed;
  return tui::exit_codes::failed;
}

/// What to call something that was refused and has no line to be marked.
std::string_view name_of(Content::What what) {
  switch (what) {
    case Content::What::topic:
      return "the topic";
    case Content::What::edit:
      return "the edit";
    case Content::What::redaction:
      return "taking the message back";
    case Content::What::reaction:
      return "the reaction";
    case Content::What::message:
      break;
  }
  return "the message";
}

}  // namespace

FullScreen::FullScreen(std::vector<ServerSetup> servers, FullScreenOptions options)
    : options_(std::move(options)),
      settings_(options_.settings),
      editor_([this](std::string_view text, std::size_t cursor) { return complete(text, cursor); }, settings_.keys,
              std::move(options_.history)),
      painter_(options_.painter),
      grid_(options_.size),
      size_(grid_.size()),
      notifier_(options_.terminal) {
  for (ServerSetup& setup : servers) servers_.emplace_back(std::move(setup));
}

void FullScreen::start(base::Now now) {
  now_ = now;
  for (std::size_t i = 0; i < servers_.size(); ++i) {
    for (const std::string& room : servers_[i].setup().rooms) {
      Window& opened = servers_[i].open(room, settings_);
      if (current_.window == nullptr) current_ = {i, &opened};
    }
  }
  for (std::size_t i = 0; i < servers_.size(); ++i) {
    if (servers_[i].name().empty()) ask(Asking::name, i);
  }
  apply_settings();
  output_ += painter_.enter();
  shown_ = true;
  for (const std::string& complaint : options_.complaints) note(complaint, Entry::What::error);
}

std::vector<FullScreen::Place> FullScreen::places() const {
  std::vector<Place> places;
  for (std::size_t i = 0; i < servers_.size(); ++i) {
    for (const auto& each : servers_[i].windows()) places.push_back({i, each.get()});
  }
  return places;
}

Window& FullScreen::open(std::size_t server, const std::string& room) {
  const bool is_new = servers_[server].find(room) == nullptr;
  Window& opened = servers_[server].open(room, settings_);
  if (is_new) dress({server, &opened});
  return opened;
}

/// What was being typed steps aside, so that no half of a message becomes the answer.
void FullScreen::ask(Asking what, std::size_t server) {
  if (questions_.empty()) {
    window().draft = editor_.text();
    editor_.set_text({});
  }
  std::erase_if(questions_, [&](const Question& each) { return each.server == server; });
  questions_.push_back({what, server});
}

/// There is nothing to ask about this server any more.
void FullScreen::settle(std::size_t server) {
  if (std::erase_if(questions_, [&](const Question& each) { return each.server == server; }) == 0) return;
  if (questions_.empty()) editor_.set_text(window().draft);
}

void FullScreen::note(std::string_view text, Entry::What what) {
  window().buffer().add_note(std::string(text), now_.wall.unix_ms, what);
  // Whoever reads further up would not see it.
  if (!window().follows_end()) hint_ = text.substr(0, text.find('\n'));
  stale_ = true;
}

void FullScreen::hear(std::size_t server, const Event& event, base::Now now) {
  now_ = now;
  stale_ = true;
  ServerView& from = servers_[server];
  if (const auto* link = std::get_if<Link>(&event)) return hear_link(server, *link);
  if (const auto* status = std::get_if<Status>(&event)) return hear_status(server, *status);
  for (const auto& each : from.windows()) {
    if (!each->hear(event, now)) continue;
    if (const auto* message = std::get_if<Message>(&event)) hear_message(server, *each, *message, now);
    return;
  }
  if (const auto* rooms = std::get_if<Rooms>(&event)) return hear_rooms(server, *rooms);
  if (const auto* invited = std::get_if<Invited>(&event)) return hear_invited(server, *invited);
  if (const auto* refused = std::get_if<Refused>(&event)) {
    // Nobody typed that question.
    const bool is_quiet = from.quiet_room_list != 0 && refused->request == from.quiet_room_list;
    return is_quiet ? void(from.quiet_room_list = 0) : note(refused->text, Entry::What::error);
  }
  if (const auto* warning = std::get_if<Warning>(&event)) return note(warning->text, Entry::What::error);
}

void FullScreen::hear_status(std::size_t at, const Status& status) {
  Window* its = servers_[at].find(status.room);
  if (status.state == Status::State::queued) {
    // Of an earlier run: it is shown in its room, whether that is open yet or not.
    if (its == nullptr && status.reason.empty() && !under_way_.contains(status.id)) its = &open(at, status.room);
    if (its != nullptr && !its->buffer().find_id(status.id)) its->show_unsettled();
  }
  if (its != nullptr) its->buffer().on_status(status);
  if (status.state == Status::State::queued) return;
  const auto said = under_way_.extract(status.id);
  if (said.empty() || status.state != Status::State::refused) return;
  const bool has_line = its != nullptr && said.mapped() == Content::What::message;
  if (!has_line) note(fmt::format("{} was refused: {}", name_of(said.mapped()), status.reason), Entry::What::error);
}

void FullScreen::hear_link(std::size_t at, const Link& link) {
  ServerView& from = servers_[at];
  from.state = link.state;
  from.trouble = link.text;
  for (const auto& each : from.windows()) each->set_online(link.state == Link::State::online);
  switch (link.state) {
    case Link::State::online:
      from.was_online = true;
      from.accept_name(link.name.empty() ? from.name() : link.name);
      if (from.setup().on_named) from.setup().on_named(from.name());
      settle(at);
      apply_settings();
      from.direct_rooms = from.client().get_direct_rooms();
      return;
    case Link::State::offline:
      return;
    case Link::State::failed:
      return hear_failure(at, link);
  }
}

void FullScreen::hear_offline(std::size_t server, const std::string& why) {
  servers_[server].trouble = why;
  stale_ = true;
}

void FullScreen::hear_failure(std::size_t at, const Link& link) {
  ServerView& from = servers_[at];
  if (link.failure == Link::Failure::not_allowed) {
    if (from.take_back_name()) {
      note(fmt::format("{}; you are still {}", link.text, from.name()), Entry::What::error);
      apply_settings();
      return from.client().retry(from.name());
    }
    note(link.text, Entry::What::error);
    return ask(Asking::name, at);
  }
  if (link.failure == Link::Failure::untrusted && from.setup().judge_key() == client::TrustAnswer::unknown) {
    note(fmt::format("{} shows the key {}, which is not known here yet", from.setup().label, link.fingerprint));
    return ask(Asking::trust, at);
  }
  // Trying again does not mend this, and what waits must not go out on its own one day.
  if (link.failure != Link::Failure::protocol) from.client().withdraw(link.text);
  note(fmt::format("{}: {}", from.setup().label, link.text), Entry::What::error);
  if (servers_.size() > 1) return;
  if (link.failure != Link::Failure::untrusted) errors_ += fmt::format("confab: {}\n", link.text);
  end_code_ = exit_code_of(link.failure);
  leaving_ = true;
}

void FullScreen::hear_rooms(std::size_t at, const Rooms& rooms) {
  ServerView& from = servers_[at];
  if (rooms.request == from.direct_rooms) {
    for (const RoomInfo& room : rooms.rooms) {
      if (from.direct_count() >= direct_rooms_listed_max) break;
      if (!is_ignored_peer(from, room.name)) open(at, room.name);
    }
    return;
  }
  const bool is_quiet = rooms.request == from.quiet_room_list;
  if (!is_quiet && rooms.request != from.room_list) return;
  if (is_quiet) from.quiet_room_list = 0;
  from.listed_rooms.clear();
  std::string text = "rooms:";
  for (const RoomInfo& room : rooms.rooms) {
    from.listed_rooms.push_back(room.name);
    text += fmt::format("\n{}  {} here{}{}", from.label_of(room.name), room.members, room.topic.empty() ? "" : "  ",
                        room.topic);
  }
  if (!is_quiet) note(text);
}

void FullScreen::hear_invited(std::size_t at, const Invited& invited) {
  ServerView& from = servers_[at];
  if (from.find(invited.room) != nullptr || is_ignored_peer(from, invited.room)) return;
  if (from.direct_count() >= direct_rooms_max) {
    return note(fmt::format("{} has written to you: /msg {} shows it", invited.name, invited.name));
  }
  open(at, invited.room).expect_news();
}

bool FullScreen::is_ignored_peer(const ServerView& server, const std::string& room) const {
  const auto peer = wire::direct_peer(room, server.name());
  return peer &&
         std::ranges::any_of(settings_.ignore, [&](const std::string& name) { return base::fold_case(name) == *peer; });
}

void FullScreen::hear_message(std::size_t at, const Window& where, const Message& message, base::Now now) {
  if (message.own || !where.is_news(message)) return;
  const ServerView& from = servers_[at];
  if (message.verified && message.name == from.name()) return;
  const bool mentioned = wire::is_direct(where.room()) || where.highlights().mentions(message, settings_.ignore);
  const bool is_here = &where == current_.window && where.follows_end();
  // Who is named wants to know, also of what is on the screen: not every terminal tells whether it is looked at.
  const bool is_named = mentioned && !wire::is_direct(where.room());
  const prefs::Focus focus = !has_focus_            ? prefs::Focus::away
                             : is_here && !is_named ? prefs::Focus::here
                                                    : prefs::Focus::elsewhere;
  const prefs::Arrival arrival{
      .where = from.label_of(where.room()), .name = message.name, .text = message.text, .mentioned = mentioned};
  output_ += notifier_.arrive(arrival, settings_.rule_of(where.room(), from.name()), focus, settings_.notifications,
                              now.instant);
  if (!mentioned) return;
  if (auto spawn = hooks_.on_mention(settings_.hooks.mention_command, from.setup().label, message, now.instant)) {
    spawns_.push_back(*std::move(spawn));
  }
}

void FullScreen::hear_child(const prefs::ChildOutput& output, base::Now now) {
  now_ = now;
  const auto result = hooks_.hear(output);
  if (!result) return;
  stale_ = true;
  const auto at = exec_servers_.extract(output.id);
  ServerView& its = servers_[at.empty() ? current_.server : at.mapped()];
  Window* const where = its.find(result->room);
  if (where == nullptr) return;  // one has left it since
  for (const std::string& line : result->lines) {
    if (result->say) {
      say(*where, its, Kind::text, line);
    } else {
      where->buffer().add_note(line, now.wall.unix_ms);
    }
  }
  if (!result->remark.empty()) where->buffer().add_note(result->remark, now.wall.unix_ms);
}

void FullScreen::hear_fifo(std::string_view line, base::Now now) {
  now_ = now;
  const auto parsed = prefs::parse_fifo_line(line);
  if (!parsed) return;
  stale_ = true;
  std::string room = parsed->room;
  if (room.starts_with('@')) {
    const auto direct = wire::direct_room(server().name(), room.substr(1));
    if (!direct) return note("a line of the FIFO was not sent: " + direct.error(), Entry::What::error);
    room = *direct;
  }
  Window& where = room.empty() ? window() : open(current_.server, room);
  if (!parsed->text.empty()) say(where, server(), Kind::text, parsed->text);
}

bool FullScreen::echo(base::Now now) {
  now_ = now;
  if (exit_code_ || leaving_ || !pressed_ || !may_paint()) return false;
  mark_seen();
  paint(now);
  return true;
}

void FullScreen::end_turn(base::Now now) {
  now_ = now;
  if (exit_code_) return;
  if (leaving_ || (quitting_ && unsettled() == 0)) return leave();
  // What was told must not stay, where less is true and nothing else is news.
  if (const std::size_t left = unsettled(); std::exchange(queued_, left) > left) stale_ = true;
  if (window().take_seek_failed()) {
    hint_ = "not found in what this room keeps";
    stale_ = true;
  }
  asked_ = mark_seen();
  for (const Place& place : places()) {
    if (place.window == current_.window || place.window->is_seeking()) asked_ |= place.window->load_older();
  }
  if (!stale_ && now.instant - painted_at_ >= status_pause) stale_ = is_status_old(now);
  status_due_ = status_ages_at(now);
  if (may_paint() && (pressed_ || now.instant - painted_at_ >= paint_pause)) paint(now);
}

/// They all go to the server in sight: what another one does not take is no reason to wait.
bool FullScreen::takes_lines() const { return !quitting_ && server().client().unsettled() < lines_waiting_max; }

std::size_t FullScreen::unsettled() const {
  return std::accumulate(servers_.begin(), servers_.end(), std::size_t{0},
                         [](std::size_t sum, const ServerView& each) { return sum + each.client().unsettled(); });
}

bool FullScreen::keeps_unsettled() const {
  return std::ranges::all_of(servers_, [](const ServerView& each) { return each.client().keeps_unsettled(); });
}

void FullScreen::interrupt(int exit_code) {
  leaving_ = true;
  end_code_ = exit_code;
}

void FullScreen::quit() {
  stale_ = true;
  const std::size_t left = unsettled();
  const bool any_online =
      std::ranges::any_of(servers_, [](const ServerView& each) { return each.state == Link::State::online; });
  if (left > 0 && any_online && !quitting_) {
    quitting_ = true;
    hint_ = fmt::format("waiting until {} more message(s) are stored; again to leave at once", left);
    return;
  }
  leaving_ = true;
}

void FullScreen::leave() {
  const std::size_t left = unsettled();
  const bool kept = keeps_unsettled();
  leave_screen();
  if (left > 0) {
    errors_ +=
        kept ? fmt::format("confab: {} message(s) not stored yet; queued, they go out with the next confab\n", left)
             : fmt::format("confab: {} message(s) were never stored\n", left);
  }
  const int otherwise = end_code_.value_or(left == 0 ? tui::exit_codes::done : tui::exit_codes::failed);
  exit_code_ = left > 0 && kept ? tui::exit_codes::queued : otherwise;
}

void FullScreen::leave_screen() {
  if (!std::exchange(shown_, false)) return;
  output_ += painter_.leave();
}

void FullScreen::redraw() {
  output_ += painter_.enter();
  shown_ = true;
  stale_ = true;
  pressed_ = true;
}

void FullScreen::resize(term::Size size) {
  size_ = {std::min(size.columns, term::Grid::columns_max), std::min(size.rows, term::Grid::rows_max)};
  painter_.forget();
  stale_ = true;
  pressed_ = true;
}

}  // namespace confab::screen
