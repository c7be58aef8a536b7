// SPDX-License-Identifier: MIT
// IRC (RFC 2812), as far as one channel needs it.
//
//   line    := [":" prefix " "] command [" " params] CRLF
//   PRIVMSG := ":" nick!user@host " PRIVMSG " channel " :" text
#pragma once

#include "dialect.h"

namespace confab::bench {

class IrcDialect final : public Dialect {
 public:
  bool echoes() const override { return false; }
  std::string greet(std::size_t member) const override;
  std::string say(std::string_view text) const override;
  Heard hear(std::string_view& input) const override;
};

}  // namespace confab::bench
