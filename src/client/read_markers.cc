// SPDX-License-Identifier: MIT
#include "client/read_markers.h"

#include <algorithm>

namespace confab::client {

void ReadMarkers::want(const std::string& room, base::Seq seq) {
  base::Seq& wanted = markers_[room].wanted;
  wanted = std::max(wanted, seq);
}

bool ReadMarkers::hear(const std::string& room, base::Seq seq) {
  base::Seq& known = markers_[room].known;
  if (seq <= known) return false;
  known = seq;
  return true;
}

std::optional<std::pair<std::string, base::Seq>> ReadMarkers::next() const {
  const auto found = std::ranges::find_if(markers_, [](const auto& each) { return each.second.waits(); });
  if (silenced_ || found == markers_.end()) return std::nullopt;
  return std::pair(found->first, found->second.wanted);
}

void ReadMarkers::mark_sent(RequestId request) {
  Marker& marker = std::ranges::find_if(markers_, [](const auto& each) { return each.second.waits(); })->second;
  marker.asked = marker.wanted;
  marker.request = request;
}

bool ReadMarkers::settle(RequestId request, bool taken) {
  const auto found = std::ranges::find(markers_, request, [](const auto& each) { return each.second.request; });
  if (request == 0 || found == markers_.end()) return false;
  Marker& marker = found->second;
  marker.request = 0;
  if (taken) marker.known = std::max(marker.known, marker.asked);
  return true;
}

void ReadMarkers::begin_again() {
  for (auto& [room, marker] : markers_) marker.asked = marker.request = 0;
  silenced_ = false;
}

}  // namespace confab::client
