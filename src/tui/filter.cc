// SPDX-License-Identifier: MIT
#include "tui/filter.h"

#include <fmt/format.h>

#include "tui/printer.h"

namespace confab::tui {

void Filter::start() {
  for (const std::string& room : options_.rooms) client_.join(room, {});
}

void Filter::hear(const Event& event, base::Now now) {
  if (const auto* link = std::get_if<Link>(&event)) hear_link(*link, now);
  if (const auto* status = std::get_if<Status>(&event)) hear_status(*status);
  if (const auto* warning = std::get_if<Warning>(&event)) errors_ += fmt::format("confab: {}\n", warning->text);
  if (const auto* refused = std::get_if<Refused>(&event)) errors_ += fmt::format("confab: {}\n", refused->text);
  if (!options_.json && std::holds_alternative<Gone>(event)) {
    errors_ += to_human_lines(event, options_.rooms.front(), false);
  }
  const auto* message = std::get_if<Message>(&event);
  if (options_.json) {
    output_ += to_json_line(event);
  } else if (message != nullptr && !message->own) {
    output_ += to_script_lines(event, options_.rooms.front());
  }
}

void Filter::hear_link(const Link& link, base::Now now) {
  switch (link.state) {
    case Link::State::online:
      offline_.clear();
      give_up_at_ = base::never;
      end_on_failure(link);
      return;
    case Link::State::offline:
      if (!at_end_) errors_ += fmt::format("confab: {}; trying again\n", link.text);
      if (at_end_ && offline_.empty()) give_up_at_ = now.instant + patience;
      offline_ = link.text;
      return;
    case Link::State::failed:
      end_on_failure(link);
  }
}

void Filter::hear_status(const Status& status) {
  if (status.state == Status::State::queued) return;
  const bool own = own_.erase(status.id) > 0;
  // Where the link has failed, its one reason is every line's.
  if (status.state != Status::State::refused || link_failed()) return;
  errors_ += fmt::format("confab: {}: {}\n", own ? "not sent" : "not sent, of an earlier run", status.reason);
  if (own) refused_ = true;
}

void Filter::input(std::string_view bytes, base::Now now) {
  if (bytes.empty()) {
    at_end_ = true;
    if (!offline_.empty()) give_up_at_ = now.instant + patience;
    if (!partial_.empty()) send_line(std::exchange(partial_, {}));
    return;
  }
  while (!bytes.empty()) {
    const std::size_t end = bytes.find('\n');
    partial_ += bytes.substr(0, end);
    if (end == std::string_view::npos) return;
    send_line(std::exchange(partial_, {}));
    bytes.remove_prefix(end + 1);
  }
}

void Filter::send_line(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  own_.insert(client_.send(options_.rooms.front(), Kind::text, std::string(line)));
}

void Filter::caught_up() {
  if (client_.unsettled() == 0 && at_end_ && was_online()) {
    return end(refused_ ? exit_codes::failed : exit_codes::done);
  }
  if (offline_.empty()) return;
  // A server that was never there is not waited for. Where lines can be kept, all of the input is to be kept first.
  const bool kept = client_.keeps_unsettled();
  if (!was_online() && (at_end_ || !kept)) return leave_unsettled(exit_codes::unreachable, offline_);
  if (given_up_ && kept) leave_unsettled(exit_codes::unreachable, offline_);
}

void Filter::wake(base::Now now) {
  if (now.instant < give_up_at_) return;
  give_up_at_ = base::never;
  given_up_ = true;
}

}  // namespace confab::tui
