// SPDX-License-Identifier: MIT
#include "chat/message_rules.h"

#include <fmt/format.h>

#include "base/text.h"
#include "wire/limits.h"
#include "wire/names.h"

namespace confab::chat {

namespace pb = wire::pb;

namespace {

Refusal malformed(std::string why) { return {pb::Refused::CODE_MALFORMED, std::move(why), {}, 0}; }

bool is_id(const std::string& bytes) { return bytes.size() == base::MessageId{}.bytes.size(); }

std::optional<Refusal> check_target(const std::string& target) {
  if (is_id(target)) return std::nullopt;
  return malformed("the target is no message id of 16 bytes");
}

/// Checked before cleaning too: an invalid byte grows to three when it is replaced.
std::expected<std::string, Refusal> clean_message_text(const std::string& text) {
  std::string clean = text.size() > wire::limits::message_bytes_max ? text : base::clean_text(text);
  if (clean.size() <= wire::limits::message_bytes_max) return clean;
  return std::unexpected(over_limit("message_bytes_max", wire::limits::message_bytes_max,
                                    fmt::format("the message is too long: {} bytes", clean.size())));
}

struct LineRule {
  const char* limit;
  std::size_t bytes_max;
  const char* what;
};

constexpr LineRule topic_rule{"topic_bytes_max", wire::limits::topic_bytes_max, "the topic is too long"};
constexpr LineRule reason_rule{"redaction_reason_bytes_max", wire::limits::redaction_reason_bytes_max,
                               "the reason is too long"};
constexpr LineRule reaction_rule{"reaction_bytes_max", wire::limits::reaction_bytes_max, "the reaction is too long"};

std::expected<std::string, Refusal> clean_line_within(const std::string& text, const LineRule& rule) {
  std::string clean = text.size() > rule.bytes_max ? text : base::clean_line(text);
  if (clean.size() <= rule.bytes_max) return clean;
  return std::unexpected(over_limit(rule.limit, rule.bytes_max, rule.what));
}

// What is taken is made anew: fields that this version does not know would go into the log unseen, past every limit.

std::optional<Refusal> check(pb::Message& message) {
  if (message.kind() != pb::KIND_TEXT && message.kind() != pb::KIND_ACTION && message.kind() != pb::KIND_NOTICE) {
    return Refusal{pb::Refused::CODE_UNKNOWN_REQUEST, "this server takes no messages of that kind yet", {}, 0};
  }
  auto clean = clean_message_text(message.text());
  if (!clean) return clean.error();
  if (!message.reply_to().empty() && !is_id(message.reply_to())) {
    return malformed("reply_to is no message id of 16 bytes");
  }
  pb::Message known;
  known.set_kind(message.kind());
  known.set_text(*std::move(clean));
  known.set_reply_to(message.reply_to());
  message = std::move(known);
  return std::nullopt;
}

std::optional<Refusal> check(pb::Topic& topic) {
  auto clean = clean_line_within(topic.text(), topic_rule);
  if (!clean) return clean.error();
  pb::Topic known;
  known.set_text(*std::move(clean));
  topic = std::move(known);
  return std::nullopt;
}

std::optional<Refusal> check(pb::Edit& edit) {
  if (auto refusal = check_target(edit.target())) return refusal;
  auto clean = clean_message_text(edit.text());
  if (!clean) return clean.error();
  pb::Edit known;
  known.set_target(edit.target());
  known.set_text(*std::move(clean));
  edit = std::move(known);
  return std::nullopt;
}

std::optional<Refusal> check(pb::Redaction& redaction) {
  if (auto refusal = check_target(redaction.target())) return refusal;
  auto clean = clean_line_within(redaction.reason(), reason_rule);
  if (!clean) return clean.error();
  pb::Redaction known;
  known.set_target(redaction.target());
  known.set_reason(*std::move(clean));
  redaction = std::move(known);
  return std::nullopt;
}

std::optional<Refusal> check(pb::Reaction& reaction) {
  if (auto refusal = check_target(reaction.target())) return refusal;
  auto clean = clean_line_within(reaction.text(), reaction_rule);
  if (!clean) return clean.error();
  if (base::plain_spaces(*clean).empty()) return malformed("a reaction says something");
  pb::Reaction known;
  known.set_target(reaction.target());
  known.set_text(*std::move(clean));
  known.set_withdrawn(reaction.withdrawn());
  reaction = std::move(known);
  return std::nullopt;
}

void move_into(pb::Event& event, pb::Message content) { *event.mutable_message() = std::move(content); }
void move_into(pb::Event& event, pb::Topic content) { *event.mutable_topic() = std::move(content); }
void move_into(pb::Event& event, pb::Edit content) { *event.mutable_edit() = std::move(content); }
void move_into(pb::Event& event, pb::Redaction content) { *event.mutable_redaction() = std::move(content); }
void move_into(pb::Event& event, pb::Reaction content) { *event.mutable_reaction() = std::move(content); }

}  // namespace

Refusal over_limit(std::string limit, std::uint64_t value, const std::string& what) {
  return {pb::Refused::CODE_LIMIT, fmt::format("{} ({} is {})", what, limit, value), std::move(limit), value};
}

std::string in_words(const std::string& room) { return wire::is_direct(room) ? room : "#" + room; }

std::expected<Content, Refusal> content_of(const pb::Send& send) {
  switch (send.what_case()) {
    case pb::Send::kMessage:
      return send.message();
    case pb::Send::kTopic:
      return send.topic();
    case pb::Send::kEdit:
      return send.edit();
    case pb::Send::kRedaction:
      return send.redaction();
    case pb::Send::kReaction:
      return send.reaction();
    case pb::Send::WHAT_NOT_SET:
      break;
  }
  return std::unexpected(Refusal{pb::Refused::CODE_UNKNOWN_REQUEST, "this server does not know what is sent", {}, 0});
}

std::optional<Refusal> check_content(Content& content) {
  return std::visit([](auto& each) { return check(each); }, content);
}

void put(Content content, pb::Event& event) {
  std::visit([&event](auto& each) { move_into(event, std::move(each)); }, content);
}

}  // namespace confab::chat
