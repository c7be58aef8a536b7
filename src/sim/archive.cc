// SPDX-License-Identifier: MIT
#include "sim/archive.h"

#include <fmt/format.h>

#include "base/ids.h"
#include "base/text.h"

namespace confab::sim {

namespace pb = wire::pb;

namespace {

constexpr std::size_t read_events_max = 64;
constexpr std::size_t read_bytes_max = 1024 * 1024;
constexpr std::size_t shown_text_bytes = 40;

}  // namespace

Account Account::of(const pb::Event& event) {
  Account account{.name = event.name(),
                  .verified = event.origin() == pb::ORIGIN_KEY,
                  .time_ms = static_cast<std::int64_t>(event.time_ms()),
                  .id = {},
                  .text = {}};
  if (event.has_joined()) account.kind = Kind::joined;
  if (event.has_left()) account.kind = Kind::left;
  if (event.has_message()) {
    const auto id = base::MessageId::from(base::as_bytes(event.id()));
    account.kind = Kind::message;
    account.id = id ? id->to_string() : std::string();
    account.text = event.message().text();
  }
  return account;
}

Account Account::of(const Message& event) {
  return {Kind::message, event.name, event.verified, event.time_ms, event.id, event.text};
}

Account Account::of(const Joined& event) { return {Kind::joined, event.name, event.verified, event.time_ms, {}, {}}; }

Account Account::of(const Left& event) { return {Kind::left, event.name, event.verified, event.time_ms, {}, {}}; }

Account Account::of(const Unknown& event) { return {Kind::unknown, event.name, false, event.time_ms, {}, {}}; }

std::string Account::to_string() const {
  static constexpr const char* verbs[] = {"says", "joins", "leaves", "does something unknown"};
  const char* verb = verbs[static_cast<std::size_t>(kind)];
  if (kind != Kind::message) return fmt::format("{} {} ({} ms)", name, verb, time_ms);
  return fmt::format("{} {} \"{}\" ({} bytes, id {}, {} ms)", name, verb, base::prefix_within(text, shown_text_bytes),
                     text.size(), id, time_ms);
}

const Account* Archive::find(const std::string& room, base::Seq seq) {
  const std::vector<Account>& events = read_on(room);
  return seq >= 1 && seq <= events.size() ? &events[seq - 1] : nullptr;
}

std::vector<std::string> Archive::rooms() {
  std::vector<std::string> names;
  const auto summaries = store_.rooms();
  if (!summaries) return names;
  for (const log::RoomSummary& each : *summaries) names.push_back(each.room);
  return names;
}

std::vector<Account>& Archive::read_on(const std::string& room) {
  std::vector<Account>& events = rooms_[room];
  while (true) {
    const auto records = store_.read(room, events.size() + 1, read_events_max, read_bytes_max);
    if (!records || records->empty()) return events;
    for (const log::Record& record : *records) {
      const auto event = wire::decode_event(record.seq, record.body);
      events.push_back(event ? Account::of(*event) : Account());
    }
  }
}

}  // namespace confab::sim
