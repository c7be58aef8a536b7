// SPDX-License-Identifier: MIT
#include "swarm.h"

#include <algorithm>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "io/clock.h"
#include "visitors.h"

namespace confab::bench {

namespace pb = wire::pb;

namespace {

constexpr net::StreamId control_stream = 0;

net::EndpointOptions endpoint_options() {
  net::EndpointOptions options;
  options.bidi_streams_max = 0;
  options.uni_streams_max = 1;  // the room's
  return options;
}

}  // namespace

Swarm::Swarm(SwarmOptions options, base::Random& random, base::Log& log)
    : options_(std::move(options)),
      random_(random),
      key_(net::UserKey::generate()),
      endpoint_(endpoint_options(), random, log),
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
  fail(fmt::format("nobody answers at {}", path.remote.to_string()));
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
  if (schedule_.is_over(now_) && tally_.lost() > 0) deadline = std::min(deadline, give_up_at());
  return deadline;
}

base::Instant Swarm::give_up_at() const {
  return std::min(last_progress_ + options_.patience, schedule_.end() + overtime_max);
}

void Swarm::connect_more(base::Now now) {
  if (connecting_ == 0) {
    join_by_ = now.instant + options_.joining_patience + options_.joining_time_each * members_.size();
  }
  for (; connecting_ < members_.size() && connecting_ - joined_ < options_.joining_max; ++connecting_) {
    net::ConnectOptions options;
    options.path = {.local = locals_[connecting_ % locals_.size()], .remote = options_.server};
    options.trust = [](const net::PeerCertificate&) { return true; };  // a child of ours, on loopback
    const net::ConnectionHandle connection = endpoint_.connect(std::move(options), now);
    members_[connecting_].connection = connection;
    numbers_.emplace(connection, connecting_);
  }
}

void Swarm::send_due(base::Now now) {
  while (const auto stamp = schedule_.next_due(now.instant)) {
    const base::MessageId id = base::MessageId::make(random_);
    pb::Request question;
    question.set_tag(stamp->index + 1);
    pb::Send& send = *question.mutable_send();
    send.set_room(options_.room);
    send.set_id(id.bytes.data(), id.bytes.size());
    send.mutable_message()->set_text(write_stamp(*stamp));
    request(members_[stamp->index % members_.size()], question);
    ++tally_.messages;
    tally_.expected += members_.size();
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

void Swarm::on(Member&, net::events::Closed& event) {
  fail(fmt::format("member {} lost its connection (kind {}, code {}): {}", numbers_.at(event.connection),
                   static_cast<int>(event.kind), event.code, event.reason));
}

void Swarm::read_control(Member& member, base::ByteView bytes) {
  member.control.push(bytes);
  for (auto frame = member.control.next(); frame && *frame; frame = member.control.next()) {
    pb::Reply reply;
    if (!wire::decode(**frame, reply)) return fail("a broken reply");
    if (reply.has_refused()) return fail("the server refuses: " + reply.refused().text());
    if (!reply.has_welcome()) continue;
    pb::Request question;
    question.mutable_join()->set_room(options_.room);
    request(member, question);
  }
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
  member.order = RunningOrder(header.first_seq());
  member.has_header = true;
  ++joined_;
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
