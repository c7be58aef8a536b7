// SPDX-License-Identifier: MIT
#include "chat/message_rules.h"

#include <fmt/format.h>

#include "base/text.h"
#include "wire/limits.h"

namespace confab::chat {

namespace pb = wire::pb;

Refusal over_limit(std::string limit, std::uint64_t value, const std::string& what) {
  return {pb::Refused::CODE_LIMIT, fmt::format("{} ({} is {})", what, limit, value), std::move(limit), value};
}

std::optional<Refusal> check_message(pb::Message& message) {
  if (message.kind() != pb::KIND_TEXT && message.kind() != pb::KIND_ACTION && message.kind() != pb::KIND_NOTICE) {
    return Refusal{pb::Refused::CODE_UNKNOWN_REQUEST, "this server takes no messages of that kind yet", {}, 0};
  }
  // Checked before cleaning too: an invalid byte grows to three when it is replaced.
  std::string clean =
      message.text().size() > wire::limits::message_bytes_max ? message.text() : base::clean_text(message.text());
  if (clean.size() > wire::limits::message_bytes_max) {
    return over_limit("message_bytes_max", wire::limits::message_bytes_max,
                      fmt::format("the message is too long: {} bytes", clean.size()));
  }
  if (!message.reply_to().empty() && message.reply_to().size() != base::MessageId{}.bytes.size()) {
    return Refusal{pb::Refused::CODE_MALFORMED, "reply_to is no message id of 16 bytes", {}, 0};
  }
  // Made anew: fields that this version does not know would go into the log unseen, past every limit.
  pb::Message known;
  known.set_kind(message.kind());
  known.set_text(std::move(clean));
  known.set_reply_to(message.reply_to());
  message = std::move(known);
  return std::nullopt;
}

}  // namespace confab::chat
