// SPDX-License-Identifier: MIT
#include "client/local_log.h"

#include <utility>

#include <fmt/format.h>

#include "client/translate.h"

namespace confab::client {

std::optional<KeptEvent> LocalLog::open(const std::string& room, RequestId request) {
  if (store_ == nullptr) return std::nullopt;
  auto kept = store_->newest(room, events_shown_max);
  if (!kept) {
    give_up(kept.error());
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
  events_.emplace_back(Opened{request, room, kept->front().seq, kept->back().seq});
  for (Event& event : told) events_.push_back(std::move(event));
  return std::move(kept->back());
}

void LocalLog::add(const std::string& room, base::Seq seq, base::ByteView bytes) {
  if (store_ != nullptr) added_[room].push_back({.seq = seq, .bytes = base::Bytes(bytes.begin(), bytes.end())});
}

void LocalLog::flush() {
  for (const auto& [room, events] : std::exchange(added_, {})) {
    if (store_ == nullptr) return;
    if (const auto kept = store_->append(room, events); !kept) give_up(kept.error());
  }
}

void LocalLog::forget_from(const std::string& room, base::Seq first) {
  if (store_ == nullptr) return;
  if (const auto forgotten = store_->forget_from(room, first); !forgotten) give_up(forgotten.error());
}

void LocalLog::give_up(const std::string& why) {
  store_ = nullptr;
  events_.emplace_back(Warning{0, fmt::format("the history is not kept on this machine: {}", why)});
}

}  // namespace confab::client
