// SPDX-License-Identifier: MIT
// What the screen shows, drawn anew onto the grid each time: the painter sends what has changed.
#include <algorithm>

#include "screen/ellipsis.h"
#include "screen/full_screen.h"
#include "screen/input_box.h"
#include "screen/member_list.h"
#include "screen/room_list.h"
#include "screen/status_line.h"
#include "tui/words.h"

namespace confab::screen {

namespace {

/// The toy's question, to the letter.
constexpr std::string_view name_question = "Insert your name here : ";
constexpr std::string_view trust_question = "Is this the right server? (yes/no) ";
/// Rooms that a key goes to.
constexpr std::size_t numbered_max = 9;

}  // namespace

/// At the start, and when a setting has changed.
void FullScreen::apply_settings() {
  theme_ = prefs::resolve_theme(settings_.theme, options_.colorfgbg) == prefs::ThemeChoice::light ? Theme::light()
                                                                                                  : Theme::dark();
  for (const auto& [role, color] : settings_.colors) theme_.set_color(role, color);
  editor_.set_bindings(settings_.keys);
  for (ServerView& each : servers_) each.apply(settings_);
  for (const Place& place : places()) dress(place);
}

void FullScreen::dress(const Place& place) {
  LayoutOptions layout = place.window->view().options();
  layout.theme = theme_;
  layout.colors = options_.painter.colors;
  layout.time = LocalTime(options_.zone);
  layout.timestamps = settings_.timestamps;
  layout.name_cells_max = settings_.name_columns_max;
  layout.highlights = tui::fold_words(servers_[place.server].name());
  for (const std::string& each : settings_.highlights_of(place.window->room(), servers_[place.server].name())) {
    for (std::string& word : tui::fold_words(each)) layout.highlights.push_back(std::move(word));
  }
  place.window->view().set_options(std::move(layout));
}

std::string FullScreen::prompt() const {
  if (questions_.empty()) return editor_.prompt("> ");
  const Question& asked = questions_.front();
  const std::string whose = servers_.size() > 1 ? servers_[asked.server].setup().label + ": " : "";
  return whose + std::string(asked.what == Asking::name ? name_question : trust_question);
}

FrameWishes FullScreen::wishes() const {
  FrameWishes wishes{.rooms = settings_.panes.rooms,
                     .members = settings_.panes.members,
                     .rooms_columns = settings_.panes.rooms_columns,
                     .members_columns = settings_.panes.members_columns};
  const std::string before = prompt();
  wishes.input_rows = input_rows({before, editor_.text(), editor_.cursor()}, size_.columns);
  return wishes;
}

std::vector<RoomItem> FullScreen::room_items() const {
  std::vector<RoomItem> items;
  std::size_t number = 0;
  for (const ServerView& each : servers_) {
    if (servers_.size() > 1) items.push_back({.label = each.setup().label, .heading = true});
    for (const auto& shown : each.windows()) {
      ++number;
      items.push_back({.label = each.label_of(shown->room()),
                       .current = shown.get() == current_.window,
                       .draft = shown.get() != current_.window && !shown->draft.empty(),
                       .number = number <= numbered_max ? number : 0,
                       .unread = shown->buffer().unread(),
                       .mentions = shown->buffer().mentions()});
    }
  }
  return items;
}

StatusInfo FullScreen::status_info(base::Now now) {
  const ServerView& here = server();
  StatusInfo info;
  info.room = here.label_of(current_.window->room());
  info.name = here.name();
  if (servers_.size() > 1) info.server = here.setup().label;
  info.state = here.state;
  info.trouble = here.trouble;
  if (here.state == Link::State::online) info.link = here.client().link_info(now);
  info.queued = queued_;
  info.typing = current_.window->typing(now.instant);
  info.below = current_.window->view().lines_below();
  if (lay_out_frame(size_, wishes()).rooms.columns == 0) {
    for (const Place& place : places()) {
      if (place.window == current_.window) continue;
      info.unread_elsewhere += place.window->buffer().unread();
      info.mentions_elsewhere += place.window->buffer().mentions();
    }
  }
  info.hint = current_.window->is_seeking() && hint_.empty() ? "looking further back …" : hint_;
  return info;
}

/// The figures of the link, and who types, grow old on their own.
bool FullScreen::is_status_old(base::Now now) { return status_parts(status_info(now)) != shown_status_; }

/// Of the link's figures silence alone grows without anything being heard.
base::Instant FullScreen::status_ages_at(base::Now now) const {
  const auto link = server().state == Link::State::online ? server().client().link_info(now) : std::nullopt;
  if (!link) return base::never;
  if (link->silence < silence_shown) return now.instant + (silence_shown - link->silence);
  return now.instant + (status_pause - link->silence % status_pause);
}

/// Who looks at the end of a room has read it, once it was drawn. True if that is news.
bool FullScreen::mark_seen() {
  return shown_ && !held_ && has_focus_ && questions_.empty() && window().follows_end() && window().mark_read();
}

void FullScreen::draw_borders(const Frame& frame) {
  const term::Style style = theme_.style(Role::border);
  if (frame.rooms.columns > 0) grid_.fill({0, frame.rooms.end_column(), frame.rooms.rows, 1}, "│", style);
  if (frame.members.columns > 0) {
    grid_.fill({frame.members.row, frame.members.column - 1, frame.members.rows, 1}, "│", style);
  }
}

void FullScreen::paint(base::Now now) {
  const Frame frame = lay_out_frame(size_, wishes());
  grid_ = term::Grid(size_);
  draw_borders(frame);
  if (frame.rooms.columns > 0) draw_room_list(grid_, frame.rooms, room_items(), theme_);
  if (frame.topic.rows > 0) {
    grid_.fill(frame.topic, theme_.style(Role::topic));
    const std::string label = server().label_of(window().room());
    const std::string topic = window().topic().empty() ? label : label + ": " + window().topic();
    grid_.put(frame.topic, 0, 0, with_ellipsis(topic, frame.topic.columns), theme_.style(Role::topic));
  }
  window().view().draw(grid_, frame.scrollback);
  if (frame.members.columns > 0) {
    draw_member_list(grid_, frame.members, window().roster(), theme_, options_.painter.colors);
  }
  const StatusInfo status = status_info(now);
  shown_status_ = status_parts(status);
  draw_status_line(grid_, frame.status, status, theme_);
  const std::string before = prompt();
  std::optional<term::Place> cursor;
  if (frame.input.rows > 0 && frame.input.columns > 0) {
    cursor = draw_input(grid_, frame.input, {before, editor_.text(), editor_.cursor()}, theme_);
  }
  output_ += painter_.paint(grid_, cursor);
  painted_at_ = now.instant;
  stale_ = false;
  pressed_ = false;
}

}  // namespace confab::screen
