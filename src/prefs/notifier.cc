// SPDX-License-Identifier: MIT
#include "prefs/notifier.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"

namespace confab::prefs {

namespace {

/// The first line, without anything that could end the sequence it stands in.
std::string clean_notice(std::string_view text) {
  return base::clean_line(base::prefix_within(text.substr(0, text.find('\n')), Notifier::text_bytes_max));
}

std::string title_of(const Arrival& arrival) {
  std::string title = clean_notice(fmt::format("{} {}", arrival.where, arrival.name));
  std::ranges::replace(title, ';', ',');  // the title ends with the first one
  return title;
}

}  // namespace

DesktopNotice resolve_desktop(DesktopNotice wanted, const TerminalHints& hints) {
  if (wanted != DesktopNotice::automatic) return wanted;
  const auto term_begins = [&hints](std::string_view start) { return hints.term.starts_with(start); };
  if (term_begins("tmux") || term_begins("screen") || hints.term_program == "tmux") return DesktopNotice::off;
  const bool reads_9 = hints.term_program == "iTerm.app" || hints.term_program == "WezTerm" ||
                       hints.term_program == "ghostty" || term_begins("xterm-ghostty") || term_begins("xterm-kitty");
  if (reads_9) return DesktopNotice::osc9;
  const bool reads_777 = term_begins("foot") || term_begins("rxvt-unicode") || !hints.vte_version.empty();
  return reads_777 ? DesktopNotice::osc777 : DesktopNotice::off;
}

std::string Notifier::arrive(const Arrival& arrival, NotifyRule rule, Focus focus, const NotificationSettings& settings,
                             base::Instant now) {
  const bool wanted = rule == NotifyRule::all || (rule == NotifyRule::mentions && arrival.mentioned);
  if (!wanted || focus == Focus::here) return {};
  std::string told = wake(settings, now);
  if (!held_) held_ = Held{};
  held_->last = arrival;
  ++held_->count;
  held_->mentions += arrival.mentioned ? 1 : 0;
  held_->on_desktop |= focus == Focus::away;
  return told + wake(settings, now);
}

std::string Notifier::wake(const NotificationSettings& settings, base::Instant now) {
  if (!held_ || now < quiet_until_) return {};
  quiet_until_ = now + pause;
  return tell(*std::exchange(held_, std::nullopt), settings);
}

std::string Notifier::tell(const Held& held, const NotificationSettings& settings) const {
  std::string bytes = settings.bell ? "\a" : "";
  if (!held.on_desktop) return bytes;
  const std::string what = held.mentions == held.count ? "mentions" : "messages";
  const std::string title = held.count == 1 ? title_of(held.last) : "Confab";
  const std::string text = held.count == 1 ? clean_notice(held.last.text) : fmt::format("{} {}", held.count, what);
  switch (resolve_desktop(settings.desktop, hints_)) {
    case DesktopNotice::osc9:
      // What begins with a number and a semicolon means other things there; a title never does.
      return bytes + fmt::format("\x1b]9;{}: {}\a", title, text);
    case DesktopNotice::osc777:
      return bytes + fmt::format("\x1b]777;notify;{};{}\a", title, text);
    case DesktopNotice::automatic:
    case DesktopNotice::off:
      break;
  }
  return bytes;
}

}  // namespace confab::prefs
