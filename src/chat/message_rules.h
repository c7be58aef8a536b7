// SPDX-License-Identifier: MIT
// What must be so of whatever enters a log.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>

#include "chat/command.h"

namespace confab::chat {

/// A refusal that names the limit, its value, and says so in the sentence.
Refusal over_limit(std::string limit, std::uint64_t value, const std::string& what);

/// The room as a sentence names it.
std::string in_words(const std::string& room);

/// What the request carries; a refusal where it carries nothing that this version knows.
std::expected<Content, Refusal> content_of(const wire::pb::Send& send);

/// Makes the text safe to keep and show (no control characters, valid UTF-8), or says why the content cannot be taken.
std::optional<Refusal> check_content(Content& content);

/// The body of an event with this content.
void put(Content content, wire::pb::Event& event);

}  // namespace confab::chat
