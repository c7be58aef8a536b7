// SPDX-License-Identifier: MIT
#include "tui/line_mode.h"

#include <algorithm>
#include <ranges>

#include <fmt/format.h>

#include "base/text.h"
#include "tui/printer.h"
#include "wire/names.h"

namespace confab::tui {

namespace {

/// The toy's question, to the letter.
constexpr std::string_view name_question = "Insert your name here : ";
constexpr std::string_view trust_question = "Is this the right server? (yes/no) ";

/// Names offered by Tab.
constexpr std::size_t speakers_max = 1000;

/// How much of a line is repeated when there is something to say of it.
constexpr std::size_t quoted_bytes_max = 60;

/// One's own line that the server does not have yet: quiet, with a mark at its end.
std::string mark_queued(std::string lines, bool color) {
  lines.pop_back();
  return color ? fmt::format("\x1b[2m{} (queued)\x1b[0m\n", lines) : lines + " (queued)\n";
}

}  // namespace

LineMode::LineMode(client::Client& client, LineModeOptions options)
    : Conversation(client),
      options_(std::move(options)),
      editor_([this](std::string_view text, std::size_t cursor) { return complete(text, cursor); }),
      view_(options_.screen),
      name_(options_.name),
      room_(options_.rooms.front()),
      rooms_(options_.rooms) {}

void LineMode::start() {
  if (!options_.dumb) output_ += PromptView::bracketed_paste_on;
  for (const std::string& room : rooms_) client_.join(room, {});
  if (name_.empty()) asking_ = Asking::name;
  show_prompt();
}

void LineMode::hear(const Event& event, base::Now now) {
  now_ = now;
  if (options_.json) {
    const std::string line = to_json_line(event);
    if (!line.empty()) print(line);
  }
  if (link_failed()) return;  // the screen is given back
  if (const auto* link = std::get_if<Link>(&event)) return hear_link(*link);
  if (const auto* status = std::get_if<Status>(&event)) return hear_status(*status);
  if (const auto* refused = std::get_if<Refused>(&event)) return note(refused->text);
  if (const auto* warning = std::get_if<Warning>(&event)) return note(warning->text);
  if (const auto* members = std::get_if<Members>(&event)) return show_members(*members);
  if (const auto* rooms = std::get_if<Rooms>(&event)) return show_rooms(*rooms);
  show_event(event);
}

void LineMode::caught_up() {
  if (left_behind_ > 0) {
    note(fmt::format("{} line(s) of an earlier run are queued", std::exchange(left_behind_, 0)));
  }
  if (leaving_ || (quitting_ && client_.unsettled() == 0)) leave();
}

void LineMode::interrupt(int exit_code) {
  leaving_ = true;
  end_code_ = exit_code;
}

void LineMode::input(std::string_view bytes, base::Now now) {
  now_ = now;
  if (bytes.empty()) return quit();
  if (options_.dumb) {
    for (const char byte : bytes) {
      if (byte != '\n') {
        dumb_line_ += byte;
        continue;
      }
      submit(base::clean_line(std::exchange(dumb_line_, {})));
    }
    return;
  }
  for (const term::Key& key : keys_.feed(bytes, now.instant)) press(key);
}

void LineMode::wake(base::Now now) {
  for (const term::Key& key : keys_.wake(now.instant)) press(key);
}

void LineMode::resize(ScreenSize screen) {
  if (!options_.dumb) output_ += view_.resize(screen);
}

void LineMode::redraw() {
  if (!options_.dumb) output_ += std::string(PromptView::bracketed_paste_on) + view_.redraw();
}

void LineMode::leave_screen() {
  if (!options_.dumb) output_ += view_.erase() + std::string(PromptView::bracketed_paste_off);
}

void LineMode::quit() {
  const std::size_t unsettled = client_.unsettled();
  if (unsettled == 0) return leave();
  if (online_ && !quitting_) {
    quitting_ = true;
    return note(fmt::format("waiting until {} more line(s) are stored; again to leave at once", unsettled));
  }
  leaving_ = true;
}

void LineMode::leave() {
  const std::size_t unsettled = client_.unsettled();
  const bool kept = client_.keeps_unsettled();
  if (unsettled > 0) {
    note(kept ? fmt::format("{} line(s) not stored yet; queued, they go out with the next confab", unsettled)
              : fmt::format("{} line(s) were never stored", unsettled));
  }
  leave_screen();
  const int otherwise = end_code_.value_or(unsettled == 0 ? exit_codes::done : exit_codes::failed);
  end(unsettled > 0 && kept ? exit_codes::queued : otherwise);
}

void LineMode::press(const term::Key& key) {
  if (exit_code()) return;
  term::Outcome outcome = editor_.handle(key);
  const bool interrupted = std::exchange(interrupted_, false);
  switch (outcome.result) {
    case term::EditResult::nothing:
      return;
    case term::EditResult::refused:
      output_ += '\a';
      return;
    case term::EditResult::submitted:
      submit(outcome.text);
      return;
    case term::EditResult::interrupt:
      if (interrupted) return quit();
      interrupted_ = true;
      return note("Ctrl+C again, or /quit, to leave");
    case term::EditResult::end_of_input:
      return quit();
    case term::EditResult::suspend:
      leave_screen();
      suspend_ = true;
      return;
    case term::EditResult::redraw:
    case term::EditResult::changed:
      return show_prompt();
  }
}

void LineMode::submit(const std::string& line) {
  if (!options_.dumb) output_ += view_.erase();
  switch (asking_) {
    case Asking::name:
      take_name(line);
      break;
    case Asking::trust:
      take_trust(line);
      break;
    case Asking::nothing:
      take_line(line);
      break;
  }
  if (!exit_code()) show_prompt();
}

void LineMode::take_name(const std::string& line) {
  const auto name = wire::canonical_name(line);
  if (!name) return note(name.error());
  print(fmt::format("{}{}\n", name_question, *name));
  name_ = *name;
  asking_ = Asking::nothing;
  client_.retry(name_);
}

void LineMode::take_trust(const std::string& line) {
  if (line == "yes") {
    options_.accept_key();
    asking_ = Asking::nothing;
    client_.retry(name_);
  } else if (line == "no") {
    fail(exit_codes::untrusted, "the server's key was not accepted; nothing was sent");
  } else {
    note("please type yes or no");
  }
}

void LineMode::take_line(const std::string& line) {
  if (line.empty()) return;
  if (line.starts_with("//")) return say(Kind::text, line.substr(1));
  if (line.starts_with('/')) return run_command(line);
  say(Kind::text, line);
}

void LineMode::say(Kind kind, const std::string& text) {
  lines_.emplace(client_.send(room_, kind, text), Line{text, !online_});
  if (!online_) ++queued_;
  // Shown at once: the log brings it back later as `own`, which is not shown again.
  if (!options_.json && !options_.dumb) {
    Message message;
    message.room = room_;
    message.name = name_;
    message.kind = kind;
    message.text = text;
    message.verified = true;
    const std::string lines = to_human_lines(message, room_, options_.color);
    print(online_ ? lines : mark_queued(lines, options_.color));
  }
  if (queued_ == 1 && offline_told_) note("not connected: what you type is queued until the server is back");
}

void LineMode::hear_link(const Link& link) {
  switch (link.state) {
    case Link::State::online:
      if (offline_told_) note("connected again");
      online_ = true;
      offline_told_ = false;
      if (!link.name.empty()) name_ = link.name;
      if (options_.on_named) options_.on_named(name_);
      return show_prompt();
    case Link::State::offline:
      online_ = false;
      if (!std::exchange(offline_told_, true)) note(fmt::format("{}; trying again", link.text));
      return;
    case Link::State::failed:
      online_ = false;
      if (link.failure == Link::Failure::not_allowed) {
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

void LineMode::hear_status(const Status& status) {
  if (status.state != Status::State::queued) return hear_settled(status);
  if (status.reason.empty()) {
    if (!lines_.contains(status.id)) ++left_behind_;
  } else if (std::exchange(put_off_, status.reason) != status.reason) {
    note(fmt::format("not stored yet: {}; it is tried again", status.reason));
  }
}

void LineMode::hear_settled(const Status& status) {
  put_off_.clear();
  const auto found = lines_.find(status.id);
  const Line line = found == lines_.end() ? Line{{}, false} : std::move(found->second);
  if (found != lines_.end()) lines_.erase(found);
  const std::string text(base::prefix_within(line.text, quoted_bytes_max));
  if (status.state == Status::State::refused) {
    note(fmt::format("NOT SENT: {}{}", status.reason, text.empty() ? "" : ": " + text));
  } else if (line.queued) {
    ++sent_late_;
  }
  if (!line.queued || --queued_ > 0 || sent_late_ == 0) return;
  // One note for all of them: they stand above already.
  note(sent_late_ == 1 ? fmt::format("sent: {}", text) : fmt::format("{} queued lines are sent", sent_late_));
  sent_late_ = 0;
}

void LineMode::show_event(const Event& event) {
  const auto* message = std::get_if<Message>(&event);
  if (message != nullptr) {
    std::erase(speakers_, message->name);
    speakers_.push_back(message->name);
    if (speakers_.size() > speakers_max) speakers_.erase(speakers_.begin());
    if (message->own) return;
  }
  if (!options_.json) print(to_human_lines(event, room_, options_.color));
}

void LineMode::show_members(const Members& members) {
  if (options_.json) {
    for (const Member& member : members.members) print(to_json_line(member, members.room));
    return;
  }
  std::string lines = fmt::format("* {} in #{}:\n", members.members.size(), members.room);
  for (const Member& member : members.members) lines += "  " + to_human_line(member);
  print(lines);
}

void LineMode::show_rooms(const Rooms& rooms) {
  std::string lines;
  for (const RoomInfo& room : rooms.rooms) {
    lines += options_.json ? to_json_line(room) : to_human_line(room);
  }
  print(lines);
}

std::string LineMode::prompt() const {
  if (asking_ == Asking::name) return std::string(name_question);
  if (asking_ == Asking::trust) return std::string(trust_question);
  if (options_.json) return {};
  // What is typed behind it becomes the line as everybody sees it.
  return room_ == options_.rooms.front() ? fmt::format("{} : ", name_) : fmt::format("#{} {} : ", room_, name_);
}

void LineMode::show_prompt() {
  if (exit_code()) return;
  if (!options_.dumb) {
    output_ += view_.show(editor_.prompt(prompt()), editor_.text(), editor_.cursor());
  } else if (asking_ != Asking::nothing) {
    (options_.redirected ? errors_ : output_) += prompt();
  }
}

void LineMode::print(const std::string& lines) {
  if (lines.empty()) return;
  output_ += options_.dumb ? lines : view_.print_above(lines);
}

void LineMode::note(std::string_view text) {
  if (options_.json) return print(to_json_error(text));
  if (options_.redirected) {
    errors_ += fmt::format("confab: {}\n", text);
    return;
  }
  print(options_.color ? fmt::format("\x1b[2m* {}\x1b[0m\n", text) : fmt::format("* {}\n", text));
}

term::Completions LineMode::complete(std::string_view text, std::size_t cursor) const {
  term::Completions result;
  const std::string_view before = text.substr(0, cursor);
  const std::size_t space = before.rfind(' ');
  result.from = space == std::string_view::npos ? 0 : space + 1;
  const std::string part = base::fold_case(before.substr(result.from));
  if (part.empty()) return result;
  for (const auto& speaker : std::ranges::reverse_view(speakers_)) {
    if (!base::fold_case(speaker).starts_with(part)) continue;
    result.candidates.push_back(result.from == 0 ? speaker + ": " : speaker + " ");
  }
  return result;
}

}  // namespace confab::tui
