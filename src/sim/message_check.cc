// SPDX-License-Identifier: MIT
#include "sim/message_check.h"

#include <fmt/format.h>

namespace confab::sim {

void MessageCheck::sent(const std::string& client, const std::string& name, const std::string& id,
                        const std::string& room, const std::string& text) {
  Fate fate{.client = client, .name = name, .room = room, .text = text, .number = ++counts_[client]};
  const bool is_new = fates_.emplace(id, std::move(fate)).second;
  if (!is_new) complaints_.add(fmt::format("{} made the message id {} a second time", client, id));
}

void MessageCheck::sent_in_vain(const std::string& client, const std::string& name, const std::string& id,
                                const std::string& room, const std::string& text) {
  sent(client, name, id, room, text);
  fates_.at(id).in_vain = true;
}

void MessageCheck::sent_if_member(const std::string& client, const std::string& name, const std::string& id,
                                  const std::string& room, const std::string& text) {
  sent(client, name, id, room, text);
  fates_.at(id).if_member = true;
}

void MessageCheck::told(const Status& status) {
  const auto found = fates_.find(status.id);
  if (found == fates_.end()) return complaints_.add(fmt::format("the fate of a message nobody sent: {}", status.id));
  if (status.state == Status::State::queued) return;
  Fate& fate = found->second;
  if (fate.told) complaints_.add(fmt::format("{} is told the fate of message {} twice", fate.client, status.id));
  const bool differs = fate.final && (fate.final->state != status.state || fate.final->seq != status.seq);
  if (differs && !fate.if_member) {
    complaints_.add(fmt::format("{} is told another fate of message {} than before", fate.client, status.id));
  }
  fate.told = true;
  fate.final = status;
  if (status.state == Status::State::stored) return check_stored(fate, status);
  if (!fate.in_vain && !fate.if_member)
    complaints_.add(fmt::format("{} is refused message {}: {}", fate.client, status.id, status.reason));
  if (fate.place != 0 && !fate.if_member)
    complaints_.add(fmt::format("{} is refused message {}, which is stored", fate.client, status.id));
}

void MessageCheck::check_stored(const Fate& fate, const Status& status) {
  const Account* stored = archive_.find(fate.room, status.seq);
  if (stored != nullptr && stored->own_id == status.id) return;
  complaints_.add(fmt::format("{} is told that message {} is event {} of #{}, the store has there: {}", fate.client,
                              status.id, status.seq, fate.room, stored == nullptr ? "nothing" : stored->to_string()));
}

void MessageCheck::stopped(const std::string& client, const std::set<std::string>& kept) {
  for (auto& [id, fate] : fates_) {
    if (fate.client != client) continue;
    fate.told = false;
    if (fate.final) continue;
    fate.may_be_untold = true;
    fate.may_be_lost = fate.may_be_lost || !kept.contains(id);
  }
}

void MessageCheck::stored(const std::string& room, base::Seq seq, const Account& message, bool is_plain) {
  if (is_plain) return;
  const auto found = fates_.find(message.own_id);
  if (found == fates_.end() || found->second.room != room) {
    return complaints_.add(fmt::format("event {} of #{} was never sent there: {}", seq, room, message.to_string()));
  }
  Fate& fate = found->second;
  if (fate.place != 0) {
    complaints_.add(
        fmt::format("message {} is event {} of #{} and event {}, too", message.own_id, fate.place, room, seq));
  }
  if (message.text != fate.text || message.name != fate.name) {
    complaints_.add(
        fmt::format("{} sent message {}, it is stored as: {}", fate.client, message.own_id, message.to_string()));
  }
  const bool refused = fate.final && fate.final->state == Status::State::refused;
  if ((refused && !fate.if_member) || fate.in_vain) {
    complaints_.add(fmt::format("event {} of #{} was to be refused: {}", seq, room, message.to_string()));
  }
  fate.place = seq;
  // It may come out of the network after all that was typed since; or a client that forgot the refusal asked again.
  if (fate.may_be_lost || fate.if_member) return;
  std::uint64_t& newest = newest_[{fate.client, room}];
  if (fate.number < newest) {
    complaints_.add(fmt::format("event {} of #{} was typed before what {} has in there already: {}", seq, room,
                                fate.client, message.to_string()));
  }
  newest = fate.number;
}

void MessageCheck::finish() {
  for (const auto& [id, fate] : fates_) check_fate(id, fate);
}

std::uint64_t MessageCheck::count(const std::string& client) const {
  const auto found = counts_.find(client);
  return found == counts_.end() ? 0 : found->second;
}

void MessageCheck::check_fate(const std::string& id, const Fate& fate) {
  if (!fate.final && !fate.may_be_untold) {
    complaints_.add(fmt::format("{} was never told the fate of message {}", fate.client, id));
  }
  const bool was_refused = fate.final && fate.final->state == Status::State::refused;
  if (fate.in_vain || fate.may_be_lost || fate.place != 0 || (fate.if_member && was_refused)) return;
  complaints_.add(fmt::format("message {} of {} is not in the store", id, fate.client));
}

}  // namespace confab::sim
