// SPDX-License-Identifier: MIT
#include "writers.h"

#include "base/ids.h"
#include "workload.h"

namespace confab::bench {

namespace pb = wire::pb;

namespace {

constexpr char room[] = "lobby";

}  // namespace

void Writers::begin(const WritingPlan& plan, base::Instant now) {
  plan_ = plan;
  end_ = now + plan.length;
  tally_ = WritingTally{};
}

void Writers::act() {
  if (now() >= end_) return;
  for (std::size_t writer = 0; writer < plan_.writers; ++writer) {
    while (places_[writer].asked_at.size() < plan_.in_flight) send(writer);
  }
  for (std::size_t reader = writers_max; reader < writers_max + plan_.readers; ++reader) {
    if (places_[reader].asked_at.empty()) read(reader);
  }
}

void Writers::send(std::size_t writer) {
  const base::MessageId id = base::MessageId::make(random());
  pb::Request question;
  pb::Send& send = *question.mutable_send();
  send.set_room(room);
  send.set_id(id.bytes.data(), id.bytes.size());
  send.mutable_message()->set_text(write_stamp({.index = tag_, .intended = now()}));
  ask(writer, question);
}

void Writers::read(std::size_t reader) {
  pb::Request question;
  pb::Read& read = *question.mutable_read();
  read.set_room(room);
  read.mutable_start()->set_seq(1);
  read.set_count(events_per_read);
  ask(reader, question);
}

void Writers::ask(std::size_t visitor, pb::Request& question) {
  question.set_tag(++tag_);
  request(visitor, question);
  places_[visitor].asked_at.push_back(now());
  ++under_way_;
}

base::Duration Writers::answered(std::size_t visitor) {
  const base::Instant asked_at = places_[visitor].asked_at.front();
  places_[visitor].asked_at.pop_front();
  --under_way_;
  return now() - asked_at;
}

void Writers::on_reply(std::size_t visitor, const pb::Reply& reply) {
  if (!reply.has_accepted()) return;
  tally_.acceptance.record(answered(visitor));
  ++tally_.accepted;
  if (!take_seq(places_[visitor], reply.accepted().seq())) ++tally_.misnumbered;
}

bool Writers::take_seq(Place& place, base::Seq seq) {
  if (seq >= taken_seqs_.size()) taken_seqs_.resize(seq + 1);
  const bool fresh = !taken_seqs_[seq] && seq > place.newest;
  taken_seqs_[seq] = true;
  place.newest = seq;
  return fresh;
}

void Writers::on_end(std::size_t visitor, net::StreamId) { tally_.reading.record(answered(visitor)); }

}  // namespace confab::bench
