// SPDX-License-Identifier: MIT
// The NATS client protocol, as far as one subject needs it.
//
//   INFO    := "INFO " json CRLF                                in the clear, before TLS
//   PUB     := "PUB " subject " " bytes CRLF text CRLF
//   MSG     := "MSG " subject " " sid " " bytes CRLF text CRLF
#pragma once

#include "dialect.h"

namespace confab::bench {

class NatsDialect final : public Dialect {
 public:
  bool begins_in_the_clear() const override { return true; }
  std::string greet(std::size_t member) const override;
  std::string say(std::string_view text) const override;
  Heard hear(std::string_view& input) const override;
};

}  // namespace confab::bench
