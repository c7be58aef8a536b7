// SPDX-License-Identifier: MIT
#include "server/notices.h"

#include <set>

#include "wire/limits.h"
#include "wire/names.h"

namespace confab::server {

namespace pb = wire::pb;

void Notices::tell_marker(const chat::NewMarker& marker, chat::SessionId asker) {
  pb::Reply notice;
  notice.mutable_marker()->set_room(marker.room);
  notice.mutable_marker()->set_up_to(marker.up_to);
  for (const chat::SessionId id : chat_.sessions_of(marker.folded_name)) {
    const auto found = sessions_.find(id);
    if (id != asker && found != sessions_.end()) tell(found->second, notice);
  }
}

void Notices::invite(const std::string& room, base::Seq end_seq, chat::SessionId author, base::Now now) {
  const auto names = wire::direct_names(room);
  if (!names) return;
  for (const std::string& name : std::set<std::string>{std::string(names->first), std::string(names->second)}) {
    for (const chat::SessionId id : chat_.sessions_of(name)) {
      const auto found = sessions_.find(id);
      if (id == author || found == sessions_.end() || chat_.is_in(id, room)) continue;
      invite(found->second, room, end_seq, now);
    }
  }
}

void Notices::invite(Session& session, const std::string& room, base::Seq end_seq, base::Now now) {
  std::erase_if(session.invited_until, [now](const auto& each) { return each.second <= now.instant; });
  if (session.invited_until.contains(room)) return;
  pb::Reply notice;
  notice.mutable_invited()->set_room(room);
  notice.mutable_invited()->set_end_seq(end_seq);
  if (tell(session, notice)) session.invited_until.emplace(room, now.instant + wire::limits::invited_every);
}

/// False where the client takes no replies.
bool Notices::tell(Session& session, const pb::Reply& notice) {
  if (session.closing || session.replies_in_flight >= Session::replies_in_flight_max) return false;
  ++session.replies_in_flight;
  shards_.reply(session.connection(), wire::encode_frame(notice));
  return true;
}

}  // namespace confab::server
