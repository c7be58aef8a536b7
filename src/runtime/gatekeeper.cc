// SPDX-License-Identifier: MIT
#include "runtime/gatekeeper.h"

#include <cstdio>

#include <fmt/format.h>

namespace confab::runtime {

bool Gatekeeper::trust(const net::PeerCertificate& certificate) {
  shown_ = certificate.fingerprint;
  last_answer_ =
      client::judge(server_, profile_.known_hosts(), certificate.fingerprint, certificate.ca_signed, take_unknown_);
  if (last_answer_ != client::TrustAnswer::trusted) return false;
  // What an authority vouches for may change its key; it is not pinned. Nor is what the link pins already.
  const bool pin = !certificate.ca_signed && !server_.fingerprint;
  if (pin && !profile_.known_hosts().find(server_.target())) remember(certificate.fingerprint);
  return true;
}

void Gatekeeper::accept() {
  if (shown_) remember(*shown_);
}

std::string Gatekeeper::complaint() const {
  if (!shown_ || last_answer_ == client::TrustAnswer::trusted) return {};
  const std::string target = server_.target();
  if (last_answer_ == client::TrustAnswer::unknown) {
    return fmt::format(
        "{} shows the key {}, which is not known here; if it is the right one, use --accept-new or the link "
        "confab://{}@{}",
        target, shown_->to_string(), shown_->to_string(), target);
  }
  if (server_.fingerprint) {
    return fmt::format("{} shows the key {}, not the one in the link; nothing was sent", target, shown_->to_string());
  }
  return fmt::format(
      "THE KEY OF {} HAS CHANGED: it shows {}; nothing was sent. If its operator confirms the new key, remove "
      "the line of {} from {}",
      target, shown_->to_string(), target, profile_.known_hosts_path());
}

void Gatekeeper::remember(const wire::Fingerprint& fingerprint) {
  const auto written = profile_.remember_host(server_.target(), fingerprint);
  // The chat goes on: the key is asked about again next time.
  if (!written) fmt::print(stderr, "confab: the server's key was not remembered: {}\n", written.error());
}

}  // namespace confab::runtime
