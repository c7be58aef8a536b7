// SPDX-License-Identifier: MIT
// What a message must be like to enter a log.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "chat/command.h"

namespace confab::chat {

/// A refusal that names the limit, its value, and says so in the sentence.
Refusal over_limit(std::string limit, std::uint64_t value, const std::string& what);

/// Makes the text safe to keep and show (no control characters, valid UTF-8), or says why the message cannot be taken.
std::optional<Refusal> check_message(wire::pb::Message& message);

}  // namespace confab::chat
