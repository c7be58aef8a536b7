// SPDX-License-Identifier: MIT
// MQTT 3.1.1 with QoS 0, as far as one topic needs it. Strings have their length in two bytes before them.
//
//   packet    := type-and-flags remaining-length body        1 byte, 1 to 4 bytes (LEB128)
//   CONNECT   := 0x10: "MQTT" 0x04 flags keep-alive(2) client-id
//   SUBSCRIBE := 0x82: packet-id(2) topic qos
//   PUBLISH   := 0x30: topic text
#pragma once

#include "dialect.h"

namespace confab::bench {

class MqttDialect final : public Dialect {
 public:
  std::string greet(std::size_t member) const override;
  std::string say(std::string_view text) const override;
  Heard hear(std::string_view& input) const override;
};

}  // namespace confab::bench
