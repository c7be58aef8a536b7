// SPDX-License-Identifier: MIT
// What each key does: first the answers to questions, then the screen's own actions, then the line being typed.
#include <algorithm>

#include <fmt/format.h>

#include "prefs/set_command.h"
#include "screen/full_screen.h"
#include "tui/paste.h"
#include "wire/names.h"

namespace confab::screen {

using term::Action;

void FullScreen::input(std::string_view bytes, base::Now now) {
  now_ = now;
  if (bytes.empty()) return quit();
  for (const term::Key& key : keys_.feed(bytes, now.instant)) press(key);
}

void FullScreen::wake(base::Now now) {
  now_ = now;
  for (const term::Key& key : keys_.wake(now.instant)) press(key);
  output_ += notifier_.wake(settings_.notifications, now.instant);
  if (is_status_old(now)) stale_ = true;
}

base::Instant FullScreen::next_deadline() const {
  // What the clients were asked for at the turn's end goes out, or is answered from what is kept here, in the next.
  if (asked_) return base::at_once;
  const base::Instant due = std::min(keys_.next_deadline(), notifier_.next_deadline());
  if (!shown_) return due;
  const base::Instant next_paint = may_paint() ? painted_at_ + paint_pause : base::never;
  return std::min({due, next_paint, status_due_, current_.window->typing_ends(now_.instant)});
}

void FullScreen::press(const term::Key& key) {
  if (exit_code_ || leaving_) return;
  if (key.kind == term::Key::Kind::focus_in || key.kind == term::Key::Kind::focus_out) {
    has_focus_ = key.kind == term::Key::Kind::focus_in;
    if (has_focus_) notifier_.forget();
    return;
  }
  stale_ = true;
  pressed_ = true;
  hint_.clear();
  if (pasted_) return answer_paste(key);
  const auto bound = settings_.keys.find(key);
  if (bound != settings_.keys.end() && !term::is_editing(bound->second)) {
    interrupted_ = false;
    if (!run(bound->second)) output_ += '\a';
    return;
  }
  if (key.kind == term::Key::Kind::paste && key.text.size() > term::TextBuffer::bytes_max) {
    hint_ = fmt::format("too long to paste: {} bytes, a message has {} at most", key.text.size(),
                        term::TextBuffer::bytes_max);
    return;
  }
  if (auto question = tui::paste_question(key, settings_.paste_question_lines)) {
    pasted_ = key;
    interrupted_ = false;
    hint_ = *std::move(question);
    return;
  }
  edit(key);
}

/// The key is the answer and no more.
void FullScreen::answer_paste(const term::Key& key) {
  const term::Key pasted = *std::exchange(pasted_, std::nullopt);
  if (tui::is_yes(key)) {
    edit(pasted);
  } else {
    hint_ = "not pasted";
  }
}

void FullScreen::edit(const term::Key& key) {
  const term::Outcome outcome = editor_.handle(key);
  const bool interrupted = std::exchange(interrupted_, false);
  switch (outcome.result) {
    case term::EditResult::nothing:
      return;
    case term::EditResult::refused:
      output_ += '\a';
      return;
    case term::EditResult::submitted:
      return submit(outcome.text);
    case term::EditResult::interrupt:
      if (interrupted) return quit();
      interrupted_ = true;
      window().view().deselect();
      window().view().end_search();
      window().stop_seeking();
      hint_ = "Ctrl+C again, or /quit, to leave";
      return;
    case term::EditResult::end_of_input:
      return quit();
    case term::EditResult::suspend:
      leave_screen();
      suspend_ = true;
      return;
    case term::EditResult::redraw:
      painter_.forget();
      return;
    case term::EditResult::changed:
      return tell_typing();
  }
}

bool FullScreen::run(Action action) {
  ScrollView& view = window().view();
  if (action >= Action::room_1 && action <= Action::room_9) {
    const auto all = places();
    const auto number = static_cast<std::size_t>(action) - static_cast<std::size_t>(Action::room_1);
    if (number >= all.size()) return false;
    go_to(all[number]);
    return true;
  }
  switch (action) {
    case Action::room_next:
      return go_by(1), true;
    case Action::room_previous:
      return go_by(-1), true;
    case Action::room_active:
      return go_to_active(), true;
    case Action::scroll_up:
      window().allow_older();
      return view.page_up(), true;
    case Action::scroll_down:
      return view.page_down(), true;
    case Action::scroll_line_up:
      window().allow_older();
      return view.line_up(), true;
    case Action::scroll_line_down:
      return view.line_down(), true;
    case Action::scroll_top:
      window().allow_older();
      return view.to_top(), true;
    case Action::scroll_bottom:
      return view.to_bottom(), true;
    case Action::jump_unread:
      return view.to_unread() || !window().seek(std::monostate{});
    case Action::jump_mention:
      return view.to_mention(Direction::older) || !window().seek(Window::Mention());
    case Action::jump_mention_newer:
      return view.to_mention(Direction::newer);
    case Action::toggle_rooms:
      return toggle_pane(settings_.panes.rooms, &Frame::rooms), true;
    case Action::toggle_members:
      return toggle_pane(settings_.panes.members, &Frame::members), true;
    case Action::search:
      // A line half typed is not thrown away for it.
      if (!questions_.empty() || !editor_.text().empty()) return false;
      editor_.set_text("/search ");
      return true;
    case Action::search_next:
      return view.search_again(Direction::newer);
    case Action::search_previous:
      return view.search_again(Direction::older);
    case Action::select_older:
      return view.select(Direction::older);
    case Action::select_newer:
      return view.select(Direction::newer);
    case Action::copy:
      return copy_selected(), true;
    case Action::reply:
      if (!questions_.empty() || editor_.text().starts_with('/')) return false;
      if (view.selected() == nullptr && !view.select(Direction::older)) return false;
      editor_.set_text("/reply " + editor_.text());
      return true;
    case Action::retry:
      return on_retry({}), true;
    case Action::discard:
      return on_discard({}), true;
    default:
      return false;
  }
}

/// From what is seen, not from what is set: where "auto" has folded a pane away, the first press brings it.
void FullScreen::toggle_pane(PaneWish& wish, term::Rect Frame::* pane) {
  const auto is_seen = [&] { return (lay_out_frame(size_, wishes()).*pane).columns > 0; };
  wish = is_seen() ? PaneWish::never : PaneWish::always;
  if (wish == PaneWish::always && !is_seen()) hint_ = "there is no room for it";
}

void FullScreen::copy_selected() {
  const Entry* entry = window().view().selected();
  if (entry == nullptr && window().view().select(Direction::older)) entry = window().view().selected();
  if (entry == nullptr) {
    hint_ = "nothing to copy";
    return;
  }
  output_ += term::copy_sequence(entry->text);
  hint_ = "copied, where the terminal allows it";
}

void FullScreen::go_to(Place place) {
  if (place.window == current_.window) return;
  Window& left = window();
  if (questions_.empty()) left.draft = editor_.text();
  left.buffer().drop_marker();
  left.buffer().place_marker();
  left.view().end_search();
  left.view().deselect();
  if (std::exchange(typing_in_, std::nullopt)) server().client().set_typing(left.room(), false);
  current_ = place;
  if (questions_.empty()) editor_.set_text(window().draft);
  window().refresh_roster(now_);
  notifier_.forget();
}

void FullScreen::go_by(std::ptrdiff_t steps) {
  const auto all = places();
  const auto here = std::ranges::find(all, current_.window, &Place::window) - all.begin();
  const auto size = static_cast<std::ptrdiff_t>(all.size());
  go_to(all[static_cast<std::size_t>((here + steps + size) % size)]);
}

/// The next one with a mention, else the next with anything unread.
void FullScreen::go_to_active() {
  const auto all = places();
  const auto here = static_cast<std::size_t>(std::ranges::find(all, current_.window, &Place::window) - all.begin());
  for (const bool mentions : {true, false}) {
    for (std::size_t i = 1; i < all.size(); ++i) {
      const Place& place = all[(here + i) % all.size()];
      const RoomBuffer& buffer = place.window->buffer();
      if ((mentions ? buffer.mentions() : buffer.unread()) > 0) return go_to(place);
    }
  }
  hint_ = "nothing unread";
}

void FullScreen::submit(const std::string& line) {
  if (questions_.empty()) {
    typed_.push_back(line);
    return take_line(line);
  }
  switch (questions_.front().what) {
    case Asking::name:
      return take_name(line);
    case Asking::trust:
      return take_trust(line);
  }
}

void FullScreen::take_name(const std::string& line) {
  const auto name = wire::canonical_name(line);
  if (!name) {
    hint_ = name.error();
    return;
  }
  const std::size_t at = questions_.front().server;
  settle(at);
  ServerView& asked = servers_[at];
  asked.set_name(*name);
  apply_settings();
  asked.client().retry(*name);
}

void FullScreen::take_trust(const std::string& line) {
  const std::size_t at = questions_.front().server;
  ServerView& asked = servers_[at];
  if (line == "yes") {
    settle(at);
    asked.setup().accept_key();
    asked.client().retry(asked.name());
  } else if (line == "no") {
    settle(at);
    note("the server's key was not accepted; nothing was sent", Entry::What::error);
    if (servers_.size() > 1) return;
    errors_ += "confab: the server's key was not accepted; nothing was sent\n";
    end_code_ = 76;
    leaving_ = true;
  } else {
    hint_ = "please type yes or no";
  }
}

/// Where the server's rooms were never heard, they are asked for: the next Tab has them.
std::vector<std::string> FullScreen::known_rooms() {
  ServerView& its = server();
  if (its.listed_rooms.empty() && its.quiet_room_list == 0 && its.state == Link::State::online) {
    its.quiet_room_list = its.client().get_rooms();
  }
  std::vector<std::string> rooms;
  for (const auto& each : its.windows()) {
    if (!wire::is_direct(each->room())) rooms.push_back(each->room());
  }
  for (const std::string& listed : its.listed_rooms) {
    if (its.find(listed) == nullptr) rooms.push_back(listed);
  }
  return rooms;
}

term::Completions FullScreen::complete(std::string_view text, std::size_t cursor) {
  if (!questions_.empty()) return {};
  const std::vector<std::string> keys = prefs::setting_keys(prefs::Mode::screen);
  return tui::complete(
      text, cursor, {.names = &current_.window->names(), .rooms = [this] { return known_rooms(); }, .settings = keys});
}

/// Others see that one types, not what, and nothing of a command.
void FullScreen::tell_typing() {
  if (!settings_.typing || !questions_.empty() || server().state != Link::State::online) return;
  const std::string& text = editor_.text();
  const bool types = !text.empty() && !text.starts_with('/');
  if (!types) {
    if (std::exchange(typing_in_, std::nullopt)) server().client().set_typing(window().room(), false);
    return;
  }
  if (typing_in_ && now_.instant - typing_told_at_ < typing_again) return;
  typing_in_ = current_;
  typing_told_at_ = now_.instant;
  server().client().set_typing(window().room(), true);
}

}  // namespace confab::screen
