// SPDX-License-Identifier: MIT
#include "sim/reader_check.h"

#include <algorithm>

#include <fmt/format.h>

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
  if (next_) return reopened(event);
  if (event.room != room_) complain(fmt::format("is told that it reads #{}", event.room));
  if (event.first_seq != first_wanted(start_, event.end_seq)) {
    complain(fmt::format("asked for {} (or the newest {}) of {} and is to get {} first", start_.seq, start_.newest,
                         event.end_seq, event.first_seq));
  }
  next_ = event.first_seq;
  promised_end_ = event.end_seq;
}

void ReaderCheck::reopened(const Opened& event) {
  if (event.room != room_) complain(fmt::format("goes on in #{}", event.room));
  if (event.first_seq != *next_) complain(fmt::format("is to get {} where {} should follow", event.first_seq, *next_));
  promised_end_ = std::max(promised_end_, event.end_seq);
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

}  // namespace confab::sim
