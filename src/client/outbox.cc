// SPDX-License-Identifier: MIT
#include "client/outbox.h"

#include <algorithm>
#include <cassert>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "wire/names.h"

namespace confab::client {

template <typename Predicate>
Outbox::Entries Outbox::take_out(Entries& entries, Predicate is_one) {
  Entries taken;
  Entries left;
  for (OutboxEntry& entry : entries) (is_one(entry) ? taken : left).push_back(std::move(entry));
  entries = std::move(left);
  return taken;
}

void Outbox::set_name(const std::string& name) {
  const std::string old = std::exchange(name_, name);
  if (old == name) return;
  assert(sent_ == 0);
  for (OutboxEntry& entry : entries_) entry.kept.reset();
  Entries strangers = take_out(entries_, [&](const OutboxEntry& entry) {
    return wire::direct_peer(entry.message.room, old) && !wire::direct_peer(entry.message.room, name);
  });
  for (OutboxEntry& entry : strangers) {
    entry.waits_for = old;
    aside_.push_back(std::move(entry));
  }
  // In front of what was typed under the name between.
  Entries back = take_out(
      aside_, [&](const OutboxEntry& entry) { return base::fold_case(entry.waits_for) == base::fold_case(name); });
  std::ranges::move(entries_, std::back_inserter(back));
  entries_ = std::move(back);
}

void Outbox::adopt() {
  assert(sent_ == 0);
  if (store_ == nullptr || name_.empty()) return;
  auto found = store_->load(name_);
  if (!found) return warn(found.error());
  // In front of what is not kept yet: that was typed later.
  auto place = std::ranges::partition_point(entries_, [](const OutboxEntry& each) { return each.kept.has_value(); });
  const Durability promised = place == entries_.begin() ? Durability::machine : *std::prev(place)->kept;
  for (StoredEntry& message : *found) {
    if (ids_.contains(message.id) || is_settled(message.id)) continue;
    ids_.insert(message.id);
    OutboxEntry entry;
    entry.message = std::move(message);
    entry.kept = promised;
    entry.adopted = true;
    announce(entry);
    place = std::next(entries_.insert(place, std::move(entry)));
  }
}

bool Outbox::add(StoredEntry message) {
  if (!ids_.insert(message.id).second) return false;
  entries_.emplace_back().message = std::move(message);
  return true;
}

void Outbox::withdraw(const std::string& why) {
  assert(sent_ == 0);
  const auto takes_back = [&](const OutboxEntry& entry) {
    if (entry.adopted || entry.tried) return false;
    tell(entry, Status::State::refused, 0, why);
    refused_ = true;
    ids_.erase(entry.message.id);
    if (store_ != nullptr) settled_.push_back(entry.message.id);
    return true;
  };
  std::erase_if(entries_, takes_back);
  std::erase_if(aside_, takes_back);
}

bool Outbox::discard(const base::MessageId& id) {
  const auto entry = std::ranges::find(entries_, id, [](const OutboxEntry& each) { return each.message.id; });
  if (entry == entries_.end() || entry->adopted || entry->tried) return false;
  if (entry->kept) {
    const auto erased = store_->erase(std::span(&id, 1), Durability::machine);
    if (!erased) return warn(erased.error()), false;
    entry->tried = *erased == 0;  // by another program, which has erased it with the answer
    if (entry->tried) return false;
  } else if (store_ != nullptr) {
    settled_.push_back(id);
    refused_ = true;  // as little as a refused one may it come back
  }
  entries_.erase(entry);
  ids_.erase(id);
  return true;
}

std::vector<StoredEntry> Outbox::entries_for(const std::string& room) const {
  std::vector<StoredEntry> messages;
  for (const OutboxEntry& entry : entries_) {
    if (entry.message.room == room) messages.push_back(entry.message);
  }
  return messages;
}

template <typename Result>
bool Outbox::store_said(const Result& result, base::Now now) {
  if (result) {
    store_works_ = true;
    return true;
  }
  warn(result.error());
  store_retry_at_ = now.instant + store_pause;
  return false;
}

/// What is kept under its name is taken over again when that is ours once more.
void Outbox::keep_aside(base::Now now) {
  const auto put_off_aside = [this](OutboxEntry& entry) {
    put_off(entry, fmt::format("it waits for the name {}", entry.waits_for));
  };
  if (store_ == nullptr) std::ranges::for_each(aside_, put_off_aside);
  while (store_ != nullptr && !aside_.empty() && store_may_be_tried(now)) {
    OutboxEntry& entry = aside_.front();
    if (entry.message.typed_at == base::WallTime{}) entry.message.typed_at = now.wall;
    const auto saved = store_->save(entry.waits_for, std::span(&entry.message, 1), Durability::machine);
    if (!store_said(saved, now)) return;
    put_off_aside(entry);
    ids_.erase(entry.message.id);
    aside_.pop_front();
  }
}

void Outbox::keep(bool online, base::Now now) {
  keep_aside(now);
  if (store_ == nullptr && !online) std::ranges::for_each(entries_, [this](OutboxEntry& each) { announce(each); });
  if (store_ == nullptr || name_.empty() || !store_may_be_tried(now)) return;

  const Durability wanted = online ? Durability::process : Durability::machine;
  const auto lacking = std::ranges::partition_point(
      entries_, [&](const OutboxEntry& each) { return each.kept && *each.kept >= wanted; });
  std::vector<StoredEntry> batch;
  for (auto entry = lacking; entry != entries_.end(); ++entry) {
    if (!entry->kept && entry->message.typed_at == base::WallTime{}) entry->message.typed_at = now.wall;
    batch.push_back(entry->message);
  }
  if (batch.empty() || !store_said(store_->save(name_, batch, wanted), now)) return;
  for (auto entry = lacking; entry != entries_.end(); ++entry) {
    entry->kept = wanted;
    announce(*entry);
  }
}

bool Outbox::is_settled(const base::MessageId& id) const {
  return std::ranges::find(settled_, id) != settled_.end() || std::ranges::find(stored_, id) != stored_.end();
}

void Outbox::let_go(base::Now now) {
  if (store_ == nullptr) return;
  erase_settled(now);
  settled_.insert(settled_.end(), stored_.begin(), stored_.end());
  stored_.clear();
}

void Outbox::erase_settled(base::Now now) {
  if (settled_.empty() || !store_may_be_tried(now)) return;
  if (!store_said(store_->erase(settled_, refused_ ? Durability::machine : Durability::process), now)) return;
  settled_.clear();
  refused_ = false;
}

const OutboxEntry* Outbox::next_unsent() const {
  return pause_ || sent_ == entries_.size() ? nullptr : &entries_[sent_];
}

void Outbox::mark_sent(RequestId request) {
  OutboxEntry& entry = entries_[sent_++];
  entry.request = request;
  entry.tried = true;
  ++under_way_;
}

void Outbox::begin_again() {
  for (OutboxEntry& entry : entries_) entry.request = 0;
  sent_ = under_way_ = 0;
  pause_.reset();
  resend_at_ = base::never;
  ++attempt_;
}

void Outbox::wake(base::Now now) {
  if (pause_ == Pause::backoff && under_way_ == 0 && resend_at_ == base::never) {
    resend_at_ = now.instant + backoff_.next(random_);
  }
  if (resend_at_ <= now.instant) begin_again();
}

base::Instant Outbox::next_deadline() const {
  if (store_works_ && !settled_.empty()) return base::at_once;
  const bool store_waits = !store_works_ && !name_.empty() && (!settled_.empty() || !keeps_all());
  return std::min(resend_at_, store_waits ? store_retry_at_ : base::never);
}

std::optional<StoredEntry> Outbox::accept(RequestId request, std::uint64_t seq) {
  auto stored = settle(request, Status::State::stored, seq, {});
  if (stored) backoff_.reset();
  return stored;
}

std::optional<StoredEntry> Outbox::refuse(RequestId request, const std::string& reason) {
  return settle(request, Status::State::refused, 0, reason);
}

bool Outbox::postpone(RequestId request, Pause pause, const std::string& reason) {
  const auto entry = find(request);
  if (entry == entries_.end()) return false;
  entry->request = 0;
  --under_way_;
  pause_ = std::max(pause_.value_or(pause), pause);
  put_off(*entry, reason);
  return true;
}

void Outbox::put_off(OutboxEntry& entry, const std::string& reason) {
  if (entry.announced && entry.reason == reason) return;
  entry.announced = true;
  entry.reason = reason;
  tell(entry, Status::State::queued, 0, reason);
}

Outbox::Entries::iterator Outbox::find(RequestId request) {
  // Answers come nearly in the order of the attempts, so the entry stands at or near the front.
  const auto end = entries_.begin() + static_cast<std::ptrdiff_t>(sent_);
  const auto found = std::find_if(entries_.begin(), end, [&](const auto& each) { return each.request == request; });
  return request == 0 || found == end ? entries_.end() : found;
}

std::optional<StoredEntry> Outbox::settle(RequestId request, Status::State state, std::uint64_t seq,
                                          const std::string& reason) {
  const auto entry = find(request);
  if (entry == entries_.end()) return std::nullopt;
  tell(*entry, state, seq, reason);
  if (state == Status::State::refused) refused_ = true;
  StoredEntry message = std::move(entry->message);
  entries_.erase(entry);
  ids_.erase(message.id);
  if (store_ != nullptr) (state == Status::State::stored ? stored_ : settled_).push_back(message.id);
  --sent_;
  --under_way_;
  return message;
}

void Outbox::tell(const OutboxEntry& entry, Status::State state, std::uint64_t seq, const std::string& reason) {
  events_.emplace_back(Status{entry.message.id.to_string(), entry.message.room, state, seq, reason});
}

void Outbox::announce(OutboxEntry& entry) {
  if (!std::exchange(entry.announced, true)) tell(entry, Status::State::queued, 0, {});
}

void Outbox::warn(const std::string& why) {
  if (!std::exchange(store_works_, false)) return;
  events_.emplace_back(Warning{0, fmt::format("what you send is not kept on this machine: {}", why)});
}

}  // namespace confab::client
