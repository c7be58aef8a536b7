// SPDX-License-Identifier: MIT
// An outbox as a program has it, with a clock that only the test moves.
#pragma once

#include <chrono>
#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "client/outbox.h"

namespace confab::client {

using namespace std::chrono_literals;
using Lines = std::vector<std::string>;

/// One program's outbox. Messages are named by their text of one letter; their ids are that letter, too.
struct Program {
  explicit Program(OutboxStore* store) : outbox(store, random, events) { outbox.set_name("Ada"); }

  static StoredEntry message(char letter) {
    StoredEntry entry{.id = {}, .room = "lobby", .content = {.text = {letter}}, .typed_at = {}};
    entry.id.bytes.fill(static_cast<std::uint8_t>(letter));
    return entry;
  }
  void type(std::string_view letters) {
    for (const char letter : letters) outbox.add(message(letter));
  }
  base::Now now() const { return {base::Instant(1h) + clock, {1'700'000'000'000}}; }
  void keep(bool online = true) { outbox.keep(online, now()); }
  /// Sends what waits, under requests from `next` on; answers it in order.
  std::string send_all() {
    std::string sent;
    while (const OutboxEntry* entry = outbox.next_unsent()) {
      sent += entry->message.content.text;
      outbox.mark_sent(next++);
    }
    return sent;
  }
  void pass(base::Duration span) {
    outbox.wake(now());
    clock += span;
    outbox.wake(now());
  }
  /// What has been told since the last call: "queued a", "stored a 7", "refused a: why", "warning".
  Lines told() {
    static constexpr const char* states[] = {"queued", "stored", "refused"};
    Lines lines;
    for (const Event& event : std::exchange(events, {})) {
      const auto* status = std::get_if<Status>(&event);
      if (status == nullptr) {
        lines.emplace_back("warning");
        continue;
      }
      const char letter = static_cast<char>(std::stoi(status->id.substr(0, 2), nullptr, 16));
      std::string line = fmt::format("{} {}", states[static_cast<int>(status->state)], letter);
      if (status->seq > 0) line += fmt::format(" {}", status->seq);
      if (!status->reason.empty()) line += ": " + status->reason;
      lines.push_back(std::move(line));
    }
    return lines;
  }

  base::SeededRandom random{1};
  std::deque<Event> events;
  Outbox outbox;
  RequestId next = 1;
  base::Duration clock{};
};

}  // namespace confab::client
