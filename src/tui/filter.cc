// SPDX-License-Identifier: MIT
#include "tui/filter.h"

#include <fmt/format.h>

#include "tui/printer.h"
#include "wire/limits.h"

namespace confab::tui {

void Filter::start() {
  for (const std::string& room : options_.rooms) client_.join(room, {});
}

void Filter::hear(const Event& event, base::Now now) {
  if (const auto* link = std::get_if<Link>(&event)) hear_link(*link, now);
  if (const auto* status = std::get_if<Status>(&event)) hear_status(*status, now);
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
      be_patient(now);
      end_on_failure(link);
      return;
    case Link::State::offline:
      if (!at_end_) errors_ += fmt::format("confab: {}; trying again\n", link.text);
      offline_ = link.text;
      return;
    case Link::State::failed:
      end_on_failure(link);
  }
}

void Filter::hear_status(const Status& status, base::Now now) {
  if (status.state == Status::State::queued) {
    if (status.reason.empty() || std::exchange(put_off_, status.reason) == status.reason) return;
    errors_ += fmt::format("confab: not stored yet: {}; it is tried again\n", status.reason);
    return;
  }
  put_off_.clear();
  be_patient(now);
  const bool own = own_.erase(status.id) > 0;
  // Where the link has failed, its one reason is every line's.
  if (status.state != Status::State::refused || link_failed()) return;
  errors_ += fmt::format("confab: {}: {}\n", own ? "not sent" : "not sent, of an earlier run", status.reason);
  if (own) refused_ = true;
}

void Filter::input(std::string_view bytes, base::Now now) {
  if (bytes.empty()) {
    at_end_ = true;
    be_patient(now);
    if (!partial_.empty() || too_long_) end_line();
    return;
  }
  while (!bytes.empty()) {
    const std::size_t end = bytes.find('\n');
    take_part(bytes.substr(0, end));
    if (end == std::string_view::npos) return;
    end_line();
    bytes.remove_prefix(end + 1);
  }
}

/// Of a line without an end no more is held than a message may have.
void Filter::take_part(std::string_view part) {
  constexpr std::size_t line_bytes_max = wire::limits::message_bytes_max + 1;  // a carriage return is no part of it
  too_long_ = too_long_ || partial_.size() + part.size() > line_bytes_max;
  if (too_long_) {
    partial_.clear();
  } else {
    partial_ += part;
  }
}

void Filter::end_line() {
  std::string line = std::exchange(partial_, {});
  if (std::exchange(too_long_, false)) {
    refused_ = true;
    errors_ += fmt::format("confab: not sent: the message is too long (message_bytes_max is {})\n",
                           wire::limits::message_bytes_max);
    return;
  }
  if (line.ends_with('\r')) line.pop_back();
  own_.insert(client_.send(options_.rooms.front(), Kind::text, line));
}

/// Where the client keeps what waits, all of the input is to be kept: only at its end does the run give up.
bool Filter::wants_input() const {
  if (at_end_) return false;
  return client_.unsettled() < unsettled_max || (!offline_.empty() && client_.keeps_unsettled());
}

void Filter::caught_up() {
  if (interrupted_) {
    return client_.unsettled() == 0 ? end(*interrupted_) : leave_unsettled(*interrupted_, "interrupted");
  }
  if (client_.unsettled() == 0 && at_end_ && was_online()) {
    return end(refused_ ? exit_codes::failed : exit_codes::done);
  }
  const bool kept = client_.keeps_unsettled();
  if (given_up_ && kept) return leave_unsettled(exit_codes::unreachable, why_it_waits());
  if (offline_.empty()) return;
  // A server that was never there is not waited for. Where lines can be kept, all of the input is to be kept first.
  if (!was_online() && (at_end_ || !kept)) leave_unsettled(exit_codes::unreachable, offline_);
}

std::string Filter::why_it_waits() const {
  if (!offline_.empty()) return offline_;
  return put_off_.empty() ? "no word from the server" : put_off_;
}

void Filter::be_patient(base::Now now) {
  if (!at_end_) return;
  give_up_at_ = now.instant + patience;
  given_up_ = false;
}

void Filter::wake(base::Now now) {
  if (now.instant < give_up_at_) return;
  give_up_at_ = base::never;
  given_up_ = true;
}

}  // namespace confab::tui
