// SPDX-License-Identifier: MIT
#include "sim/plain_participant.h"

#include <fmt/format.h>

#include "sim/texts.h"

namespace confab::sim {

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
