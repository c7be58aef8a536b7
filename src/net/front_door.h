// SPDX-License-Identifier: MIT
// Datagrams that belong to no connection: who may open one, and what the others are answered. Keeps nothing about
// anybody; what has to be remembered travels in tokens that the other side brings back.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include <ngtcp2/ngtcp2.h>

#include "base/machine.h"
#include "base/random.h"
#include "net/endpoint.h"

namespace confab::net {

struct EndpointState;

/// Length of the connection ids that this side issues: wire::connection_id_mark, the worker (wire/steering.h), and what
/// is left at random.
inline constexpr std::size_t connection_id_bytes = 12;

/// What makes tokens unforgeable.
struct Secrets {
  Secrets(const EndpointOptions& options, base::Random& random);

  std::array<std::uint8_t, 32> reset;  ///< stateless resets (RFC 9000, section 10.3)
  std::array<std::uint8_t, 32> retry;  ///< address validation (RFC 9000, section 8.1.2)
};

ngtcp2_cid make_connection_id(base::Random& random, std::uint8_t worker);

/// What a client calls the server before it has an id of the server's: names no worker, so that a server's clients are
/// spread over all.
ngtcp2_cid make_first_id(base::Random& random);

using ResetToken = std::array<std::uint8_t, NGTCP2_STATELESS_RESET_TOKENLEN>;

/// Proves, to whom it was told within a connection, that this endpoint made the id and has lost its connection.
ResetToken reset_token(const Secrets& secrets, const ngtcp2_cid& id);

/// A first packet that may open a connection.
struct Admission {
  ngtcp2_pkt_hd header;         ///< points into the datagram
  ngtcp2_cid original_id;       ///< the destination id of the client's very first packet
  bool address_proven = false;  ///< by a token that a Retry carried
};

/// Decides on a datagram for a server that no connection knows. Answers (version negotiation, Retry, stateless reset,
/// refusal) go to `endpoint.loose`; each is smaller than the datagram that it answers.
class FrontDoor {
 public:
  FrontDoor(EndpointState& endpoint, EndpointStats& stats) : endpoint_(endpoint), stats_(stats) {}

  std::optional<Admission> admit(const base::Datagram& datagram, base::Now now);

 private:
  std::optional<Admission> admit_initial(const base::Datagram& datagram, base::Now now);
  bool check_token(Admission& admission, const base::Datagram& datagram, base::Now now);
  void negotiate_version(const base::Datagram& datagram, const ngtcp2_version_cid& ids);
  void send_retry(const ngtcp2_pkt_hd& header, const base::Datagram& datagram, base::Now now);
  void refuse(const ngtcp2_pkt_hd& header, const base::Datagram& datagram, std::uint64_t error);
  void reset(const base::Datagram& datagram);

  EndpointState& endpoint_;
  EndpointStats& stats_;
};

}  // namespace confab::net
