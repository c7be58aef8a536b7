// SPDX-License-Identifier: MIT
#include "swarm.h"

#include <algorithm>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "client/quic_client.h"
#include "io/clock.h"
#include "visitors.h"

namespace confab::bench {

namespace pb = wire::pb;

namespace {

constexpr net::StreamId control_stream = 0;
/// Members that connect anew in one turn, so that answers to them are taken in between, as members who are programs of
/// their own would.
constexpr std::size_t returns_per_turn = 32;
/// The application's code for a connection that another one replaces.
constexpr std::uint64_t going_on = 4;

net::EndpointOptions endpoint_options(const SwarmOptions& swarm) {
  net::EndpointOptions options;
  options.bidi_streams_max = 0;
  options.uni_streams_max = 1;  // the room's
  if (swarm.comes_back) options.handshake_timeout = client::QuicClient::handshake_timeout;
  return options;
}

}  // namespace

Swarm::Swarm(SwarmOptions options, base::Random& random, base::Log& log)
    : options_(std::move(options)),
      random_(random),
      key_(net::UserKey::generate()),
      endpoint_(endpoint_options(options_), random, log),
      members_(options_.members),
      asleep_(options_.sleeper) {}

void Swarm::begin(const Workload& workload, base::Instant now) {
  schedule_ = Schedule(workload, schedule_.first_index() + schedule_.sent(), now);
  tally_ = Tally{};
  now_ = last_progress_ = now;
}

bool Swarm::is_done(base::Instant now) const {
  if (!schedule_.is_over(now)) return false;
  return tally_.lost() == 0 || now >= give_up_at();
}

void Swarm::receive(const base::Datagram& datagram, base::Now now) {
  now_ = io::read_clocks().instant;
  endpoint_.receive(datagram, now);
  pump();
}

void Swarm::unreachable(const base::Path& path, base::Now) {
  if (!options_.comes_back) fail(fmt::format("nobody answers at {}", path.remote.to_string()));
}

void Swarm::wake(base::Now now) {
  now_ = now.instant;
  endpoint_.wake(now);
  pump();
  if (!has_joined() && now_ >= join_by_) fail(fmt::format("only {} of {} members got in", joined_, members_.size()));
}

void Swarm::transmit(base::DatagramSink& sink, base::Now now) {
  connect_more(now);
  send_due(now);
  endpoint_.transmit(sink, now);
  pump();
}

base::Instant Swarm::next_deadline() const {
  base::Instant deadline = std::min(endpoint_.next_deadline(), schedule_.next_deadline(now_));
  if (!has_joined()) deadline = std::min(deadline, join_by_);
  if (!returning_.empty()) deadline = std::min(deadline, returning_.begin()->first);
  if (has_joined() && schedule_.is_over(now_) && tally_.lost() > 0) deadline = std::min(deadline, give_up_at());
  return deadline;
}

base::Instant Swarm::give_up_at() const {
  const base::Instant without_progress = last_progress_ + options_.patience;
  // To come back takes its time.
  return options_.comes_back ? without_progress : std::min(without_progress, schedule_.end() + overtime_max);
}

void Swarm::connect_more(base::Now now) {
  if (connecting_ == 0) join_by_ = now.instant + time_to_join();
  for (; connecting_ < members_.size() && connecting_ - joined_ < options_.joining_max; ++connecting_) {
    connect(connecting_, now);
  }
  for (std::size_t count = 0; count < returns_per_turn && !returning_.empty(); ++count) {
    const auto [at, number] = *returning_.begin();
    if (at > now.instant) return;
    returning_.erase(returning_.begin());
    connect(number, now);
  }
}

void Swarm::connect(std::size_t number, base::Now now) {
  net::ConnectOptions options;
  options.path = {.local = locals_[number % locals_.size()], .remote = options_.server};
  options.trust = [](const net::PeerCertificate&) { return true; };  // a child of ours, on loopback
  Member& member = members_[number];
  options.resumption = std::move(member.ticket);
  member.connection = endpoint_.connect(std::move(options), now);
  numbers_.emplace(member.connection, number);
}

void Swarm::come_back(base::Now now) {
  for (Member& member : members_) {
    numbers_.erase(member.connection);
    endpoint_.close(member.connection, going_on, "");
    forget_connection(member);
  }
  joined_ = 0;
  returning_.clear();
  for (std::size_t number = 0; number < members_.size(); ++number) returning_.emplace(now.instant, number);
  join_by_ = now.instant + time_to_join();
}

base::Duration Swarm::time_to_join() const {
  return options_.joining_patience + options_.joining_time_each * members_.size();
}

void Swarm::send_due(base::Now now) {
  while (const auto stamp = schedule_.next_due(now.instant)) {
    const auto [at, fresh] = unanswered_.emplace(
        stamp->index, Unanswered{.id = base::MessageId::make(random_), .text = write_stamp(*stamp)});
    send(at->first, at->second);
    ++tally_.messages;
    tally_.expected += members_.size();
  }
}

/// What it has heard stays.
void Swarm::forget_connection(Member& member) {
  member.connection = 0;
  member.control = {};
  member.room = {};
  if (member.has_header) member.backoff.reset();
  member.was_here |= std::exchange(member.has_header, false);
}

void Swarm::send(std::uint64_t index, const Unanswered& message) {
  const Member& author = members_[index % members_.size()];
  if (!author.has_header) return;  // who is away says it when he is back
  pb::Request question;
  question.set_tag(index + 1);
  pb::Send& send = *question.mutable_send();
  send.set_room(options_.room);
  send.set_id(message.id.bytes.data(), message.id.bytes.size());
  send.mutable_message()->set_text(message.text);
  request(author, question);
}

void Swarm::send_again(std::size_t number) {
  for (const auto& [index, message] : unanswered_) {
    if (index % members_.size() == number) send(index, message);
  }
}

void Swarm::request(const Member& member, const pb::Request& request) {
  endpoint_.send(member.connection, control_stream, base::SharedBytes::own(wire::encode_frame(request)));
}

void Swarm::pump() {
  while (auto event = endpoint_.poll_event()) {
    std::visit(
        [this](auto& each) {
          const auto number = numbers_.find(each.connection);
          if (number != numbers_.end()) on(members_[number->second], each);
        },
        *event);
  }
}

void Swarm::on(Member& member, net::events::Connected& event) {
  if (!endpoint_.open_bidi_stream(event.connection)) return fail("the server takes no control stream");
  const std::size_t number = numbers_.at(event.connection);
  request(member, make_hello(fmt::format("member {}", number), key_, event.exporter));
}

/// What it has been sent so far, it has as a sleeping program has: in its buffers. The server hears nothing of it being
/// read.
void Swarm::wake_sleeper() {
  asleep_ = false;
  endpoint_.consume(members_.front().connection, sleepers_stream_, std::exchange(withheld_bytes_, 0));
}

void Swarm::on(Member& member, net::events::StreamData& event) {
  if (asleep_ && &member == &members_.front() && event.stream != control_stream) {
    sleepers_stream_ = event.stream;
    withheld_bytes_ += event.bytes.size();
  } else {
    endpoint_.consume(event.connection, event.stream, event.bytes.size());
  }
  event.stream == control_stream ? read_control(member, event.bytes) : read_room(member, event.bytes);
}

void Swarm::on(Member& member, net::events::Closed& event) {
  // A handshake that nobody answered is tried again in any case, as every client does.
  const bool unanswered = event.kind == net::CloseKind::idle && !member.has_header;
  if (options_.comes_back || unanswered) {
    const std::size_t number = numbers_.extract(event.connection).mapped();
    if (member.has_header) --joined_;
    forget_connection(member);
    returning_.emplace(now_ + member.backoff.next(random_, client::QuicClient::pause_heard_max), number);
    return;
  }
  fail(fmt::format("member {} lost its connection (kind {}, code {}): {}", numbers_.at(event.connection),
                   static_cast<int>(event.kind), event.code, event.reason));
}

void Swarm::read_control(Member& member, base::ByteView bytes) {
  member.control.push(bytes);
  for (auto frame = member.control.next(); frame && *frame; frame = member.control.next()) {
    pb::Reply reply;
    if (!wire::decode(**frame, reply)) return fail("a broken reply");
    if (reply.has_refused()) return fail("the server refuses: " + reply.refused().text());
    if (reply.has_accepted()) unanswered_.erase(reply.tag() - 1);
    if (reply.has_welcome()) join(member);
  }
}

void Swarm::join(const Member& member) {
  pb::Request question;
  question.mutable_join()->set_room(options_.room);
  if (member.was_here) question.mutable_join()->mutable_start()->set_seq(member.order.next());
  request(member, question);
}

void Swarm::read_room(Member& member, base::ByteView bytes) {
  member.room.push(bytes);
  auto frame = member.room.next();
  for (; frame && *frame; frame = member.room.next()) {
    member.has_header ? hear(member, **frame) : read_header(member, **frame);
  }
  if (!frame) fail("a broken frame in the room's stream");
}

void Swarm::read_header(Member& member, base::ByteView frame) {
  pb::StreamHeader header;
  if (!wire::decode(frame, header)) return fail("a stream without a header");
  if (!member.was_here) member.order = RunningOrder(header.first_seq());
  if (member.order.next() != header.first_seq()) return fail("the log does not go on where it was left");
  member.has_header = true;
  ++joined_;
  last_progress_ = now_;
  if (member.was_here) send_again(numbers_.at(member.connection));
}

void Swarm::hear(Member& member, base::ByteView frame) {
  const Ledger::Heard heard = ledger_.hear(member.order, frame);
  if (!heard.entry) return fail("a broken event");
  if (!heard.in_order) ++tally_.disordered;
  if (!heard.fresh || heard.entry->is_copy) {
    ++tally_.doubled;
    return;
  }
  const auto& stamp = heard.entry->stamp;
  if (!stamp || stamp->index < schedule_.first_index()) return;
  ++tally_.deliveries;
  tally_.latency.record(now_ - stamp->intended);
  last_progress_ = now_;
  if (options_.sleeper && &member == &members_.front()) ++sleeper_heard_;
  // Beside a sleeper, the last member speaks for the others.
  if (options_.sleeper ? &member == &members_.back() : heard.entry->hearers == members_.size())
    schedule_.leave_window();
}

void Swarm::fail(std::string why) {
  if (failure_.empty()) failure_ = std::move(why);
}

}  // namespace confab::bench
