// SPDX-License-Identifier: MIT
#include "sim/archive.h"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

#include "base/ids.h"
#include "base/text.h"

namespace confab::sim {

namespace pb = wire::pb;

namespace {

constexpr std::size_t read_events_max = 64;
constexpr std::size_t read_bytes_max = 1024 * 1024;
constexpr std::size_t shown_text_bytes = 40;

std::string shown(const std::string& id) {
  const auto parsed = base::MessageId::from(base::as_bytes(id));
  return parsed ? parsed->to_string() : std::string();
}

Account::Kind kind_of(pb::Left::Reason reason) {
  if (reason == pb::Left::REASON_LOST) return Account::Kind::lost;
  return reason == pb::Left::REASON_QUIT ? Account::Kind::quit : Account::Kind::left_room;
}

Account::Kind kind_of(Left::Reason reason) {
  if (reason == Left::Reason::lost) return Account::Kind::lost;
  return reason == Left::Reason::quit ? Account::Kind::quit : Account::Kind::left_room;
}

}  // namespace

bool Account::operator==(const Account& other) const {
  const auto told = [](const Account& each) {
    return std::tie(each.kind, each.name, each.verified, each.time_ms, each.id, each.text);
  };
  return told(*this) == told(other);
}

bool Account::is_content() const {
  return kind == Kind::message || kind == Kind::topic || kind == Kind::edit || kind == Kind::redaction ||
         kind == Kind::reaction;
}

Account Account::of(const pb::Event& event) {
  Account account{.name = event.name(),
                  .verified = event.origin() == pb::ORIGIN_KEY,
                  .time_ms = static_cast<std::int64_t>(event.time_ms()),
                  .id = {},
                  .text = {}};
  if (event.has_joined()) account.kind = Kind::joined;
  if (event.has_left()) account.kind = kind_of(event.left().reason());
  account.own_id = shown(event.id());
  const auto says = [&](Kind kind, const std::string& id, const std::string& text) {
    account.kind = kind;
    account.id = shown(id);
    account.text = text;
  };
  if (event.has_message()) says(Kind::message, event.id(), event.message().text());
  if (event.has_topic()) says(Kind::topic, {}, event.topic().text());
  if (event.has_edit()) says(Kind::edit, event.edit().target(), event.edit().text());
  if (event.has_redaction()) says(Kind::redaction, event.redaction().target(), event.redaction().reason());
  if (event.has_reaction()) says(Kind::reaction, event.reaction().target(), event.reaction().text());
  return account;
}

Account Account::of(const Message& event) {
  return {Kind::message, event.name, event.verified, event.time_ms, event.id, event.text};
}

Account Account::of(const Joined& event) { return {Kind::joined, event.name, event.verified, event.time_ms, {}, {}}; }

Account Account::of(const Left& event) {
  return {kind_of(event.reason), event.name, event.verified, event.time_ms, {}, {}};
}

Account Account::of(const TopicChanged& event) {
  return {Kind::topic, event.name, event.verified, event.time_ms, {}, event.text};
}

Account Account::of(const Edited& event) {
  return {Kind::edit, event.name, event.verified, event.time_ms, event.target, event.text};
}

Account Account::of(const Redacted& event) {
  return {Kind::redaction, event.name, event.verified, event.time_ms, event.target, event.reason};
}

Account Account::of(const Reacted& event) {
  return {Kind::reaction, event.name, event.verified, event.time_ms, event.target, event.text};
}

Account Account::of(const Unknown& event) { return {Kind::unknown, event.name, false, event.time_ms, {}, {}}; }

std::string Account::to_string() const {
  static constexpr const char* verbs[] = {
      "says",           "joins", "leaves",     "quits",       "is lost",
      "sets the topic", "edits", "takes back", "reacts with", "does something unknown"};
  const char* verb = verbs[static_cast<std::size_t>(kind)];
  if (id.empty() && text.empty()) return fmt::format("{} {} ({} ms)", name, verb, time_ms);
  return fmt::format("{} {} \"{}\" ({} bytes, id {}, {} ms)", name, verb, base::prefix_within(text, shown_text_bytes),
                     text.size(), id, time_ms);
}

void Archive::look() {
  for (const std::string& room : rooms()) read_on(room);
}

void Archive::check_kept(Complaints& complaints) {
  look();
  for (const auto& [room, events] : rooms_) {
    const std::vector<Account> now = read(room, 1);
    if (now == events) continue;
    const auto differs = std::ranges::mismatch(events, now).in1;
    complaints.add(fmt::format("the store holds {} events of #{} where it held {}; they differ from event {} on",
                               now.size(), room, events.size(), differs - events.begin() + 1));
  }
}

const Account* Archive::find(const std::string& room, base::Seq seq) {
  std::vector<Account>& events = rooms_[room];
  if (seq > events.size()) read_on(room);
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
  for (Account& account : read(room, events.size() + 1)) {
    events.push_back(std::move(account));
    if (watcher_) watcher_(room, events.size(), Account(events.back()));
  }
  return events;
}

std::vector<Account> Archive::read(const std::string& room, base::Seq first) {
  std::vector<Account> events;
  while (true) {
    const auto records = store_.read(room, first + events.size(), read_events_max, read_bytes_max);
    if (!records || records->empty()) return events;
    for (const log::Record& record : *records) {
      const auto event = wire::decode_event(record.seq, record.body);
      events.push_back(event ? Account::of(*event) : Account());
    }
  }
}

}  // namespace confab::sim
