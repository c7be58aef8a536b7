// SPDX-License-Identifier: MIT
#include "sim/checkers.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/bytes.h"
#include "wire/limits.h"
#include "wire/plain.h"

namespace confab::sim {

namespace {

/// Where a log is to be opened, by the promise of Start.
base::Seq first_wanted(const Start& start, base::Seq end) {
  if (start.seq > 0) return std::min(start.seq, end + 1);
  return end - std::min<base::Seq>(start.newest, end) + 1;
}

}  // namespace

ReaderCheck::ReaderCheck(std::string who, std::string room, Start start, Archive& archive, Complaints& complaints)
    : who_(std::move(who)), room_(std::move(room)), start_(start), archive_(archive), complaints_(complaints) {}

void ReaderCheck::opened(const Opened& event) {
  if (next_) return complain("is opened twice");
  if (event.room != room_) complain(fmt::format("is told that it reads #{}", event.room));
  if (event.first_seq != first_wanted(start_, event.end_seq)) {
    complain(fmt::format("asked for {} (or the newest {}) of {} and is to get {} first", start_.seq, start_.newest,
                         event.end_seq, event.first_seq));
  }
  next_ = event.first_seq;
  promised_end_ = event.end_seq;
}

void ReaderCheck::heard(const std::string& room, base::Seq seq, const Account& account) {
  ++heard_count_;
  if (ended_) complain(fmt::format("gets event {} after its end", seq));
  if (room != room_) complain(fmt::format("gets event {} of #{}", seq, room));
  if (!next_) return complain(fmt::format("gets event {} before it is opened", seq));
  if (seq != *next_) complain(fmt::format("gets event {} where {} should follow", seq, *next_));
  next_ = seq + 1;
  const Account* stored = archive_.find(room_, seq);
  if (stored == nullptr)
    return complain(fmt::format("gets event {}, which is not durable: {}", seq, account.to_string()));
  if (*stored == account) return;
  complain(fmt::format("gets event {} as [{}], the store has [{}]", seq, account.to_string(), stored->to_string()));
}

void ReaderCheck::ended() {
  if (ended_) complain("ends twice");
  ended_ = true;
}

bool ReaderCheck::has_all() { return next_ && *next_ > archive_.end_seq(room_) && *next_ > promised_end_; }

std::string ReaderCheck::missing() {
  if (!next_) return fmt::format("{} in #{} was never opened", who_, room_);
  return fmt::format("{} in #{} has events up to {} of {}", who_, room_, *next_ - 1,
                     std::max(archive_.end_seq(room_), promised_end_));
}

void ReaderCheck::complain(std::string_view what) { complaints_.add(fmt::format("{} in #{} {}", who_, room_, what)); }

void MessageCheck::sent(const std::string& who, const std::string& id, const std::string& room,
                        const std::string& text) {
  const bool is_new =
      fates_.emplace(id, Fate{.who = who, .room = room, .text = text, .final = {}, .places = {}}).second;
  if (!is_new) complaints_.add(fmt::format("{} made the message id {} a second time", who, id));
}

void MessageCheck::sent_in_vain(const std::string& who, const std::string& id, const std::string& room,
                                const std::string& text) {
  sent(who, id, room, text);
  fates_.at(id).in_vain = true;
}

void MessageCheck::told(const Status& status) {
  const auto found = fates_.find(status.id);
  if (found == fates_.end()) return complaints_.add(fmt::format("the fate of a message nobody sent: {}", status.id));
  if (status.state == Status::State::queued) return;
  Fate& fate = found->second;
  if (fate.final) complaints_.add(fmt::format("{} is told the fate of message {} twice", fate.who, status.id));
  fate.final = status;
  if (status.state == Status::State::stored) return check_stored(fate, status);
  if (!fate.in_vain) complaints_.add(fmt::format("{} is refused message {}: {}", fate.who, status.id, status.reason));
}

void MessageCheck::check_stored(const Fate& fate, const Status& status) {
  const Account* stored = archive_.find(fate.room, status.seq);
  if (stored == nullptr || stored->id != status.id) {
    complaints_.add(fmt::format("{} is told that message {} is event {} of #{}, the store has there: {}", fate.who,
                                status.id, status.seq, fate.room, stored == nullptr ? "nothing" : stored->to_string()));
  } else if (stored->text != fate.text || stored->name != fate.who) {
    complaints_.add(
        fmt::format("{} sent message {} and it was stored as: {}", fate.who, status.id, stored->to_string()));
  }
}

void MessageCheck::finish(const std::vector<std::string>& plain_names) {
  find_places(plain_names);
  for (const auto& [id, fate] : fates_) check_fate(id, fate);
}

void MessageCheck::find_places(const std::vector<std::string>& plain_names) {
  for (auto& [id, fate] : fates_) fate.places.clear();
  for (const std::string& room : archive_.rooms()) {
    const std::vector<Account>& events = archive_.events(room);
    for (base::Seq seq = 1; seq <= events.size(); ++seq) {
      const Account& event = events[seq - 1];
      if (event.kind == Account::Kind::unknown) complaints_.add(fmt::format("event {} of #{} is broken", seq, room));
      if (event.kind != Account::Kind::message || std::ranges::find(plain_names, event.name) != plain_names.end()) {
        continue;
      }
      const auto fate = fates_.find(event.id);
      if (fate != fates_.end() && fate->second.room == room) {
        fate->second.places.push_back(seq);
      } else {
        complaints_.add(fmt::format("event {} of #{} was never sent there: {}", seq, room, event.to_string()));
      }
    }
  }
}

void MessageCheck::check_fate(const std::string& id, const Fate& fate) {
  if (!fate.final) return complaints_.add(fmt::format("{} was never told the fate of message {}", fate.who, id));
  const bool stored = fate.final->state == Status::State::stored;
  if (fate.places.size() == (stored ? 1U : 0U)) return;
  complaints_.add(fmt::format("{} was told that message {} is {}; it is in the store {} times", fate.who, id,
                              stored ? "stored" : "refused", fate.places.size()));
}

void PlainCheck::sent(const std::string& text) {
  for (const std::string& datagram : wire::format_plain(name_, text)) {
    sent_.push_back(wire::parse_plain(base::as_bytes(datagram)).text);
  }
}

void PlainCheck::heard(const Message& line) { heard_.push_back({line.name, line.text}); }

void PlainCheck::finish() {
  check_sent();
  // The server knows it from its first datagram on; what was on its way into the store then, it heard as well.
  const std::size_t count = std::max(heard_.size(), lines_of_others(first_own()).size());
  std::vector<Line> lines = lines_of_others(1);
  if (count < lines.size()) lines.erase(lines.begin(), lines.end() - static_cast<std::ptrdiff_t>(count));
  if (heard_ == lines) return;
  const auto differs = std::ranges::mismatch(heard_, lines).in1;
  complaints_.add(fmt::format("{} heard {} lines and should have heard {}; they differ from line {} on", name_,
                              heard_.size(), lines.size(), differs - heard_.begin() + 1));
}

void PlainCheck::check_sent() {
  std::vector<std::string> stored;
  for (const Account& event : archive_.events(wire::limits::lobby)) {
    if (event.kind == Account::Kind::message && event.name == name_) stored.push_back(event.text);
  }
  if (stored == sent_) return;
  complaints_.add(fmt::format("{} sent {} lines, the store has {} of them, or in another order", name_, sent_.size(),
                              stored.size()));
}

/// Past the end if it never spoke.
base::Seq PlainCheck::first_own() {
  const std::vector<Account>& events = archive_.events(wire::limits::lobby);
  const auto is_own = [this](const Account& each) { return each.kind == Account::Kind::message && each.name == name_; };
  return static_cast<base::Seq>(std::ranges::find_if(events, is_own) - events.begin()) + 1;
}

/// As a plain client reads them, from event `from` of the lobby on.
std::vector<PlainCheck::Line> PlainCheck::lines_of_others(base::Seq from) {
  std::vector<Line> lines;
  const std::vector<Account>& events = archive_.events(wire::limits::lobby);
  for (base::Seq seq = from; seq <= events.size(); ++seq) {
    const Account& event = events[seq - 1];
    if (event.kind != Account::Kind::message || event.name == name_) continue;
    for (const std::string& datagram : wire::format_for_plain_member(event.name, event.text)) {
      wire::PlainLine line = wire::parse_plain(base::as_bytes(datagram));
      lines.push_back({std::move(line.name), std::move(line.text)});
    }
  }
  return lines;
}

}  // namespace confab::sim
