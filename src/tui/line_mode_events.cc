// SPDX-License-Identifier: MIT
// What line mode makes of what it hears.
#include <algorithm>
#include <ranges>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "tui/event_fields.h"
#include "tui/line_mode.h"
#include "tui/printer.h"
#include "tui/words.h"
#include "wire/names.h"

namespace confab::tui {

namespace {

/// How much of a line is repeated when there is something to say of it.
constexpr std::size_t quoted_bytes_max = 60;
/// So many direct rooms are opened by themselves, and of one that is new on this machine so many events.
constexpr std::ptrdiff_t direct_rooms_max = 32;
constexpr std::uint32_t direct_events_max = 100;

/// One's own line that the server does not have yet: quiet, with a mark at its end.
std::string mark_queued(std::string lines, bool color) {
  lines.pop_back();
  return color ? fmt::format("\x1b[2m{} (queued)\x1b[0m\n", lines) : lines + " (queued)\n";
}

/// What is said to one stands out.
std::string mark_mention(std::string lines) {
  lines.pop_back();
  return fmt::format("\x1b[1m{}\x1b[0m\n", lines);
}

}  // namespace

void LineMode::hear(const Event& event, base::Now now) {
  now_ = now;
  if (is_passed_over(event)) return;
  if (is_ignored(event)) return hide(event);
  if (is_known(event)) return;
  if (const auto* message = std::get_if<Message>(&event)) tell_of(*message);
  take(event);
}

void LineMode::take(const Event& event) {
  const auto* refused = std::get_if<Refused>(&event);
  if (refused != nullptr && direct_rooms_ == refused->request)
    return direct_rooms_.reset();  // nobody typed that question
  learn_who_is_here(event);
  if (options_.json) {
    const std::string line = to_json_line(event);
    if (!line.empty()) print(line);
  }
  if (link_failed()) return;  // the screen is given back
  if (const auto* link = std::get_if<Link>(&event)) return hear_link(*link);
  if (const auto* status = std::get_if<Status>(&event)) return hear_status(*status);
  if (const auto* warning = std::get_if<Warning>(&event)) return show_plainly(warning->text);
  if (const auto* members = std::get_if<Members>(&event)) return hear_members(*members);
  if (const auto* rooms = std::get_if<Rooms>(&event)) {
    if (direct_rooms_ == rooms->request) return hear_direct_rooms(*rooms);
    learn_rooms(*rooms);
    return quiet_rooms_ == rooms->request ? quiet_rooms_.reset() : show_rooms(*rooms);
  }
  if (const auto* opened = std::get_if<Opened>(&event)) return hear_opened(*opened);
  if (const auto* invited = std::get_if<Invited>(&event)) return hear_invited(*invited);
  if (const auto* ended = std::get_if<Ended>(&event)) return hear_end(ended->request);
  if (refused != nullptr) {
    if (quiet_members_.erase(refused->request) > 0) return;
    if (quiet_rooms_ == refused->request) return quiet_rooms_.reset();
    searches_.erase(refused->request);
    whois_.erase(refused->request);
    return show_plainly(refused->text);
  }
  show_event(event);
}

/// What JSON has in an object of its own.
void LineMode::show_plainly(std::string_view text) {
  if (!options_.json) note(text);
}

/// What a search is not about.
bool LineMode::is_passed_over(const Event& event) const {
  const auto search = searches_.find(reader_of(event));
  if (search == searches_.end()) return false;
  const auto* message = std::get_if<Message>(&event);
  return message == nullptr || !contains_all(message->text, search->second.words);
}

/// Of a direct room that opened by itself: what was read or shown already is remembered, and not shown.
bool LineMode::is_known(const Event& event) {
  const auto found = direct_joins_.find(reader_of(event));
  if (found == direct_joins_.end()) return false;
  DirectJoin& join = found->second;
  if (join.undecided) {
    join.held.push_back(event);
    return true;
  }
  const std::uint64_t seq = seq_of(event);
  if (seq <= join.known && seq < join.news_from) {
    learn(event);
    return true;
  }
  direct_joins_.erase(found);  // what follows is new all the more
  return false;
}

void LineMode::learn(const Event& event) {
  if (const auto* message = std::get_if<Message>(&event)) {
    recent_.add(*message);
    names_[message->room].spoke(message->name);
  }
  if (const auto* topic = std::get_if<TopicChanged>(&event)) topics_[topic->room] = topic->text;
  if (const auto* edited = std::get_if<Edited>(&event)) recent_.apply(*edited);
  if (const auto* redacted = std::get_if<Redacted>(&event)) recent_.apply(*redacted);
}

/// What a /history brings is long ago.
void LineMode::learn_who_is_here(const Event& event) {
  const RequestId request = request_of(event);
  if (const auto* members = std::get_if<Members>(&event)) {
    for (const Member& member : members->members) names_[members->room].add(member.name);
  } else if (request != 0 && !news_behind_.contains(request)) {
    return;
  } else if (const auto* joined = std::get_if<Joined>(&event)) {
    names_[joined->room].add(joined->name);
  } else if (const auto* left = std::get_if<Left>(&event)) {
    names_[left->room].remove(left->name);
  }
}

void LineMode::learn_rooms(const Rooms& rooms) {
  rooms_heard_ = true;
  for (const RoomInfo& room : rooms.rooms) {
    const auto place = std::ranges::lower_bound(known_rooms_, room.name);
    if (place == known_rooms_.end() || *place != room.name) known_rooms_.insert(place, room.name);
  }
}

/// Where the server's list was never heard, it is asked for: the next Tab has it.
std::vector<std::string> LineMode::known_rooms() {
  if (online_ && !rooms_heard_ && !quiet_rooms_) quiet_rooms_ = client_.get_rooms();
  return known_rooms_;
}

void LineMode::hear_link(const Link& link) {
  switch (link.state) {
    case Link::State::online:
      if (offline_told_) note("connected again");
      online_ = true;
      offline_told_ = false;
      if (!link.name.empty()) set_name(link.name);
      accepted_name_ = name_;
      if (options_.on_named) options_.on_named(name_);
      // Who wrote while there was no connection does not ring again.
      if (!direct_rooms_) direct_rooms_ = client_.get_direct_rooms();
      return show_prompt();
    case Link::State::offline:
      online_ = false;
      if (!std::exchange(offline_told_, true)) note(fmt::format("{}; trying again", link.text));
      return tell_unanswered(now_.instant);
    case Link::State::failed:
      online_ = false;
      if (link.failure == Link::Failure::not_allowed) {
        if (!accepted_name_.empty() && name_ != accepted_name_) return take_back_name(link.text);
        note(link.text);
        asking_ = Asking::name;
        return show_prompt();
      }
      if (link.failure == Link::Failure::untrusted && options_.judge_key() == client::TrustAnswer::unknown) {
        note(fmt::format("this server shows the key {}, which is not known here yet", link.fingerprint));
        asking_ = Asking::trust;
        return show_prompt();
      }
      leave_screen();
      end_on_failure(link);
  }
}

/// The name that was wished for is refused; the one that was in force has not been.
void LineMode::take_back_name(const std::string& why) {
  set_name(accepted_name_);
  note(fmt::format("{}; you are still {}", why, name_));
  client_.retry(name_);
  show_prompt();
}

void LineMode::hear_status(const Status& status) {
  if (status.state != Status::State::queued) return hear_settled(status);
  if (status.reason.empty()) {
    if (!lines_.contains(status.id)) ++left_behind_;
    return;
  }
  if (std::exchange(put_off_, status.reason) != status.reason) {
    note(fmt::format("not stored yet: {}; it is tried again", status.reason));
  }
  const auto line = lines_.find(status.id);
  if (line != lines_.end() && !std::exchange(line->second.queued, true)) ++queued_;
}

/// What was typed until then and stands there as if it were sent has no answer: it waits, and its author is told, then
/// and when it is stored.
void LineMode::tell_unanswered(base::Instant typed_until) {
  unanswered_due_ = base::never;
  if (options_.json || client_.unsettled() == 0) return;  // the events tell it, or nothing is ever answered here
  std::size_t told = 0;
  std::string_view text;
  for (Line& line : lines_ | std::views::values) {
    if (line.queued) continue;
    if (line.typed_at > typed_until) {
      unanswered_due_ = std::min(unanswered_due_, line.typed_at + answer_expected);
      continue;
    }
    line.queued = true;
    text = line.content.text;
    ++told;
  }
  queued_ += told;
  if (told == 1) note(fmt::format("not stored yet, queued: {}", base::prefix_within(text, quoted_bytes_max)));
  if (told > 1) note(fmt::format("{} lines are not stored yet; they are queued", told));
}

void LineMode::hear_settled(const Status& status) {
  put_off_.clear();
  const auto found = lines_.find(status.id);
  const bool mine = found != lines_.end();
  const Line line = mine ? std::move(found->second) : Line{{}, {}, false};
  if (mine) lines_.erase(found);
  const std::string text(base::prefix_within(line.content.text, quoted_bytes_max));
  if (status.state == Status::State::refused) {
    if (mine) refused_.insert_or_assign(status.id, line);
    note(fmt::format("NOT SENT: {}{}", status.reason, text.empty() ? "" : ": " + text));
  } else if (line.queued) {
    ++sent_late_;
  }
  if (!line.queued || --queued_ > 0 || sent_late_ == 0) return;
  // One note for all of them: they stand above already.
  note(sent_late_ == 1 ? fmt::format("sent: {}", text) : fmt::format("{} queued lines are sent", sent_late_));
  sent_late_ = 0;
}

/// The topic is told where it is news: a room opens again with every connection.
void LineMode::hear_opened(const Opened& opened) {
  if (const auto join = news_behind_.find(opened.request); join != news_behind_.end() && !opened.kept) {
    join->second = std::max(join->second.value_or(0), opened.read_seq);
  }
  if (const auto join = direct_joins_.find(opened.request); join != direct_joins_.end()) {
    join->second.undecided = opened.kept;
    if (opened.kept) {
      join->second.known = opened.end_seq;
    } else if (opened.read_seq > 0) {
      join->second.known = opened.read_seq;
    }
    for (const Event& event : std::exchange(join->second.held, {})) hear(event, now_);
  }
  if (opened.kept) return;
  // Tab knows who is here, and who spoke.
  if (!options_.dumb && !options_.json && news_behind_.contains(opened.request)) {
    quiet_members_.insert(client_.get_members(opened.room));
  }
  std::string& topic = topics_[opened.room];
  if (std::exchange(topic, opened.topic) == opened.topic || opened.topic.empty()) return;
  note(fmt::format("the topic of {} is: {}", room_label(opened.room, name_), opened.topic));
}

/// What was written to one alone while one was away is shown.
void LineMode::hear_direct_rooms(const Rooms& rooms) {
  direct_rooms_.reset();
  auto open = std::ranges::count_if(rooms_, wire::is_direct);
  std::size_t left_out = 0;
  for (const RoomInfo& room : rooms.rooms) {
    const auto other = wire::direct_peer(room.name, name_);
    if (!other || ignored_.contains(*other) || std::ranges::find(rooms_, room.name) != rooms_.end()) continue;
    if (open++ < direct_rooms_max) {
      open_direct(room.name, room.end_seq + 1);
    } else {
      ++left_out;
    }
  }
  if (left_out == 0) return;
  note(fmt::format("{} more people have written to you alone some time; /join @NAME and /history show what", left_out));
}

void LineMode::open_direct(const std::string& room, std::uint64_t news_from) {
  rooms_.push_back(room);
  direct_joins_.try_emplace(enter(room, {.seq = 0, .newest = direct_events_max}), DirectJoin{.news_from = news_from});
}

/// Somebody wants a word alone. What was said is shown, and the lobby stays what is talked in.
void LineMode::hear_invited(const Invited& invited) {
  if (std::ranges::find(rooms_, invited.room) != rooms_.end()) return;
  open_direct(invited.room, invited.end_seq);
  note(fmt::format("{} has a word with you alone; /msg {} answers", invited.name, invited.name));
}

void LineMode::hear_members(const Members& members) {
  if (quiet_members_.erase(members.request) > 0) return;
  const auto asked = whois_.find(members.request);
  if (asked == whois_.end()) return show_members(members);
  show_member(members, asked->second);
  whois_.erase(asked);
}

void LineMode::hear_end(RequestId request) {
  const auto search = searches_.find(request);
  if (search == searches_.end()) return;
  note(fmt::format("{} message(s) found", search->second.found));
  searches_.erase(search);
}

void LineMode::show_event(const Event& event) {
  if (const auto* message = std::get_if<Message>(&event)) return show_message(*message);
  if (const auto* topic = std::get_if<TopicChanged>(&event)) topics_[topic->room] = topic->text;
  const std::string lines = lines_of(event);
  if (!options_.json) print(lines);
}

void LineMode::show_message(const Message& message) {
  recent_.add(message);
  const auto search = searches_.find(message.request);
  if (search != searches_.end()) {
    ++search->second.found;
  } else {
    names_[message.room].spoke(message.name);
    if (message.own) return;
  }
  if (options_.json) return;
  const std::string lines = to_human_lines(message, room_, options_.color);
  print(options_.color && mentions_me(message) ? mark_mention(lines) : lines);
}

/// An edit or redaction counts only where its author wrote the message; like a reaction, it says nothing without it.
std::string LineMode::lines_of(const Event& event) {
  if (const auto* reacted = std::get_if<Reacted>(&event)) {
    const Message* target = recent_.find(reacted->room, reacted->target);
    return target == nullptr ? std::string() : to_human_lines(*reacted, *target, room_, options_.color);
  }
  const auto* edited = std::get_if<Edited>(&event);
  if (edited != nullptr && !recent_.apply(*edited)) return {};
  const auto* redacted = std::get_if<Redacted>(&event);
  if (redacted != nullptr && !recent_.apply(*redacted)) return {};
  return to_human_lines(event, room_, options_.color);
}

void LineMode::show_members(const Members& members) {
  if (options_.json) {
    for (const Member& member : members.members) print(to_json_line(member, members.room));
    return;
  }
  std::string lines = fmt::format("* {} in {}:\n", members.members.size(), room_label(members.room, name_));
  for (const Member& member : members.members) lines += "  " + to_human_line(member);
  print(lines);
}

void LineMode::show_member(const Members& members, const std::string& name) {
  const auto same = [&](const Member& member) { return base::fold_case(member.name) == base::fold_case(name); };
  const auto member = std::ranges::find_if(members.members, same);
  if (member == members.members.end()) {
    return note(fmt::format("{} is not in {}", name, room_label(members.room, name_)));
  }
  if (options_.json) return print(to_json_line(*member, members.room));
  std::string line = to_human_line(*member);
  line.pop_back();
  note(fmt::format("{}: in {}; {}", line, room_label(members.room, name_),
                   member->verified ? "the name is held by a key" : "no key stands behind the name"));
}

void LineMode::show_rooms(const Rooms& rooms) {
  std::string lines;
  for (const RoomInfo& room : rooms.rooms) {
    lines += options_.json ? to_json_line(room) : to_human_line(room);
  }
  print(lines);
}

/// One's own line, at once: the log brings it back later as `own`, which is not shown again.
void LineMode::show_own(const std::string& room, const Content& content) {
  if (options_.json || options_.dumb) return;
  Message message;
  message.room = room;
  message.name = name_;
  message.kind = content.kind;
  message.text = content.text;
  message.verified = true;
  const std::string lines = to_human_lines(message, room_, options_.color);
  print(online_ ? lines : mark_queued(lines, options_.color));
}

}  // namespace confab::tui
