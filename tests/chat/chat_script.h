// SPDX-License-Identifier: MIT
// A chat that is spoken to in short sentences.
#pragma once

#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "chat/chat.h"

namespace confab::chat {

namespace pb = wire::pb;

/// Speaks in short sentences to a chat, and prints what came of each.
class ChatScript : public ::testing::Test {
 protected:
  static PublicKey key(std::uint8_t owner) {
    PublicKey result{};
    result.fill(owner);
    return result;
  }
  base::Now now() const { return {base::Instant(clock_), {1'000 + wall_ms_}}; }

  std::string identify(SessionId session, const std::string& name, std::uint8_t owner) {
    return describe(chat_.apply(commands::Identify{session, name, key(owner)}, now()));
  }
  std::string identify_plain(SessionId session, const std::string& name) {
    return describe(chat_.apply(commands::Identify{session, name, std::nullopt}, now()));
  }
  std::string join(SessionId session, const std::string& room) {
    return describe(chat_.apply(commands::Join{session, room}, now()));
  }
  std::string part(SessionId session, const std::string& room) {
    return describe(chat_.apply(commands::Part{session, room}, now()));
  }
  std::string post(SessionId session, const std::string& room, const std::string& text) {
    pb::Message message;
    message.set_text(text);
    return send(session, room, message);
  }
  std::string set_topic(SessionId session, const std::string& room, const std::string& text) {
    pb::Topic topic;
    topic.set_text(text);
    return send(session, room, topic);
  }
  std::string send(SessionId session, const std::string& room, Content content) {
    return describe(chat_.apply(commands::Post{session, room, {}, std::move(content)}, now()));
  }
  std::string mark(SessionId session, const std::string& room, base::Seq up_to) {
    return describe(chat_.apply(commands::MarkRead{session, room, up_to}, now()));
  }
  std::string end(SessionId session, bool quit) { return describe(chat_.apply(commands::End{session, quit}, now())); }
  std::string pass(base::Duration span) {
    clock_ += span;
    return describe(chat_.wake(now()));
  }

  static std::string describe(const Effects& effects) {
    std::string text;
    if (effects.refusal)
      text += fmt::format("refused {} {}; ", pb::Refused::Code_Name(effects.refusal->code), effects.refusal->limit);
    for (const NewClaim& claim : effects.claims)
      text += fmt::format("claim {} by {}; ", claim.folded_name, claim.key[0]);
    for (const NewEvent& event : effects.events) text += fmt::format("#{} {}; ", event.room, describe(event.event));
    if (effects.marker) {
      const NewMarker& marker = *effects.marker;
      text += fmt::format("{} read #{} to {}; ", marker.folded_name, marker.room, marker.up_to);
    }
    for (const PresenceChange& change : effects.presence) {
      text += fmt::format("{} {}; ", change.name, pb::Presence::State_Name(change.presence.state()));
    }
    if (text.empty()) return "nothing";
    text.resize(text.size() - 2);
    return text;
  }
  static std::string describe(const pb::Event& event) {
    const std::string name = (event.origin() == pb::ORIGIN_PLAIN ? "~" : "") + event.name();
    if (event.has_joined()) return name + " joined";
    if (event.has_left()) return fmt::format("{} left {}", name, pb::Left::Reason_Name(event.left().reason()));
    if (event.has_topic()) return fmt::format("{} sets {}", name, event.topic().text());
    if (event.has_edit()) return fmt::format("{} edits {} to {}", name, event.edit().target(), event.edit().text());
    if (event.has_redaction()) return fmt::format("{} redacts {}", name, event.redaction().target());
    if (event.has_reaction()) return fmt::format("{} reacts {}", name, event.reaction().text());
    return fmt::format("{} says {}", name, event.message().text());
  }

  /// All rooms of one kind, page by page.
  template <typename NextPage>
  static std::string list(NextPage next_page) {
    std::string seen;
    std::string after;
    for (bool more = true; more;) {
      const auto page = next_page(after);
      for (const RoomInfo& room : page.entries) seen += (seen.empty() ? "" : " ") + room.name;
      more = page.more;
      if (more) after = page.entries.back().name;
    }
    return seen;
  }

  base::SeededRandom random_{1};
  Chat chat_{random_};
  base::Duration clock_{};
  std::int64_t wall_ms_ = 0;
};

}  // namespace confab::chat
