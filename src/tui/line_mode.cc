// SPDX-License-Identifier: MIT
#include "tui/line_mode.h"

#include <algorithm>
#include <ranges>

#include <fmt/format.h>

#include "base/text.h"
#include "tui/paste.h"
#include "tui/printer.h"
#include "wire/names.h"

namespace confab::tui {

namespace {

/// The toy's question, to the letter.
constexpr std::string_view name_question = "Insert your name here : ";
constexpr std::string_view trust_question = "Is this the right server? (yes/no) ";

}  // namespace

LineMode::LineMode(client::Client& client, LineModeOptions options)
    : Conversation(client),
      options_(std::move(options)),
      settings_(options_.settings),
      editor_(
          [this](std::string_view text, std::size_t cursor) {
            const std::vector<std::string> keys = prefs::setting_keys(prefs::Mode::line);
            return complete(text, cursor,
                            {.names = &names_[room_], .rooms = [this] { return known_rooms(); }, .settings = keys});
          },
          term::default_bindings(), std::move(options_.history)),
      view_(options_.screen),
      name_(options_.name),
      room_(options_.rooms.front()),
      rooms_(options_.rooms),
      known_rooms_(options_.rooms) {
  std::ranges::sort(known_rooms_);
  apply_settings();
}

void LineMode::start() {
  if (!options_.dumb) output_ += PromptView::bracketed_paste_on;
  for (const std::string& complaint : options_.complaints) complain(complaint);
  for (const std::string& room : rooms_) enter(room, {});
  if (name_.empty()) asking_ = Asking::name;
  show_prompt();
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
  now_ = now;
  for (const term::Key& key : keys_.wake(now.instant)) press(key);
  ring(notifier_.wake(settings_.notifications, now.instant));
  if (unanswered_due_ <= now.instant) tell_unanswered(now.instant - answer_expected);
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
  if (pasted_) return answer_paste(key);
  if (const auto question = paste_question(key, settings_.paste_question_lines)) {
    pasted_ = key;
    interrupted_ = false;
    return note(*question);
  }
  edit(key);
}

/// The key is the answer and no more.
void LineMode::answer_paste(const term::Key& key) {
  const term::Key pasted = *std::exchange(pasted_, std::nullopt);
  if (is_yes(key)) return edit(pasted);
  note("not pasted");
}

void LineMode::edit(const term::Key& key) {
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
      typed_.push_back(line);
      take_line(line);
      break;
  }
  if (!exit_code()) show_prompt();
}

void LineMode::take_name(const std::string& line) {
  const auto name = wire::canonical_name(line);
  if (!name) return complain(name.error());
  if (!options_.json) print(fmt::format("{}{}\n", name_question, *name));
  set_name(*name);
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
    complain("please type yes or no");
  }
}

std::string LineMode::prompt() const {
  if (asking_ == Asking::name) return std::string(name_question);
  if (asking_ == Asking::trust) return std::string(trust_question);
  if (options_.json) return {};
  // What is typed behind it becomes the line as everybody sees it.
  if (room_ == options_.rooms.front()) return fmt::format("{} : ", name_);
  return fmt::format("{} {} : ", room_label(room_, name_), name_);
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

void LineMode::note(std::string_view text) { tell("notice", text); }

void LineMode::complain(std::string_view text) { tell("error", text); }

void LineMode::tell(std::string_view type, std::string_view text) {
  if (options_.json) return print(to_json_line(type, text));
  if (options_.redirected) {
    errors_ += fmt::format("confab: {}\n", text);
    return;
  }
  print(options_.color ? fmt::format("\x1b[2m* {}\x1b[0m\n", text) : fmt::format("* {}\n", text));
}

/// In JSON all of it is one object.
void LineMode::note_lines(std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (options_.json) return note(text);
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    note(line);
    text.remove_prefix(std::min(text.size(), line.size() + 1));
  }
}

}  // namespace confab::tui
