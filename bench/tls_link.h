// SPDX-License-Identifier: MIT
// A TCP connection that becomes a TLS one, without blocking: what a member of an encrypted peer speaks through.
#pragma once

#include <expected>
#include <memory>
#include <string>
#include <string_view>

#include "base/address.h"
#include "io/fd.h"
#include "net/gnutls_handles.h"

namespace confab::bench {

/// What all links of a crowd share. Nobody is verified: the peers are children of ours, on loopback. TLS 1.3 with
/// AES-128-GCM alone, the cheapest that they all speak, and the cipher that Confab chooses.
class TlsContext {
 public:
  TlsContext();

  gnutls_certificate_credentials_t credentials() const { return credentials_.get(); }
  gnutls_priority_t priority() const { return priority_.get(); }

 private:
  net::Credentials credentials_;
  net::Priority priority_;
};

/// Made for edge-triggered readiness: whoever polls its descriptor for reading and writing calls receive() after every
/// report, until that has nothing more, and need not know what the link was waiting for. Not thread-safe.
class TlsLink {
 public:
  /// `clear_first`: the peer says a line in the clear before TLS begins (start_tls()). `context` must outlive the link.
  static std::expected<TlsLink, std::string> open(const base::Address& server, const TlsContext& context,
                                                  bool clear_first);

  int fd() const { return fd_.get(); }
  /// Whether what is written goes out sealed.
  bool is_sealed() const { return state_ == State::sealed; }
  /// The clear part is over.
  void start_tls();

  /// Goes on with whatever is under way and answers bytes that have come, into memory of `buffer`; an empty view: none
  /// for now. The error is a line for people, for good.
  std::expected<std::string_view, std::string> receive(std::string& buffer);

  /// Only what is_sealed(). Kept until the kernel takes it.
  std::expected<void, std::string> send(std::string_view bytes);

 private:
  enum class State { clear, shaking_hands, sealed };
  using Moved = std::expected<std::size_t, std::string>;  // 0: not now

  TlsLink(io::Fd fd, const TlsContext& context, State state);

  std::expected<void, std::string> flush();
  std::expected<bool, std::string> shake_hands();
  Moved read_clear(std::string& buffer);
  Moved read_sealed(std::string& buffer);

  io::Fd fd_;
  net::Session session_;  // after the descriptor, so that it goes first
  State state_;
  std::string unsent_;
};

}  // namespace confab::bench
