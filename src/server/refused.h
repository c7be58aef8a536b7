// SPDX-License-Identifier: MIT
// A refusal as it goes onto the wire: the hub answers with one, and so does a shard that cannot open a stream.
#pragma once

#include "chat/command.h"
#include "wire/framing.h"

namespace confab::server {

/// Without the tag of the request that it answers.
inline wire::pb::Reply refused(const chat::Refusal& refusal) {
  wire::pb::Reply reply;
  wire::pb::Refused& refused = *reply.mutable_refused();
  refused.set_code(refusal.code);
  refused.set_text(refusal.text);
  refused.set_limit(refusal.limit);
  refused.set_limit_value(refusal.limit_value);
  return reply;
}

}  // namespace confab::server
