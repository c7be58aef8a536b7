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

std::optional<std::pair<std::string, base::Seq>> ReadMarkers::next(base::Now now) {
  asked_at_ = now.instant;
  const auto found = find_next(now);
  if (silenced_ || found == markers_.end()) return std::nullopt;
  return std::pair(found->first, found->second.wanted);
}

std::map<std::string, ReadMarkers::Marker>::iterator ReadMarkers::find_next(base::Now now) {
  return std::ranges::find_if(
      markers_, [now](const auto& each) { return each.second.waits() && each.second.not_before <= now.instant; });
}

void ReadMarkers::mark_sent(RequestId request, base::Now now) {
  Marker& marker = find_next(now)->second;
  marker.asked = marker.wanted;
  marker.request = request;
  marker.not_before = now.instant + said_every;
}

/// What could have gone at the last call waits for the network, not for a time.
base::Instant ReadMarkers::next_deadline() const {
  base::Instant deadline = base::never;
  if (silenced_) return deadline;
  for (const auto& [room, marker] : markers_) {
    if (marker.waits() && marker.not_before > asked_at_) deadline = std::min(deadline, marker.not_before);
  }
  return deadline;
}

bool ReadMarkers::settle(RequestId request, bool taken) {
  const auto found = std::ranges::find(markers_, request, [](const auto& each) { return each.second.request; });
  if (request == 0 || found == markers_.end()) return false;
  Marker& marker = found->second;
  marker.request = 0;
  if (taken) marker.known = std::max(marker.known, marker.asked);
  return true;
}

void ReadMarkers::hurry() {
  for (auto& [room, marker] : markers_) {
    marker.request = 0;
    marker.not_before = base::at_once;
  }
}

void ReadMarkers::begin_again() {
  for (auto& [room, marker] : markers_) {
    marker.asked = marker.request = 0;
    marker.not_before = base::at_once;
  }
  silenced_ = false;
}

}  // namespace confab::client
