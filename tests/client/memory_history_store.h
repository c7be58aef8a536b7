// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <map>

#include "client/history_store.h"

namespace confab::client {

/// A local history that lives as long as the test.
class MemoryHistoryStore final : public HistoryStore {
 public:
  std::expected<std::vector<KeptEvent>, std::string> newest(const std::string& room, std::size_t count_max) override {
    if (failing) return std::unexpected(std::string("it fails"));
    std::vector<KeptEvent> events;
    for (auto at = rooms[room].rbegin(); at != rooms[room].rend() && events.size() < count_max; ++at) {
      if (!events.empty() && events.back().seq != at->first + 1) break;
      events.push_back({at->first, at->second});
    }
    std::ranges::reverse(events);
    return events;
  }
  std::expected<std::vector<KeptEvent>, std::string> before(const std::string& room, base::Seq seq,
                                                            std::size_t count_max) override {
    if (failing) return std::unexpected(std::string("it fails"));
    std::vector<KeptEvent> events;
    for (base::Seq next = seq - 1; events.size() < count_max && rooms[room].contains(next); --next) {
      events.push_back({next, rooms[room].at(next)});
    }
    std::ranges::reverse(events);
    return events;
  }
  std::expected<void, std::string> append(const std::string& room, std::span<const KeptEvent> events) override {
    if (failing) return std::unexpected(std::string("it fails"));
    for (const KeptEvent& event : events) rooms[room].emplace(event.seq, event.bytes);
    return {};
  }
  std::expected<void, std::string> prepend(const std::string& room, std::span<const KeptEvent> events) override {
    if (failing) return std::unexpected(std::string("it fails"));
    if (rooms[room].contains(events.back().seq + 1)) return append(room, events);
    return {};
  }
  std::expected<void, std::string> forget_from(const std::string& room, base::Seq first) override {
    rooms[room].erase(rooms[room].lower_bound(first), rooms[room].end());
    return {};
  }

  std::map<std::string, std::map<base::Seq, base::Bytes>> rooms;
  bool failing = false;
};

}  // namespace confab::client
