// SPDX-License-Identifier: MIT
// From the wire's messages to what a client hears. Nothing that a server sends is trusted to be clean.
#pragma once

#include <optional>
#include <string>

#include "confab/types.h"
#include "wire/framing.h"

namespace confab::client {

/// A log's event; `own` is left for the caller to say.
Event translate_event(const wire::pb::Event& event, const std::string& room, RequestId request);
/// Makes it what the wire takes: clean text, a target that is an id as ids are written. Else why it cannot be sent, as
/// a sentence for people: it points at no message.
std::optional<std::string> make_sendable(Content& content);
Member translate_member(const wire::pb::Member& member);
Presence translate_presence(const wire::pb::Presence& presence);

wire::pb::Kind to_wire(Kind kind);
/// What of `send` says what is sent. The target is an id or empty: add nothing else to an outbox.
void to_wire(const Content& content, wire::pb::Send& send);
wire::pb::Presence to_wire(Presence presence, const std::string& away_text);

}  // namespace confab::client
