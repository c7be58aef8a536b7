// SPDX-License-Identifier: MIT
#include "sim/participant.h"

#include <algorithm>

#include <fmt/format.h>

#include "wire/limits.h"

namespace confab::sim {

namespace {

/// About `bytes` long, like no other message of the run, with line feeds and characters of two bytes.
std::string make_text(const std::string& name, std::uint64_t number, std::size_t bytes) {
  static constexpr std::string_view filler = "Grüße aus dem Garten, es regnet.\n";
  std::string text = fmt::format("{} {}", name, number);
  while (text.size() + filler.size() < bytes) text.append(" ").append(filler);
  return text + ".";
}

client::QuicClientOptions client_options(const std::string& name, const wire::Fingerprint& server) {
  client::QuicClientOptions options;
  options.name = name;
  options.agent = "confab_sim";
  options.trust = [server](const net::PeerCertificate& seen) { return seen.fingerprint == server; };
  return options;
}

}  // namespace

QuicParticipant::QuicParticipant(const std::string& name, std::uint64_t seed, const base::Path& path,
                                 const wire::Fingerprint& server, Archive& archive, MessageCheck& messages,
                                 Complaints& complaints, base::Log& log)
    : name_(name),
      random_(seed),
      client_(client_options(name, server), key_, random_, log),
      archive_(archive),
      messages_(messages),
      complaints_(complaints) {
  client_.set_paths({path});
}

void QuicParticipant::act(const Step& step) {
  switch (step.kind) {
    case Step::Kind::join:
      return join(step);
    case Step::Kind::part:
      return part(step.room);
    case Step::Kind::read:
      return read(step);
    case Step::Kind::send:
    case Step::Kind::send_too_long:
      return send(step);
    case Step::Kind::rebind:
      return;  // the world's business
  }
}

void QuicParticipant::join(const Step& step) {
  const RequestId request = client_.join(step.room, step.start);
  joined_[step.room] = request;
  watch(request, step);
}

void QuicParticipant::part(const std::string& room) {
  client_.part(room);
  joined_.erase(room);
}

void QuicParticipant::read(const Step& step) {
  watch(client_.read({.room = step.room, .start = step.start, .follow = false, .count = 0}), step);
}

void QuicParticipant::send(const Step& step) {
  const bool too_long = step.kind == Step::Kind::send_too_long;
  const std::string text = too_long ? std::string(wire::limits::message_bytes_max + 1, 'x')
                                    : make_text(name_, ++messages_sent_, step.text_bytes);
  const std::string id = client_.send(step.room, Kind::text, text);
  if (too_long) {
    messages_.sent_in_vain(name_, id, step.room, text);
  } else {
    messages_.sent(name_, id, step.room, text);
  }
}

void QuicParticipant::watch(RequestId request, const Step& step) {
  readers_.emplace(request, ReaderCheck(fmt::format("{}'s reader {}", name_, request), step.room, step.start, archive_,
                                        complaints_));
}

void QuicParticipant::listen() {
  while (const auto event = client_.poll_event()) {
    std::visit([this](const auto& each) { on(each); }, *event);
  }
}

bool QuicParticipant::is_settled() {
  if (client_.unsettled() > 0) return false;
  for (const auto& [room, request] : joined_) {
    if (!readers_.at(request).has_all()) return false;
  }
  return std::ranges::all_of(readers_, [this](auto& each) {
    const bool is_joined =
        std::ranges::find(joined_, each.first, [](const auto& joined) { return joined.second; }) != joined_.end();
    return is_joined || each.second.has_ended();
  });
}

void QuicParticipant::finish() {
  if (client_.unsettled() > 0) complaints_.add(fmt::format("{} has {} unsettled messages", name_, client_.unsettled()));
  for (auto& [request, check] : readers_) {
    const auto joined = std::ranges::find(joined_, request, [](const auto& each) { return each.second; });
    if (joined == joined_.end()) {
      if (!check.has_ended()) complaints_.add("it did not come to its end: " + check.missing());
    } else if (check.has_ended() || !check.has_all()) {
      complaints_.add(fmt::format("it {}: {}", check.has_ended() ? "ended unasked" : "lacks events", check.missing()));
    }
  }
}

std::uint64_t QuicParticipant::heard_count() const {
  std::uint64_t count = 0;
  for (const auto& [request, check] : readers_) count += check.heard_count();
  return count;
}

ReaderCheck* QuicParticipant::reader(RequestId request, const char* what) {
  const auto found = readers_.find(request);
  if (found != readers_.end()) return &found->second;
  complaints_.add(fmt::format("{} gets an {} for request {}, which is no reader", name_, what, request));
  return nullptr;
}

void QuicParticipant::on(const Gone& event) {
  complaints_.add(fmt::format("{} is told that events {} to {} of #{} are gone, but nothing is ever removed", name_,
                              event.first, event.last, event.room));
}

void QuicParticipant::on(const Link& event) {
  if (event.state == Link::State::failed) complaints_.add(fmt::format("{} gives up: {}", name_, event.text));
}

void QuicParticipant::on(const Opened& event) {
  if (ReaderCheck* check = reader(event.request, "Opened")) check->opened(event);
}

void QuicParticipant::on(const Ended& event) {
  if (ReaderCheck* check = reader(event.request, "Ended")) check->ended();
}

void QuicParticipant::on(const Refused& event) {
  complaints_.add(fmt::format("{} is refused request {}: {}", name_, event.request, event.text));
}

void QuicParticipant::on(const Warning& event) {
  complaints_.add(fmt::format("{} is refused request {}: {}", name_, event.request, event.text));
}

PlainParticipant::PlainParticipant(const std::string& name, std::uint64_t seed, const base::Path& path,
                                   Archive& archive, Complaints& complaints)
    : random_(seed), client_({.name = name}, random_), check_(name, archive, complaints), complaints_(complaints) {
  client_.set_paths({path});
}

void PlainParticipant::act(const Step& step) {
  const std::string text = make_text(check_.name(), ++messages_sent_, step.text_bytes);
  client_.send(step.room, Kind::text, text);
  check_.sent(text);
}

void PlainParticipant::listen() {
  while (const auto event = client_.poll_event()) {
    if (const auto* line = std::get_if<Message>(&*event)) {
      check_.heard(*line);
    } else if (const auto* link = std::get_if<Link>(&*event); link == nullptr || link->state != Link::State::online) {
      complaints_.add(fmt::format("{} is told something else than a line", check_.name()));
    }
  }
}

}  // namespace confab::sim
