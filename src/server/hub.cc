// SPDX-License-Identifier: MIT
#include "server/hub.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "wire/codes.h"
#include "wire/limits.h"

namespace confab::server {

namespace pb = wire::pb;
namespace limits = wire::limits;

namespace {

/// Requests of one session that are carried out in one turn: a burst from one must not keep the others waiting.
constexpr int requests_per_turn_max = 64;

/// CONNECTION_CLOSE takes what is still queued with it: the last answers get this long to reach their clients.
constexpr base::Duration last_answers_time = std::chrono::milliseconds(200);
/// A disk that answers nothing at all keeps the server no longer from stopping.
constexpr base::Duration drain_patience = std::chrono::seconds(10);
/// Nor does a worker that cannot write, or a client that comes while all others go.
constexpr base::Duration farewell_time = std::chrono::seconds(1);

/// For the members; what the operator should know is in the log.
const char* describe(log::StoreError::Code code) {
  return code == log::StoreError::Code::full ? "the server's disk is full" : "the server's disk does not work";
}

std::vector<Channel*> channels_of(const std::vector<Switchboard::Line>& lines) {
  std::vector<Channel*> channels;
  channels.reserve(lines.size());
  for (const Switchboard::Line& each : lines) channels.push_back(each.channel);
  return channels;
}

}  // namespace

std::expected<StoredState, log::StoreError> StoredState::load(log::Store& store) {
  auto rooms = store.rooms();
  if (!rooms) return std::unexpected(rooms.error());
  auto claims = store.claims();
  if (!claims) return std::unexpected(claims.error());
  auto members = store.members();
  if (!members) return std::unexpected(members.error());
  auto markers = store.markers();
  if (!markers) return std::unexpected(markers.error());
  return StoredState{std::move(*rooms), std::move(*claims), std::move(*members), std::move(*markers)};
}

Hub::Hub(ServerOptions options, std::vector<Switchboard::Line> lines, log::AsyncStore& store, const StoredState& stored,
         base::Random& random, base::Log& log)
    : options_(std::move(options)),
      channels_(channels_of(lines)),
      store_(store),
      log_(log),
      shards_(std::move(lines)),
      chat_(random),
      journal_(store),
      logs_(shards_, options_.log_memory_bytes_max),
      retention_(std::move(options_.retention), store),
      executor_(chat_, journal_, shards_),
      notices_(chat_, sessions_, shards_),
      dispatcher_(options_.agent, chat_, executor_, logs_, shards_, notices_, log),
      plain_(executor_, random) {
  chat_.restore_room(limits::lobby, 0);
  for (const log::RoomSummary& room : stored.rooms) {
    chat_.restore_room(room.room, room.newest_ms, room.topic);
    logs_.restore(room.room, room.end_seq, room.first_seq);
    retention_.restore(room);
  }
  for (const log::NameClaim& claim : stored.claims) chat_.restore_claim(claim.folded_name, claim.key);
  for (const log::StoredMember& member : stored.members) {
    chat_.restore_member(member.room, {member.folded_name, static_cast<pb::Origin>(member.origin)}, member.name);
  }
  for (const log::ReadMarker& marker : stored.markers) {
    chat_.restore_marker(marker.folded_name, marker.room, marker.up_to);
  }
}

void Hub::hear(base::Now now) {
  for (Channel* channel : channels_) {
    // What is told meanwhile is the next turn's.
    for (std::size_t count = channel->news.size(); count > 0; --count) {
      unsettled_ = true;
      std::visit([&](const auto& each) { on(each, now); }, *channel->news.pop());
    }
  }
}

void Hub::wake(base::Now now) {
  executor_.wake(now);
  plain_.wake(now);
}

void Hub::settle(base::Now now) {
  unsettled_ = false;
  take_store_answers(now);
  auto readable = std::exchange(waiting_, {});
  readable.merge(std::exchange(unfinished_, {}));
  for (const chat::SessionId id : readable) {
    if (Session* session = find(id)) read_requests(*session, now);
  }
  logs_.publish();
  journal_.flush(now);
  if (!draining_) retention_.run(now);
  if (draining_) go_on_draining(now);
}

void Hub::end_turn(base::Now now) {
  shards_.ring();
  if (!said_goodbye_ || !options_.on_drained) return;
  if (sessions_.empty() || now.instant >= farewell_until_) std::exchange(options_.on_drained, nullptr)();
}

base::Instant Hub::next_deadline() const {
  if (unsettled_ || !unfinished_.empty()) return base::at_once;
  base::Instant deadline = std::min({chat_.next_deadline(), plain_.next_deadline(), journal_.next_deadline()});
  if (!draining_) deadline = std::min(deadline, retention_.next_deadline());
  return std::min(deadline, drain_deadline());
}

base::Instant Hub::drain_deadline() const {
  if (!draining_) return base::never;
  if (said_goodbye_) return options_.on_drained ? farewell_until_ : base::never;
  if (journal_.empty()) return goodbye_at_;
  return goodbye_at_ == base::never ? drain_until_ : std::max(drain_until_, goodbye_at_);
}

void Hub::drain(base::Now now) {
  if (draining_) return;
  draining_ = true;
  drain_until_ = now.instant + drain_patience;
  dispatcher_.drain();
  journal_.drain();
  plain_.drain();
}

ServerStats Hub::stats() const {
  return {.datagrams_dropped = plain_.datagrams_refused(),
          .events_stored = events_stored_,
          .store_failures = store_failures_,
          .log_bytes = logs_.memory_bytes(),
          .journal_bytes = journal_.bytes(),
          .has_unanswered = !journal_.empty()};
}

void Hub::take_store_answers(base::Now now) {
  for (log::StoreAnswer& answer : store_.poll()) {
    if (const auto* trim = std::get_if<log::TrimAnswer>(&answer.result)) {
      on_trim(*trim, now);
      continue;
    }
    auto& result = std::get<log::AppendResult>(answer.result);
    watch_store(result);
    for (const Settled& settled : journal_.settle(answer.ticket, std::move(result), now)) settle(settled, now);
  }
}

/// Says when the store begins to fail and when it works again, not each time in between.
void Hub::watch_store(const log::AppendResult& result) {
  if (result) {
    if (store_failures_in_a_row_ > 0) {
      log_.info("store", "works again; {} batches were not stored", std::exchange(store_failures_in_a_row_, 0));
    }
    return;
  }
  ++store_failures_;
  if (store_failures_in_a_row_++ == 0) log_.error("store", "nothing is stored for now: {}", result.error().text);
}

void Hub::on_trim(const log::TrimAnswer& answer, base::Now now) {
  if (!answer && !trims_fail_) log_.error("store", "nothing is removed for now: {}", answer.error().text);
  trims_fail_ = !answer;
  const auto trimmed = retention_.on_trim(answer, now);
  if (trimmed) logs_.trim(trimmed->room, trimmed->first_seq);
}

void Hub::settle(const Settled& settled, base::Now now) {
  if (settled.outcome && !settled.outcome->duplicate) {
    ++events_stored_;
    retention_.append(settled.entry.room, settled.outcome->seq, settled.entry.time_ms);
    logs_.append(settled.entry.room, settled.outcome->seq, settled.entry.body);
    chat_.on_stored(settled.entry.room, settled.entry.topic);
    notices_.invite(settled.entry.room, settled.outcome->seq, settled.entry.author, now);
    if (settled.entry.room == limits::lobby) show_in_lobby(settled, settled.outcome->seq);
  }
  if (settled.entry.author != 0) answer_author(settled, now);
}

void Hub::show_in_lobby(const Settled& settled, base::Seq seq) {
  const auto event = wire::decode_event(seq, settled.entry.body);
  if (!event || !event->has_message()) return;
  plain_.deliver(*event, settled.entry.author);
  if (options_.on_lobby_line) options_.on_lobby_line(event->name(), event->message().text());
}

void Hub::answer_author(const Settled& settled, base::Now now) {
  const JournalEntry& entry = settled.entry;
  const auto found = sessions_.find(entry.author);
  if (found != sessions_.end()) {
    --found->second.sends_in_flight;
    found->second.answered_at = now.instant;
  }
  if (!settled.outcome) {
    const std::string why = fmt::format("not stored: {}", describe(settled.outcome.error().code));
    if (PlainGateway::owns(entry.author)) return plain_.refuse(entry.author, why);
    if (found == sessions_.end()) return;
    found->second.failed_attempt = found->second.attempt;
    dispatcher_.refuse(found->second, entry.tag, {pb::Refused::CODE_STORE_FAILED, why, {}, 0});
    return;
  }
  if (found == sessions_.end()) return;
  pb::Reply reply;
  pb::Accepted& accepted = *reply.mutable_accepted();
  accepted.set_id(entry.id.bytes.data(), entry.id.bytes.size());
  accepted.set_seq(settled.outcome->seq);
  // Of a message that was stored before, this attempt's time would be wrong.
  if (!settled.outcome->duplicate) accepted.set_time_ms(entry.time_ms);
  dispatcher_.reply(found->second, entry.tag, std::move(reply));
}

Session* Hub::find(net::ConnectionHandle connection) {
  const auto found = sessions_.find(connection);
  return found == sessions_.end() ? nullptr : &found->second;
}

void Hub::on(const net::events::Connected& event, base::Now now) {
  if (said_goodbye_ && !sessions_.contains(event.connection)) {
    return shards_.close(event.connection, wire::close_codes::shutting_down, "the server is stopping");
  }
  const auto [place, is_new] = sessions_.try_emplace(event.connection, event.connection, event.exporter);
  Session& session = place->second;
  if (draining_) return dispatcher_.close(session, wire::close_codes::shutting_down, "the server is stopping");
  if (is_new) return;
  session.early = false;
  session.add_exporter(event.exporter);
  dispatcher_.carry_out_early_joins(session, now);
}

void Hub::on(const net::events::EarlyReady& event, base::Now) {
  if (draining_) return;
  sessions_.try_emplace(event.connection, event.connection, event.early_exporter).first->second.early = true;
}

void Hub::on(const net::events::StreamData& event, base::Now now) {
  Session* session = find(event.connection);
  if (session == nullptr) return;
  session->push(event.bytes);
  read_requests(*session, now);
  if (event.fin) dispatcher_.close(*session, wire::close_codes::quit, "");
}

void Hub::on(const net::events::StreamReset& event, base::Now) {
  if (Session* session = find(event.connection)) {
    dispatcher_.close(*session, wire::close_codes::protocol_error, "the control stream was reset");
  }
}

void Hub::on(const net::events::DatagramReceived& event, base::Now now) {
  pb::Hint hint;
  // An observer has no name and nothing to hint at; what a later version hints at is not ours to pass on.
  const std::string name = chat_.name_of(event.connection);
  if (name.empty() || !wire::decode(event.bytes, hint) || !hint.has_typing()) return;
  if (!chat_.is_in(event.connection, hint.room())) return;
  pb::Hint known;  // and nothing else that the client may have put in
  known.set_name(name);
  known.set_stamp(static_cast<std::uint64_t>(now.instant.time_since_epoch().count()));
  known.mutable_typing()->set_active(hint.typing().active());
  executor_.fan_out(hint.room(), std::move(known), event.connection);
}

void Hub::on(const net::events::PathChanged& event, base::Now) {
  log_.info("session", "{} moved to {}", event.connection, event.path.remote.to_string());
}

void Hub::on(const net::events::Closed& event, base::Now now) {
  const auto found = sessions_.find(event.connection);
  if (found == sessions_.end()) return;
  const bool said_hello = found->second.said_hello;
  sessions_.erase(found);
  // It was we who left; and what the journal took from now on would not be waited for.
  if (said_goodbye_) return;
  const bool quit = event.code == wire::close_codes::quit &&
                    (event.kind == net::CloseKind::peer || event.kind == net::CloseKind::local);
  executor_.execute(chat::commands::End{event.connection, quit}, now);
  // Who never said who it is came and went: anybody could fill the log.
  if (said_hello) log_.info("session", "{} ended: {}", event.connection, quit ? "quit" : "lost");
}

void Hub::on(const news::PlainDatagram& event, base::Now now) { plain_.receive({event.path, event.bytes}, now); }

void Hub::on(const news::RepliesTaken& event, base::Now) {
  if (Session* session = find(event.connection)) session->replies_in_flight -= event.count;
}

void Hub::on(const news::ReaderGone& event, base::Now) {
  Session* session = find(event.connection);
  if (session == nullptr) return;
  --session->readers;
  if (!event.member) --session->reads;
}

bool Hub::must_wait(const Session& session) const {
  return session.sends_in_flight >= limits::sends_in_flight_max || journal_.overloaded() ||
         session.replies_in_flight >= Session::replies_in_flight_max;
}

void Hub::read_requests(Session& session, base::Now now) {
  for (int handled = 0; !session.closing; ++handled) {
    if (must_wait(session)) {
      waiting_.insert(session.id());
      return;
    }
    if (handled == requests_per_turn_max || shards_.is_behind()) {
      unfinished_.insert(session.id());
      return;
    }
    const auto frame = session.next_frame();
    pb::Request request;
    if (!frame || (*frame && !wire::decode(**frame, request))) {
      return dispatcher_.close(session, wire::close_codes::protocol_error, "no request of confab/1");
    }
    if (!*frame) break;
    dispatcher_.dispatch(session, request, now);
  }
  if (session.closing) return;
  if (const std::size_t consumed = session.take_consumed(); consumed > 0) {
    shards_.consume(session.connection(), consumed);
  }
}

void Hub::go_on_draining(base::Now now) {
  if (said_goodbye_ || (!journal_.empty() && now.instant < drain_until_)) return;
  if (goodbye_at_ == base::never) goodbye_at_ = now.instant + last_answers_time;
  if (now.instant < goodbye_at_) return;
  said_goodbye_ = true;
  farewell_until_ = now.instant + farewell_time;
  for (auto& [id, session] : sessions_) {
    dispatcher_.close(session, wire::close_codes::shutting_down, "the server is stopping");
  }
}

}  // namespace confab::server
