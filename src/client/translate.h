// SPDX-License-Identifier: MIT
// From the wire's messages to what a client hears. Nothing that a server sends is trusted to be clean.
#pragma once

#include <string>

#include "confab/types.h"
#include "wire/framing.h"

namespace confab::client {

/// A log's event; `own` is left for the caller to say.
Event translate_event(const wire::pb::Event& event, const std::string& room, RequestId request);
Member translate_member(const wire::pb::Member& member);
Presence translate_presence(const wire::pb::Presence& presence);

wire::pb::Kind to_wire(Kind kind);
wire::pb::Presence to_wire(Presence presence, const std::string& away_text);

}  // namespace confab::client
