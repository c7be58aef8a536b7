// SPDX-License-Identifier: MIT
#include "server/journal.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace confab::server {

void Journal::add(const chat::NewEvent& event, chat::SessionId author, std::uint64_t tag) {
  base::Bytes body = wire::encode_event_body(event.event);
  bytes_ += body.size();
  batch_.drafts.push_back({event.room, event.id, body});
  waiting_.push_back({author, tag, event.event.time_ms(), event.room, event.id, std::move(body)});
}

void Journal::add(const chat::NewClaim& claim) { batch_.claims.push_back({claim.folded_name, claim.key}); }

void Journal::flush() {
  if (batch_.drafts.empty() && batch_.claims.empty()) return;
  std::ranges::move(std::exchange(failed_claims_, {}), std::back_inserter(batch_.claims));
  next_ticket_ += 2;
  in_flight_.emplace(next_ticket_, Flight{std::exchange(waiting_, {}), batch_.claims});
  store_.append(next_ticket_, std::exchange(batch_, {}));
}

std::vector<Settled> Journal::settle(std::uint64_t ticket, log::AppendResult result) {
  std::vector<Settled> settled;
  const auto found = in_flight_.find(ticket);
  if (found == in_flight_.end()) return settled;
  Flight& flight = found->second;
  if (!result) std::ranges::move(flight.claims, std::back_inserter(failed_claims_));
  settled.reserve(flight.entries.size());
  for (std::size_t i = 0; i < flight.entries.size(); ++i) {
    JournalEntry& entry = flight.entries[i];
    bytes_ -= entry.body.size();
    if (result) {
      settled.push_back({std::move(entry), (*result)[i]});
    } else {
      settled.push_back({std::move(entry), std::unexpected(result.error())});
    }
  }
  in_flight_.erase(found);
  return settled;
}

}  // namespace confab::server
