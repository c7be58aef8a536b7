// SPDX-License-Identifier: MIT
#include "server/server.h"

#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "wire/codes.h"
#include "wire/limits.h"
#include "wire/plain.h"

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

/// For the members; what the operator should know is in the log.
const char* describe(log::StoreError::Code code) {
  return code == log::StoreError::Code::full ? "the server's disk is full" : "the server's disk does not work";
}

}  // namespace

net::EndpointOptions endpoint_options(const net::ServerKey& key) {
  net::EndpointOptions options;
  options.server_key = &key;
  // The process after this one must be able to tell clients that it does not know their connections (RFC 9000, 10.3).
  options.reset_secret = key.derive_secret("confab stateless reset");
  options.early_data = true;
  // Clients send one control stream; what they may have in flight bounds what one of them can make the server hold.
  options.stream_receive_window_bytes = 128 * 1024;
  options.connection_receive_window_bytes = 128 * 1024;
  options.bidi_streams_max = 1;
  options.uni_streams_max = 0;
  return options;
}

std::expected<StoredState, log::StoreError> StoredState::load(log::Store& store) {
  auto rooms = store.rooms();
  if (!rooms) return std::unexpected(rooms.error());
  auto claims = store.claims();
  if (!claims) return std::unexpected(claims.error());
  auto members = store.members();
  if (!members) return std::unexpected(members.error());
  return StoredState{std::move(*rooms), std::move(*claims), std::move(*members)};
}

Server::Server(ServerOptions options, const net::ServerKey& key, log::AsyncStore& store, const StoredState& stored,
               base::Random& random, base::Log& log)
    : Server(std::move(options), std::make_unique<net::Endpoint>(endpoint_options(key), random, log), store, stored,
             random, log) {}

Server::Server(ServerOptions options, std::unique_ptr<net::Transport> transport, log::AsyncStore& store,
               const StoredState& stored, base::Random& random, base::Log& log)
    : options_(std::move(options)),
      store_(store),
      log_(log),
      transport_(std::move(transport)),
      chat_(random),
      journal_(store),
      delivery_(*transport_, store, options_.log_memory_bytes_max),
      retention_(std::move(options_.retention), store),
      executor_(chat_, journal_, *transport_),
      dispatcher_(options_.agent, chat_, executor_, delivery_, *transport_, log),
      plain_(executor_, random) {
  chat_.restore_room(limits::lobby, 0);
  for (const log::RoomSummary& room : stored.rooms) {
    chat_.restore_room(room.room, room.newest_ms);
    delivery_.restore(room.room, room.end_seq, room.first_seq);
    retention_.restore(room);
  }
  for (const log::NameClaim& claim : stored.claims) chat_.restore_claim(claim.folded_name, claim.key);
  for (const log::StoredMember& member : stored.members) {
    chat_.restore_member(member.room, {member.folded_name, static_cast<pb::Origin>(member.origin)}, member.name);
  }
}

void Server::receive(const base::Datagram& datagram, base::Now now) {
  if (wire::classify(datagram.bytes) == wire::DatagramKind::quic) {
    transport_->receive(datagram, now);  // counts what it drops
  } else if (options_.plain) {
    plain_.receive(datagram, now);
  } else {
    ++datagrams_dropped_;
  }
}

void Server::unreachable(const base::Path&, base::Now) {
  // Forged as easily as sent: a member who is really gone is noticed by the idle timeout, a plain one by its silence.
}

void Server::wake(base::Now now) {
  transport_->wake(now);
  executor_.wake(now);
  delivery_.wake(now);
  plain_.wake(now);
}

void Server::transmit(base::DatagramSink& sink, base::Now now) {
  pump(now);
  take_store_answers(now);
  auto readable = std::exchange(waiting_, {});
  readable.merge(std::exchange(unfinished_, {}));
  for (const chat::SessionId id : readable) {
    const auto found = sessions_.find(id);
    if (found != sessions_.end()) read_requests(found->second, now);
  }
  delivery_.settle();
  journal_.flush(now);
  if (!draining_) retention_.run(now);
  if (draining_) go_on_draining(now);
  plain_.transmit(sink);
  transport_->transmit(sink, now);
  // Writing may have brought events (streams with room again, connections that ended); they are the next turn's
  // business, but those of a connection that closed itself must not wait for a datagram that never comes.
  pump(now);
  if (said_goodbye_ && sessions_.empty() && options_.on_drained) std::exchange(options_.on_drained, nullptr)();
}

base::Instant Server::next_deadline() const {
  if (!unfinished_.empty()) return base::at_once;
  base::Instant deadline = std::min({transport_->next_deadline(), chat_.next_deadline(), plain_.next_deadline(),
                                     journal_.next_deadline(), delivery_.next_deadline()});
  if (!draining_) deadline = std::min(deadline, retention_.next_deadline());
  return std::min(deadline, drain_deadline());
}

base::Instant Server::drain_deadline() const {
  if (!draining_ || said_goodbye_) return base::never;
  if (journal_.empty()) return goodbye_at_;
  return goodbye_at_ == base::never ? drain_until_ : std::max(drain_until_, goodbye_at_);
}

void Server::drain(base::Now now) {
  if (draining_) return;
  draining_ = true;
  drain_until_ = now.instant + drain_patience;
  dispatcher_.drain();
  plain_.drain();
}

ServerStats Server::stats() const {
  return {.datagrams_dropped = datagrams_dropped_ + plain_.datagrams_refused() + transport_->stats().datagrams_dropped,
          .events_stored = events_stored_,
          .store_failures = store_failures_,
          .connections = transport_->connection_count(),
          .log_bytes = delivery_.memory_bytes(),
          .journal_bytes = journal_.bytes(),
          .has_unanswered = !journal_.empty()};
}

void Server::pump(base::Now now) {
  while (auto event = transport_->poll_event()) {
    std::visit([&](const auto& each) { on(each, now); }, *event);
  }
}

void Server::take_store_answers(base::Now now) {
  for (log::StoreAnswer& answer : store_.poll()) {
    if (auto* read = std::get_if<log::ReadResult>(&answer.result)) {
      watch_reads(*read);
      delivery_.on_read(answer.ticket, std::move(*read), now);
      continue;
    }
    if (const auto* trim = std::get_if<log::TrimAnswer>(&answer.result)) {
      on_trim(*trim, now);
      continue;
    }
    auto& result = std::get<log::AppendResult>(answer.result);
    watch_store(result);
    for (const Settled& settled : journal_.settle(answer.ticket, std::move(result), now)) settle(settled);
  }
}

/// Says when the store begins to fail and when it works again, not each time in between.
void Server::watch_store(const log::AppendResult& result) {
  if (result) {
    if (store_failures_in_a_row_ > 0) {
      log_.info("store", "works again; {} batches were not stored", std::exchange(store_failures_in_a_row_, 0));
    }
    return;
  }
  ++store_failures_;
  if (store_failures_in_a_row_++ == 0) log_.error("store", "nothing is stored for now: {}", result.error().text);
}

/// Likewise: a client may ask for a damaged log as often as it likes.
void Server::watch_reads(const log::ReadResult& result) {
  if (!result && !reads_fail_) log_.error("store", "reading fails for now: {}", result.error().text);
  if (result && reads_fail_) log_.info("store", "reading works again");
  reads_fail_ = !result;
}

void Server::on_trim(const log::TrimAnswer& answer, base::Now now) {
  if (!answer && !trims_fail_) log_.error("store", "nothing is removed for now: {}", answer.error().text);
  trims_fail_ = !answer;
  const auto trimmed = retention_.on_trim(answer, now);
  if (trimmed) delivery_.trim(trimmed->room, trimmed->first_seq);
}

void Server::settle(const Settled& settled) {
  if (settled.outcome && !settled.outcome->duplicate) {
    ++events_stored_;
    retention_.append(settled.entry.room, settled.outcome->seq, settled.entry.time_ms);
    delivery_.append(settled.entry.room, settled.outcome->seq, settled.entry.body);
    if (settled.entry.room == limits::lobby) show_in_lobby(settled, settled.outcome->seq);
  }
  if (settled.entry.author != 0) answer_author(settled);
}

void Server::show_in_lobby(const Settled& settled, base::Seq seq) {
  const auto event = wire::decode_event(seq, settled.entry.body);
  if (!event || !event->has_message()) return;
  plain_.deliver(*event, settled.entry.author);
  if (options_.on_lobby_line) options_.on_lobby_line(event->name(), event->message().text());
}

void Server::answer_author(const Settled& settled) {
  const JournalEntry& entry = settled.entry;
  const auto found = sessions_.find(entry.author);
  if (found != sessions_.end()) --found->second.sends_in_flight;
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

void Server::on(const net::events::Connected& event, base::Now now) {
  if (draining_) return transport_->close(event.connection, wire::close_codes::shutting_down, "the server is stopping");
  const auto [session, is_new] = sessions_.try_emplace(event.connection, event.connection, event.exporter);
  if (is_new) return;
  session->second.early = false;
  session->second.add_exporter(event.exporter);
  dispatcher_.carry_out_early_joins(session->second, now);
}

void Server::on(const net::events::EarlyReady& event, base::Now) {
  if (draining_) return;
  sessions_.try_emplace(event.connection, event.connection, event.early_exporter).first->second.early = true;
}

void Server::on(const net::events::StreamData& event, base::Now now) {
  const auto found = sessions_.find(event.connection);
  if (found == sessions_.end() || event.stream != control_stream) return;
  found->second.push(event.bytes);
  read_requests(found->second, now);
  if (event.fin) transport_->close(event.connection, wire::close_codes::quit, "");
}

void Server::on(const net::events::StreamReset& event, base::Now) {
  if (event.stream != control_stream) return;
  transport_->close(event.connection, wire::close_codes::protocol_error, "the control stream was reset");
}

void Server::on(const net::events::StreamClosed& event, base::Now) {
  delivery_.on_stream_closed(event.connection, event.stream);
}

void Server::on(const net::events::SendRoom& event, base::Now now) {
  if (event.stream != control_stream) return delivery_.on_send_room(event.connection, event.stream);
  const auto found = sessions_.find(event.connection);
  if (found != sessions_.end()) read_requests(found->second, now);
}

void Server::on(const net::events::DatagramReceived& event, base::Now now) {
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

void Server::on(const net::events::PathChanged& event, base::Now) {
  log_.info("session", "{} moved to {}", event.connection, event.path.remote.to_string());
}

void Server::on(const net::events::Closed& event, base::Now now) {
  if (sessions_.erase(event.connection) == 0) return;
  waiting_.erase(event.connection);
  unfinished_.erase(event.connection);
  delivery_.drop(event.connection);
  const bool quit = event.code == wire::close_codes::quit &&
                    (event.kind == net::CloseKind::peer || event.kind == net::CloseKind::local);
  executor_.execute(chat::commands::End{event.connection, quit}, now);
  log_.info("session", "{} ended: {}", event.connection, quit ? "quit" : "lost");
}

bool Server::must_wait(const Session& session) const {
  return session.sends_in_flight >= limits::sends_in_flight_max || journal_.overloaded() ||
         transport_->send_room(session.connection(), control_stream) == 0;
}

void Server::read_requests(Session& session, base::Now now) {
  for (int handled = 0;; ++handled) {
    if (must_wait(session)) {
      waiting_.insert(session.id());
      return;
    }
    if (handled == requests_per_turn_max) {
      unfinished_.insert(session.id());
      return;
    }
    const auto frame = session.next_frame();
    pb::Request request;
    if (!frame || (*frame && !wire::decode(**frame, request))) {
      transport_->close(session.connection(), wire::close_codes::protocol_error, "no request of confab/1");
      return;
    }
    if (!*frame) break;
    dispatcher_.dispatch(session, request, now);
  }
  transport_->consume(session.connection(), control_stream, session.take_consumed());
}

void Server::go_on_draining(base::Now now) {
  if (said_goodbye_ || (!journal_.empty() && now.instant < drain_until_)) return;
  if (goodbye_at_ == base::never) goodbye_at_ = now.instant + last_answers_time;
  if (now.instant < goodbye_at_) return;
  said_goodbye_ = true;
  for (const auto& [id, session] : sessions_) {
    transport_->close(session.connection(), wire::close_codes::shutting_down, "the server is stopping");
  }
}

}  // namespace confab::server
