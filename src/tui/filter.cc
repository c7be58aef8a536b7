// SPDX-License-Identifier: MIT
#include "tui/filter.h"

#include <fmt/format.h>

#include "tui/printer.h"

namespace confab::tui {

void Filter::start() {
  for (const std::string& room : options_.rooms) client_.join(room, {});
}

void Filter::hear(const Event& event, base::Now) {
  if (end_on_failure(event)) return;
  if (const auto* status = std::get_if<Status>(&event); status != nullptr && status->state == Status::State::refused) {
    errors_ += fmt::format("confab: not sent: {}\n", status->reason);
    refused_ = true;
  }
  if (const auto* refused = std::get_if<Refused>(&event)) errors_ += fmt::format("confab: {}\n", refused->text);
  if (const auto* link = std::get_if<Link>(&event); link != nullptr && link->state == Link::State::offline) {
    errors_ += fmt::format("confab: {}; trying again\n", link->text);
  }
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

void Filter::input(std::string_view bytes, base::Now) {
  if (bytes.empty()) {
    at_end_ = true;
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
  client_.send(options_.rooms.front(), Kind::text, std::string(line));
}

void Filter::caught_up() {
  if (at_end_ && was_online() && client_.unsettled() == 0) end(refused_ ? exit_codes::failed : exit_codes::done);
}

}  // namespace confab::tui
