// SPDX-License-Identifier: MIT
// Judges the key that a server shows, remembers it where first contact needs no question, and says in words what is
// wrong where it is.
#pragma once

#include <optional>
#include <string>

#include "client/known_hosts.h"
#include "net/transport.h"
#include "runtime/profile.h"

namespace confab::runtime {

class Gatekeeper {
 public:
  /// Keys met for the first time are taken without a question on loopback, and everywhere with `accept_new`.
  Gatekeeper(wire::Link server, Profile& profile, bool take_unknown)
      : server_(std::move(server)), profile_(profile), take_unknown_(take_unknown) {}

  /// Within the handshake; false ends it.
  bool trust(const net::PeerCertificate& certificate);
  client::TrustAnswer last_answer() const { return last_answer_; }
  /// The person said that the key shown last is right.
  void accept();
  /// Why the last key was not trusted and what to do, for stderr; empty if it was.
  std::string complaint() const;

 private:
  void remember(const wire::Fingerprint& fingerprint);

  wire::Link server_;
  Profile& profile_;
  bool take_unknown_;
  client::TrustAnswer last_answer_ = client::TrustAnswer::unknown;
  std::optional<wire::Fingerprint> shown_;
};

}  // namespace confab::runtime
