// SPDX-License-Identifier: MIT
// The link. The commands are in quic_client_commands.cc, what the server's streams bring in quic_client_streams.cc and
// quic_client_logs.cc.
#include "client/quic_client.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "client/translate.h"
#include "net/endpoint.h"
#include "wire/codes.h"
#include "wire/limits.h"
#include "wire/names.h"
#include "wire/proof.h"

namespace confab::client {

namespace pb = wire::pb;
namespace limits = wire::limits;

namespace {

constexpr net::StreamId control_stream = 0;

}  // namespace

net::EndpointOptions endpoint_options() {
  net::EndpointOptions options;
  options.handshake_timeout = QuicClient::handshake_timeout;
  options.bidi_streams_max = 0;
  options.uni_streams_max = limits::rooms_per_session_max + limits::readers_per_session_max;
  return options;
}

QuicClient::QuicClient(QuicClientOptions options, const net::UserKey& key, base::Random& random, base::Log& log)
    : QuicClient(std::move(options), std::make_unique<net::Endpoint>(endpoint_options(), random, log), key, random) {}

QuicClient::QuicClient(QuicClientOptions options, std::unique_ptr<net::Transport> transport, const net::UserKey& key,
                       base::Random& random)
    : options_(std::move(options)),
      key_(key),
      random_(random),
      transport_(std::move(transport)),
      outbox_(options_.outbox, random, events_),
      local_log_(options_.history, events_) {
  outbox_.set_name(options_.name);
  if (options_.wait_for_name) phase_ = Phase::failed;
}

void QuicClient::network_changed(base::Now now) {
  backoff_.reset();
  failed_in_a_row_ = 0;                        // every way is worth another attempt
  if (connection_ != 0 && !handshake_done_) {  // the attempt rests on the old network
    forget_connection(wire::close_codes::going_on);
    phase_ = Phase::waiting;
  }
  if (phase_ == Phase::waiting) retry_at_ = now.instant;
  if (connection_ != 0) transport_->probe(connection_, now);
}

void QuicClient::retry(const std::string& name) {
  if (phase_ == Phase::ended) return;
  forget_connection(wire::close_codes::quit);
  if (name != options_.name) markers_.clear();
  options_.name = name;
  outbox_.set_name(name);
  phase_ = Phase::waiting;
  retry_at_ = base::at_once;
}

void QuicClient::quit() {
  if (phase_ == Phase::ended) return;
  if (phase_ == Phase::online) {
    markers_.hurry();
    flush_markers({});
  }
  closing_ = std::exchange(connection_, 0);
  phase_ = Phase::ended;
}

std::optional<LinkInfo> QuicClient::link_info(base::Now now) const {
  const auto info = transport_->info(connection_);
  if (!info) return std::nullopt;
  return LinkInfo{.path = info->path,
                  .rtt = info->smoothed_rtt,
                  .rtt_min = info->min_rtt,
                  .packets_sent = info->packets_sent,
                  .packets_lost = info->packets_lost,
                  .silence = now.instant - info->last_heard};
}

std::optional<Event> QuicClient::poll_event() {
  if (events_.empty()) return std::nullopt;
  Event event = std::move(events_.front());
  events_.pop_front();
  return event;
}

void QuicClient::receive(const base::Datagram& datagram, base::Now now) {
  server_heard_ = server_heard_ || (connection_ != 0 && datagram.path.remote == paths_[path_].remote);
  transport_->receive(datagram, now);
  pump(now);
}

void QuicClient::unreachable(const base::Path& path, base::Now now) {
  if (connection_ == 0 || path.remote != paths_[path_].remote) return;
  lose(now, fmt::format("nobody answers at {}", path.remote.to_string()));
}

void QuicClient::wake(base::Now now) {
  transport_->wake(now);
  pump(now);
  outbox_.wake(now);
  if (phase_ == Phase::waiting && retry_at_ <= now.instant && !paths_.empty()) connect(now);
}

void QuicClient::transmit(base::DatagramSink& sink, base::Now now) {
  outbox_.keep(phase_ == Phase::online, now);
  if (phase_ == Phase::online) {
    flush_outbox();
    flush_markers(now);
  }
  transport_->transmit(sink, now);
  if (closing_ != 0) {
    transport_->close(std::exchange(closing_, 0), wire::close_codes::quit, "");
    transport_->transmit(sink, now);
  }
  pump(now);
  outbox_.wake(now);
  outbox_.let_go(now);
  local_log_.flush(now);
}

base::Instant QuicClient::next_deadline() const {
  base::Instant deadline = std::min({transport_->next_deadline(), outbox_.next_deadline(), local_log_.next_deadline()});
  if (phase_ == Phase::online) deadline = std::min(deadline, markers_.next_deadline());
  return phase_ == Phase::waiting && !paths_.empty() ? std::min(deadline, retry_at_) : deadline;
}

void QuicClient::connect(base::Now now) {
  outbox_.adopt();
  phase_ = Phase::connecting;
  handshake_done_ = server_heard_ = false;
  connection_ = transport_->connect({paths_[path_], options_.server_name, options_.trust, resumption_}, now);
  pump(now);  // what may travel with the first flight
}

void QuicClient::forget_connection(std::uint64_t close_code) {
  if (connection_ != 0) transport_->close(connection_, close_code, "");
  connection_ = 0;
  outbox_.begin_again();
  markers_.begin_again();
  forget_answers();
  finish_parting();
}

void QuicClient::forget_answers() {
  control_ = {};
  incoming_.clear();
  for (auto& [request, reader] : readers_) {
    reader.asked = reader.streams = false;
    reader.about.reset();
    if (!reader.last.empty()) reader.overlap = std::exchange(reader.last, {});
  }
  for (auto& [request, question] : questions_) {
    question.members.members.clear();
    question.rooms.rooms.clear();
    question.asked = false;
  }
}

/// The next session begins outside of every room. To ask again for what was being left would take the user out of a
/// room that was joined anew in the meantime.
void QuicClient::finish_parting() {
  std::erase_if(questions_, [](const auto& each) { return each.second.is_parting; });
  std::vector<RequestId> parting;
  for (const auto& [request, reader] : readers_) {
    if (reader.parting) parting.push_back(request);
  }
  for (const RequestId request : parting) end_reader(request);
}

void QuicClient::lose(base::Now now, const std::string& why) {
  const bool was_online = phase_ == Phase::online;  // then this path is tried again first
  forget_connection(wire::close_codes::going_on);
  phase_ = Phase::waiting;
  if (!was_online) {
    path_ = (path_ + 1) % paths_.size();
    if (++failed_in_a_row_ < paths_.size()) {
      retry_at_ = now.instant;
      return;
    }
  }
  if (!options_.reconnect) return fail(Link::Failure::unreachable, why);
  retry_at_ = now.instant + backoff_.next(random_, server_heard_ ? pause_heard_max : Backoff::longest);
  events_.push_back(Link{Link::State::offline, Link::Failure::none, why, {}, {}});
}

void QuicClient::fail(Link::Failure failure, std::string text, std::string fingerprint) {
  forget_connection(wire::close_codes::quit);
  phase_ = Phase::failed;
  events_.push_back(Link{Link::State::failed, failure, std::move(text), {}, std::move(fingerprint)});
}

void QuicClient::violate(const char* what) {
  if (connection_ != 0) transport_->close(connection_, wire::close_codes::protocol_error, what);
  connection_ = 0;
  fail(Link::Failure::protocol, fmt::format("the server does not keep to the protocol: {}", what));
}

/// All that is wanted goes out behind the greeting, without waiting for the answer to it. Early data may reach the
/// server a second time by somebody else's hand: reading and joining alone go into them, never a message.
void QuicClient::begin_session(const net::ExporterSecret& exporter, bool early) {
  phase_ = Phase::greeting;
  say_hello(exporter);
  ask_what_is_open(early);
}

void QuicClient::ask_what_is_open(bool early) {
  // A room may have been left and joined again while the greeting was under way: the leave goes first.
  for (auto& [request, question] : questions_) {
    if (question.is_parting && !std::exchange(question.asked, true)) write(question.request, request);
  }
  for (auto& [request, reader] : readers_) {
    if (!std::exchange(reader.asked, true)) open_reader(request, reader);
  }
  for (auto& [request, question] : questions_) {
    if (early && !question.request.has_get_members() && !question.request.has_get_rooms()) continue;
    if (!std::exchange(question.asked, true)) write(question.request, request);
  }
}

void QuicClient::say_hello(const net::ExporterSecret& exporter) {
  const net::PublicKey public_key = key_.public_key();
  const net::Signature signature = key_.sign(wire::proof_of_key(exporter));
  pb::Request request;
  pb::Hello& hello = *request.mutable_hello();
  hello.set_name(options_.name);
  hello.set_public_key(public_key.data(), public_key.size());
  hello.set_signature(signature.data(), signature.size());
  hello.set_agent(options_.agent);
  hello_ = next_request_++;
  write(request, hello_);
}

void QuicClient::open_reader(RequestId request, const Reader& reader) {
  pb::Request question;
  pb::Start& start =
      reader.member ? *question.mutable_join()->mutable_start() : *question.mutable_read()->mutable_start();
  if (reader.next_seq) {
    start.set_seq(*reader.next_seq - (reader.overlap.empty() ? 0 : 1));
    start.set_at_most(reader.at_most);
  } else if (reader.start.seq > 0) {
    start.set_seq(reader.start.seq);
  } else {
    start.set_newest(reader.start.newest);
  }
  if (reader.member) {
    question.mutable_join()->set_room(reader.room);
  } else {
    question.mutable_read()->set_room(reader.room);
    question.mutable_read()->set_follow(reader.follow);
    question.mutable_read()->set_count(reader.count + (reader.count > 0 && !reader.overlap.empty() ? 1 : 0));
  }
  write(question, request);
}

void QuicClient::flush_outbox() {
  while (const OutboxEntry* entry = outbox_.next_unsent()) {
    if (transport_->send_room(connection_, control_stream) == 0) return;
    const StoredEntry& message = entry->message;
    pb::Request request;
    pb::Send& send = *request.mutable_send();
    send.set_room(message.room);
    send.set_id(message.id.bytes.data(), message.id.bytes.size());
    to_wire(message.content, send);
    send.set_attempt(outbox_.attempt());
    const RequestId tag = next_request_++;
    const bool fits = write(request, tag);
    outbox_.mark_sent(tag);
    if (fits) continue;
    // Larger than any server takes: say so here, or it would be tried for ever.
    on_message_refused(tag, pb::Refused::CODE_LIMIT,
                       fmt::format("the message is too long (message_bytes_max is {})", limits::message_bytes_max));
  }
}

void QuicClient::flush_markers(base::Now now) {
  while (const auto next = markers_.next(now)) {
    if (transport_->send_room(connection_, control_stream) == 0) return;
    pb::Request request;
    request.mutable_mark_read()->set_room(next->first);
    request.mutable_mark_read()->set_up_to(next->second);
    const RequestId tag = next_request_++;
    write(request, tag);
    markers_.mark_sent(tag, now);
  }
}

bool QuicClient::write(pb::Request& request, RequestId tag) {
  request.set_tag(tag);
  if (request.ByteSizeLong() > limits::frame_bytes_max) return false;
  transport_->send(connection_, control_stream, base::SharedBytes::own(wire::encode_frame(request)));
  return true;
}

}  // namespace confab::client
