// SPDX-License-Identifier: MIT
#include "screen/message_change.h"

#include <algorithm>
#include <utility>
#include <variant>

namespace confab::screen {

namespace {

using What = MessageChange::What;

bool is_authors(const MessageChange& change, const Entry& entry) {
  return change.verified && entry.verified && change.name == entry.name;
}

bool edit(const MessageChange& change, Entry& entry) {
  if (entry.is_redacted() || change.seq <= entry.edit_seq) return false;
  entry.text = change.text;
  entry.edit_seq = change.seq;
  return true;
}

bool redact(const MessageChange& change, Entry& entry) {
  if (entry.is_redacted() && entry.redaction_seq <= change.seq) return false;
  entry.text = change.text;
  entry.redaction_seq = change.seq;
  entry.reactions.clear();
  return true;
}

Reaction* find_reaction(Entry& entry, const std::string& text) {
  const auto found = std::ranges::find(entry.reactions, text, &Reaction::text);
  if (found != entry.reactions.end()) return &*found;
  if (entry.reactions.size() >= reactions_max) return nullptr;
  return &entry.reactions.emplace_back(Reaction{text, {}});
}

bool react(const MessageChange& change, Entry& entry) {
  Reaction* const reaction = entry.is_redacted() || change.text.empty() ? nullptr : find_reaction(entry, change.text);
  if (!reaction) return false;
  const auto found = std::ranges::find_if(
      reaction->by, [&](const ReactionOf& by) { return by.name == change.name && by.verified == change.verified; });
  if (found == reaction->by.end()) {
    reaction->by.push_back({change.name, change.verified, change.seq, change.withdrawn});
    return true;
  }
  if (change.seq < found->seq) return false;
  found->seq = change.seq;
  return std::exchange(found->withdrawn, change.withdrawn) != change.withdrawn;
}

}  // namespace

std::optional<MessageChange> to_change(const Event& event) {
  const auto change = [](const auto& from, What what, const std::string& text) {
    return MessageChange{what, from.seq, from.target, from.name, from.verified, text, false};
  };
  if (const auto* edited = std::get_if<Edited>(&event)) return change(*edited, What::edit, edited->text);
  if (const auto* redacted = std::get_if<Redacted>(&event)) return change(*redacted, What::redaction, redacted->reason);
  const auto* reacted = std::get_if<Reacted>(&event);
  if (reacted == nullptr) return std::nullopt;
  MessageChange reaction = change(*reacted, What::reaction, reacted->text);
  reaction.withdrawn = reacted->withdrawn;
  return reaction;
}

bool apply(const MessageChange& change, Entry& entry) {
  switch (change.what) {
    case What::edit:
      return is_authors(change, entry) && edit(change, entry);
    case What::redaction:
      return is_authors(change, entry) && redact(change, entry);
    case What::reaction:
      return react(change, entry);
  }
  return false;
}

std::vector<MessageChange> changes_of(const Entry& entry) {
  if (entry.is_redacted()) {
    return {{What::redaction, entry.redaction_seq, entry.id, entry.name, entry.verified, entry.text, false}};
  }
  std::vector<MessageChange> changes;
  if (entry.edit_seq != 0) {
    changes.push_back({What::edit, entry.edit_seq, entry.id, entry.name, entry.verified, entry.text, false});
  }
  for (const Reaction& reaction : entry.reactions) {
    for (const ReactionOf& by : reaction.by) {
      changes.push_back({What::reaction, by.seq, entry.id, by.name, by.verified, reaction.text, by.withdrawn});
    }
  }
  return changes;
}

void WaitingChanges::add(MessageChange change) {
  bytes_ += change.text.size();
  order_.emplace(next_, change.target);
  by_target_[change.target].emplace(next_++, std::move(change));
  while (order_.size() > changes_max || bytes_ > bytes_max) drop_oldest();
}

void WaitingChanges::drop_oldest() {
  const auto oldest = order_.begin();
  const auto target = by_target_.find(oldest->second);
  const auto change = target->second.find(oldest->first);
  bytes_ -= change->second.text.size();
  target->second.erase(change);
  if (target->second.empty()) by_target_.erase(target);
  order_.erase(oldest);
}

std::vector<MessageChange> WaitingChanges::take(const std::string& target) {
  std::vector<MessageChange> changes;
  const auto found = by_target_.find(target);
  if (found == by_target_.end()) return changes;
  for (auto& [number, change] : found->second) {
    order_.erase(number);
    bytes_ -= change.text.size();
    changes.push_back(std::move(change));
  }
  by_target_.erase(found);
  return changes;
}

}  // namespace confab::screen
