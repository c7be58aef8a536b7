// SPDX-License-Identifier: MIT
#include "client/local_log.h"

#include <algorithm>
#include <ranges>
#include <utility>

#include <fmt/format.h>

#include "client/translate.h"

namespace confab::client {

std::optional<KeptEvent> LocalLog::open(const std::string& room, RequestId request) {
  if (store_ == nullptr) return std::nullopt;
  auto kept = store_->newest(room, events_shown_max);
  if (!kept) {
    warn(kept.error());
    return std::nullopt;
  }
  std::vector<Event> told;
  for (const KeptEvent& each : *kept) {
    wire::pb::Event event;
    if (!wire::decode(each.bytes, event) || event.seq() != each.seq) {
      forget_from(room, 1);
      return std::nullopt;
    }
    told.push_back(translate_event(event, room, request));
  }
  if (told.empty()) return std::nullopt;
  events_.emplace_back(Opened{
      .request = request, .room = room, .first_seq = kept->front().seq, .end_seq = kept->back().seq, .kept = true});
  for (Event& event : told) events_.push_back(std::move(event));
  return std::move(kept->back());
}

Page LocalLog::before(const std::string& room, base::Seq seq, std::size_t count_max, RequestId request) {
  Page page{.end = seq, .known = {}, .heard = {}};
  const auto changed = changes_.find(room);
  const bool doubtful = changed != changes_.end() && changed->second.forget_from.value_or(seq) < seq;
  if (store_ == nullptr || count_max == 0 || doubtful) return page;
  auto kept = store_->before(room, seq, count_max);
  if (!kept) return warn(kept.error()), page;
  for (const KeptEvent& each : std::ranges::reverse_view(*kept)) {
    wire::pb::Event event;
    if (!wire::decode(each.bytes, event) || event.seq() != each.seq) break;  // as good as missing
    page.known.push_back(translate_event(event, room, request));
    page.end = each.seq;
  }
  std::ranges::reverse(page.known);
  return page;
}

void LocalLog::prepend(const std::string& room, std::vector<KeptEvent> events) {
  if (store_ == nullptr || !works_ || events.empty()) return;
  changes_[room].pages.push_back(std::move(events));
}

void LocalLog::add(const std::string& room, base::Seq seq, base::ByteView bytes) {
  if (store_ == nullptr) return;
  std::vector<KeptEvent>& added = changes_[room].added;
  if (added.size() >= waiting_max) added.erase(added.begin(), added.begin() + waiting_max / 2);
  added.push_back({.seq = seq, .bytes = base::Bytes(bytes.begin(), bytes.end())});
}

void LocalLog::flush(base::Now now) {
  if (!works_ && now.instant < retry_at_) return;
  while (!changes_.empty()) {
    const auto first = changes_.begin();
    if (const auto kept = keep(first->first, first->second); !kept) {
      retry_at_ = now.instant + store_pause;
      return warn(kept.error());
    }
    works_ = true;
    changes_.erase(first);
  }
}

std::expected<void, std::string> LocalLog::keep(const std::string& room, const Changes& changes) {
  if (changes.forget_from) {
    if (auto forgotten = store_->forget_from(room, *changes.forget_from); !forgotten) return forgotten;
  }
  if (!changes.added.empty()) {
    if (auto kept = store_->append(room, changes.added); !kept) return kept;
  }
  for (const std::vector<KeptEvent>& page : changes.pages) {
    if (auto kept = store_->prepend(room, page); !kept) return kept;
  }
  return {};
}

void LocalLog::forget_from(const std::string& room, base::Seq first) {
  if (store_ == nullptr) return;
  Changes& changes = changes_[room];
  std::erase_if(changes.added, [&](const KeptEvent& each) { return each.seq >= first; });
  std::erase_if(changes.pages, [&](const auto& page) { return page.back().seq >= first; });
  changes.forget_from = std::min(changes.forget_from.value_or(first), first);
}

void LocalLog::warn(const std::string& why) {
  if (!std::exchange(works_, false)) return;
  events_.emplace_back(Warning{0, fmt::format("the history is not kept on this machine: {}", why)});
}

}  // namespace confab::client
