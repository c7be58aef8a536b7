// SPDX-License-Identifier: MIT
#include "screen/window.h"

#include <algorithm>

#include "base/text.h"
#include "tui/event_fields.h"
#include "wire/names.h"

namespace confab::screen {

namespace {

/// Events that stand in a room's log; nullptr for others.
struct RoomOf {
  const std::string* operator()(const Message& event) const { return &event.room; }
  const std::string* operator()(const Joined& event) const { return &event.room; }
  const std::string* operator()(const Left& event) const { return &event.room; }
  const std::string* operator()(const TopicChanged& event) const { return &event.room; }
  const std::string* operator()(const Edited& event) const { return &event.room; }
  const std::string* operator()(const Redacted& event) const { return &event.room; }
  const std::string* operator()(const Reacted& event) const { return &event.room; }
  const std::string* operator()(const Unknown& event) const { return &event.room; }
  const std::string* operator()(const Gone& event) const { return &event.room; }
  const std::string* operator()(const Skipped& event) const { return &event.room; }
  const std::string* operator()(const auto&) const { return nullptr; }
};

/// The first event of a log that an event stands for; 0: it stands for none.
struct FirstOf {
  std::uint64_t operator()(const auto& event) const {
    if constexpr (requires {
                    event.seq;
                    event.time_ms;
                  })
      return event.seq;
    if constexpr (requires { event.first; }) return event.first;
    return 0;
  }
};

}  // namespace

Window::Window(client::Client& client, std::string room)
    : client_(client), room_(std::move(room)), buffer_(buffer_options()), view_(buffer_) {}

RoomBufferOptions Window::buffer_options() {
  RoomBufferOptions options;
  options.mentions_me = [this](const Message& message) { return highlights_.mentions(message, ignored_); };
  options.is_hidden = [this](std::string_view name) { return is_ignored(name); };
  options.is_mine = [this](const Message& message) {
    return message.verified && base::fold_case(message.name) == base::fold_case(own_name_);
  };
  return options;
}

void Window::join() {
  if (join_ == 0) join_ = client_.join(room_, {});
}

void Window::part() {
  if (join_ != 0) client_.part(room_);
  join_ = 0;
}

void Window::set_me(std::string own_name, const std::vector<std::string>& highlights,
                    std::vector<std::string> ignored) {
  own_name_ = std::move(own_name);
  highlights_ = prefs::Highlights(own_name_, highlights);
  ignored_ = std::move(ignored);
  for (std::string& name : ignored_) name = base::fold_case(name);
  buffer_.show_unhidden();
}

void Window::show_unsettled() {
  for (const client::StoredEntry& entry : client_.unsettled_in(room_)) {
    const std::string id = entry.id.to_string();
    if (buffer_.find_id(id)) continue;
    buffer_.add_own(id, entry.content, own_name_, entry.typed_at.unix_ms);
    buffer_.on_status({.id = id, .room = room_, .state = Status::State::queued, .seq = 0, .reason = {}});
  }
}

bool Window::is_ignored(std::string_view name) const {
  return std::ranges::find(ignored_, base::fold_case(name)) != ignored_.end();
}

bool Window::is_news(const Message& message) const {
  if (is_ignored(message.name) || message.seq <= buffer_.read_seq()) return false;
  if (message.request == join_) return opened_;
  return message.request == 0 || expects_news_;
}

bool Window::hear(const Event& event, base::Now now) {
  const RequestId request = tui::request_of(event);
  if (request != 0 && request == page_request_) return hear_page(event);
  if (const auto* members = std::get_if<Members>(&event)) {
    if (request != members_request_) return false;
    roster_.set(members->members);
    for (const Member& member : members->members) names_.add(member.name);
    return true;
  }
  if (const auto* opened = std::get_if<Opened>(&event)) {
    if (request != join_) return false;
    roster_at_ = now.instant;
    hear_opened(*opened);
    return true;
  }
  if (const auto* typing = std::get_if<Typing>(&event); typing != nullptr && typing->room == room_) {
    typing_[typing->name] = typing->active ? now.instant + typing_shown : base::at_once;
    return true;
  }
  if (const auto* presence = std::get_if<PresenceChanged>(&event); presence != nullptr && presence->room == room_) {
    roster_.set_presence(presence->name, presence->presence, presence->away_text);
    return true;
  }
  if (const auto* marker = std::get_if<MarkerMoved>(&event); marker != nullptr && marker->room == room_) {
    buffer_.mark_read(marker->seq);
    told_read_ = std::max(told_read_, marker->seq);
    return true;
  }
  // Another reader of the same room (/history of line mode, a search) is no news for the window.
  const std::string* room = std::visit(RoomOf{}, event);
  if (room == nullptr || *room != room_ || (request != 0 && request != join_)) return false;
  hear_log(event);
  return true;
}

void Window::hear_opened(const Opened& opened) {
  if (!online_ || opened.kept) return;
  topic_ = opened.topic;
  // A connection that stands has what was out of reach without one.
  exhausted_before_ = 0;
  members_request_ = client_.get_members(room_);
  if (!std::exchange(opened_, true)) {
    // Who comes to a room for the first time has missed nothing in it; but what waits in a direct room is for her.
    const bool is_new = opened.read_seq == 0 && !wire::is_direct(room_);
    const std::uint64_t read = is_new ? opened.end_seq : opened.read_seq;
    buffer_.mark_read(read);
    opened_end_ = opened.end_seq;
    if (read < opened.end_seq) buffer_.place_marker();
    told_read_ = std::max(told_read_, opened.read_seq);
  } else if (opened.read_seq > 0) {
    buffer_.mark_read(opened.read_seq);
    told_read_ = std::max(told_read_, opened.read_seq);
  }
  // Nothing is known of the room here: it begins with its last lines.
  if (buffer_.newest_seq() == 0 && opened.end_seq > 0 && page_request_ == 0) ask_older(opened.end_seq + 1);
}

void Window::hear_log(const Event& event) {
  if (const auto* message = std::get_if<Message>(&event)) {
    typing_.erase(message->name);
    const bool is_mine = base::fold_case(message->name) == base::fold_case(own_name_);
    if (!is_mine && !is_ignored(message->name)) names_.spoke(message->name);
  }
  if (const auto* joined = std::get_if<Joined>(&event)) {
    roster_.join(joined->name, joined->verified);
    names_.add(joined->name);
  }
  if (const auto* left = std::get_if<Left>(&event)) {
    roster_.leave(left->name, left->verified);
    names_.remove(left->name);
  }
  if (const auto* topic = std::get_if<TopicChanged>(&event)) topic_ = topic->text;
  buffer_.add(event);
}

bool Window::hear_page(const Event& event) {
  if (std::holds_alternative<Opened>(event)) return true;
  const bool refused = std::holds_alternative<Refused>(event);
  if (!refused && !std::holds_alternative<Ended>(event)) {
    if (page_first_ == 0) page_first_ = std::visit(FirstOf{}, event);
    page_shows_ |= !is_ignored(tui::author_of(event));
    page_.push_back(event);
    return true;
  }
  page_request_ = 0;
  if (!page_.empty()) buffer_.add_older(std::exchange(page_, {}));
  // All of it was hidden: what one wants to see is further back.
  if (!refused && !page_shows_ && page_first_ > 1 && page_first_ < page_before_) return ask_older(page_first_), true;
  expects_news_ = false;
  // Whatever came is in the buffer now; the same question again would bring no more.
  exhausted_before_ = page_before_;
  if (refused) target_.reset();
  if (target_) try_target();
  return true;
}

void Window::ask_older(std::uint64_t before) {
  page_before_ = before;
  page_first_ = 0;
  page_shows_ = false;
  page_request_ = client_.read_before(room_, before, page_events);
}

bool Window::load_older() {
  if (page_request_ != 0 || cleared_ || !is_joined()) return false;
  const auto before = target_ && buffer_.has_more_before() ? std::optional(buffer_.oldest_seq()) : view_.wants_older();
  if (!before || *before == exhausted_before_) return false;
  ask_older(*before);
  return true;
}

void Window::allow_older() {
  cleared_ = false;
  exhausted_before_ = 0;
}

bool Window::try_target() {
  if (const auto* words = std::get_if<std::string>(&*target_);
      words != nullptr && view_.search(*words, Direction::older)) {
    target_.reset();
    return true;
  }
  if (std::holds_alternative<Mention>(*target_) && view_.to_mention(Direction::older)) {
    target_.reset();
    return true;
  }
  const auto* time = std::get_if<std::int64_t>(&*target_);
  const bool is_reached = time != nullptr && buffer_.size() > 0 && buffer_.at(0).time_ms < *time;
  const bool is_over = !buffer_.has_more_before() || buffer_.oldest_seq() == exhausted_before_;
  if (time != nullptr && (is_reached || is_over) && view_.to_time(*time)) {
    target_.reset();
    return true;
  }
  const bool unread = std::holds_alternative<std::monostate>(*target_);
  if (unread && (buffer_.oldest_seq() <= buffer_.read_seq() + 1 || is_over) && view_.to_unread()) {
    target_.reset();
    return true;
  }
  if (is_over) {
    target_.reset();
    seek_failed_ = true;
  }
  return false;
}

std::optional<std::string> Window::seek(Target target) {
  allow_older();
  target_ = std::move(target);
  if (try_target() || target_) return std::nullopt;
  seek_failed_ = false;
  return "not found in what this room keeps";
}

void Window::clear() {
  buffer_.clear();
  view_.to_bottom();
  cleared_ = true;
}

bool Window::mark_read() {
  if (!opened_) return false;
  const std::uint64_t newest = buffer_.newest_seq();
  // All that was missed is here, and nothing of it was a message: what comes from now on is seen as it comes.
  if (newest >= opened_end_ && buffer_.marker() == 0) buffer_.drop_marker();
  buffer_.mark_read(newest);
  if (newest <= told_read_ || !is_joined()) return false;
  told_read_ = newest;
  client_.mark_read(room_, newest);
  return true;
}

void Window::refresh_roster(base::Now now) {
  // What was not opened yet asks when it is.
  if (roster_at_ == base::at_once || !is_joined() || now.instant - roster_at_ < roster_age_max) return;
  roster_at_ = now.instant;
  members_request_ = client_.get_members(room_);
}

std::vector<std::string> Window::typing(base::Instant now) const {
  std::vector<std::string> names;
  for (const auto& [name, until] : typing_) {
    if (until > now) names.push_back(name);
  }
  return names;
}

base::Instant Window::typing_ends(base::Instant now) const {
  base::Instant end = base::never;
  for (const auto& [name, until] : typing_) {
    if (until > now) end = std::min(end, until);
  }
  return end;
}

}  // namespace confab::screen
