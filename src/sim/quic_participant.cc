// SPDX-License-Identifier: MIT
#include "sim/quic_participant.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "sim/texts.h"
#include "wire/limits.h"

namespace confab::sim {

QuicParticipant::QuicParticipant(Person person, std::uint64_t seed, const Stage& stage)
    : person_(std::move(person)), stage_(stage), random_(seed) {
  start();
}

void QuicParticipant::start() {
  auto tap = std::make_unique<TransportTap>(stage_.transport(random_));
  tap_ = tap.get();
  client::QuicClientOptions options;
  options.name = person_.name;
  options.agent = "confab_sim";
  options.outbox = &outbox_;
  options.trust = [this](const net::PeerCertificate& seen) { return seen.fingerprint == stage_.server_key; };
  client_ = std::make_unique<client::QuicClient>(options, std::move(tap), person_.key, random_);
  client_->set_paths({stage_.to_server});
  computer_.run(client_.get());
  stage_.presence.is_back(person_.number);
  for (const auto& [room, at] : std::exchange(left_at_, {})) join(room, at);
  for (const Step& step : std::exchange(missed_, {})) do_step(step);
}

void QuicParticipant::kill() {
  std::set<std::string> kept;
  const auto entries = outbox_.load(person_.name);
  for (const client::StoredEntry& each : *entries) kept.insert(each.id.to_string());
  stage_.messages.stopped(person_.label, kept);
  stage_.presence.is_gone(person_.number);
  for (const auto& [room, request] : joined_) left_at_.emplace(room, readers_.at(request).resume());
  heard_before_ = heard_count();
  joined_.clear();
  readers_.clear();
  computer_.run(nullptr);
  tap_ = nullptr;
  client_.reset();
}

void QuicParticipant::lose_power() {
  outbox_.lose_power();
  kill();
}

void QuicParticipant::quit() {
  stage_.presence.quits(person_.number);
  client_->quit();
}

void QuicParticipant::fall_asleep() {
  asleep_ = true;
  computer_.set_asleep(true);
  stage_.presence.is_gone(person_.number);
}

void QuicParticipant::wake_up() {
  asleep_ = false;
  computer_.set_asleep(false);
  stage_.presence.is_back(person_.number);
  for (const Step& step : std::exchange(missed_, {})) do_step(step);
}

void QuicParticipant::act(const Step& step) {
  if (is_running() && !asleep_) return do_step(step);
  missed_.push_back(step);
}

void QuicParticipant::do_step(const Step& step) {
  switch (step.kind) {
    case Step::Kind::join:
      return join(step.room, step.start);
    case Step::Kind::part:
      return part(step.room);
    case Step::Kind::read:
      return read(step);
    case Step::Kind::send:
    case Step::Kind::send_too_long:
      return send(step);
    case Step::Kind::set_topic:
      return post(step, Content::What::topic);
    case Step::Kind::edit:
      return post(step, Content::What::edit);
    case Step::Kind::take_back:
      return post(step, Content::What::redaction);
    case Step::Kind::react:
      return post(step, Content::What::reaction);
    case Step::Kind::mark:
      return mark(step.room);
  }
}

void QuicParticipant::join(const std::string& room, Start start) {
  const RequestId request = client_->join(room, start);
  joined_[room] = request;
  watch(request, room, start);
}

void QuicParticipant::part(const std::string& room) {
  stage_.presence.parts(person_.number, room);
  client_->part(room);
  joined_.erase(room);
}

void QuicParticipant::read(const Step& step) {
  watch(client_->read({.room = step.room, .start = step.start, .follow = false, .count = 0}), step.room, step.start);
}

void QuicParticipant::send(const Step& step) {
  const bool too_long = step.kind == Step::Kind::send_too_long;
  const std::string text = too_long ? std::string(wire::limits::message_bytes_max + 1, 'x')
                                    : make_text(person_.label, ++messages_sent_, step.text_bytes);
  const std::string id = client_->send(step.room, Kind::text, text);
  if (too_long) {
    stage_.messages.sent_in_vain(person_.label, person_.name, id, step.room, text);
  } else {
    stage_.messages.sent(person_.label, person_.name, id, step.room, text);
    newest_sent_[step.room] = id;
  }
}

void QuicParticipant::post(const Step& step, Content::What what) {
  const bool is_topic = what == Content::What::topic;
  const auto target = newest_sent_.find(step.room);
  if (!is_topic && target == newest_sent_.end()) return send(step);
  const std::string text = make_text(person_.label, ++messages_sent_, 0);
  Content content{.what = what, .text = text, .target = is_topic ? "" : target->second};
  const std::string id = client_->post(step.room, std::move(content));
  if (is_topic) {
    stage_.messages.sent_if_member(person_.label, person_.name, id, step.room, text);
  } else {
    stage_.messages.sent(person_.label, person_.name, id, step.room, text);
  }
}

void QuicParticipant::mark(const std::string& room) {
  const auto request = joined_.find(room);
  if (request == joined_.end()) return;
  const Start next = readers_.at(request->second).resume();
  if (next.seq > 1) client_->mark_read(room, next.seq - 1);
}

void QuicParticipant::watch(RequestId request, const std::string& room, Start start) {
  readers_.emplace(request, ReaderCheck(fmt::format("{}'s reader {}", person_.label, request), room, start,
                                        stage_.archive, stage_.complaints));
}

void QuicParticipant::listen() {
  if (!computer_.is_on()) return;
  while (const auto event = client_->poll_event()) {
    std::visit([this](const auto& each) { on(each); }, *event);
  }
  if (client_->unsettled() <= stage_.messages.count(person_.label)) return;
  stage_.complaints.add(fmt::format("{} has {} messages in its outbox and typed {}", person_.label,
                                    client_->unsettled(), stage_.messages.count(person_.label)));
}

bool QuicParticipant::is_settled() {
  if (!computer_.is_on() || client_->unsettled() > 0) return false;
  return std::ranges::all_of(
      readers_, [this](auto& each) { return is_joined(each.first) ? each.second.has_all() : each.second.has_ended(); });
}

void QuicParticipant::finish(bool) {
  if (!computer_.is_on()) return stage_.complaints.add(fmt::format("{} never came again", person_.label));
  if (client_->unsettled() > 0) {
    stage_.complaints.add(fmt::format("{} has {} unsettled messages", person_.label, client_->unsettled()));
  }
  for (auto& [request, check] : readers_) {
    if (!is_joined(request)) {
      if (!check.has_ended()) stage_.complaints.add("it did not come to its end: " + check.missing());
    } else if (check.has_ended() || !check.has_all()) {
      stage_.complaints.add(
          fmt::format("it {}: {}", check.has_ended() ? "ended unasked" : "lacks events", check.missing()));
    }
  }
}

std::uint64_t QuicParticipant::heard_count() const {
  std::uint64_t count = heard_before_;
  for (const auto& [request, check] : readers_) count += check.heard_count();
  return count;
}

ReaderCheck* QuicParticipant::reader(RequestId request, const char* what) {
  const auto found = readers_.find(request);
  if (found != readers_.end()) return &found->second;
  stage_.complaints.add(fmt::format("{} gets an {} for request {}, which is no reader", person_.label, what, request));
  return nullptr;
}

bool QuicParticipant::is_joined(RequestId request) const {
  return std::ranges::find(joined_, request, [](const auto& each) { return each.second; }) != joined_.end();
}

void QuicParticipant::on(const Link& event) {
  if (event.state != Link::State::failed) return;
  stage_.complaints.add(fmt::format("{} gives up: {}", person_.label, event.text));
}

void QuicParticipant::on(const Opened& event) {
  if (ReaderCheck* check = reader(event.request, "Opened")) check->opened(event);
}

void QuicParticipant::on(const Ended& event) {
  if (ReaderCheck* check = reader(event.request, "Ended")) check->ended();
}

void QuicParticipant::on(const Refused& event) {
  stage_.complaints.add(fmt::format("{} is refused request {}: {}", person_.label, event.request, event.text));
}

void QuicParticipant::on(const Warning& event) {
  stage_.complaints.add(fmt::format("{} is warned about request {}: {}", person_.label, event.request, event.text));
}

/// Of what was never stored nobody can have read.
void QuicParticipant::on(const MarkerMoved& event) {
  if (event.seq <= stage_.archive.end_seq(event.room)) return;
  stage_.complaints.add(
      fmt::format("{} has read up to event {} of #{}, which there is not", person_.label, event.seq, event.room));
}

/// Nor does anybody here ask for less than all.
void QuicParticipant::on(const Skipped& event) {
  stage_.complaints.add(fmt::format("{} is told that events {} to {} of #{} are left out", person_.label, event.first,
                                    event.last, event.room));
}

/// No run lets its rooms forget.
void QuicParticipant::on(const Gone& event) {
  stage_.complaints.add(fmt::format("{} is told that events {} to {} of #{} are gone", person_.label, event.first,
                                    event.last, event.room));
}

}  // namespace confab::sim
