// SPDX-License-Identifier: MIT
#include "net/front_door.h"

#include <algorithm>
#include <chrono>

#include <ngtcp2/ngtcp2_crypto.h>

#include "net/connection.h"
#include "net/gnutls_handles.h"
#include "net/native.h"
#include "net/server_secrets.h"
#include "wire/plain.h"

namespace confab::net {

namespace {

using AnswerBuffer = std::array<std::uint8_t, NGTCP2_MAX_UDP_PAYLOAD_SIZE>;

/// A client comes back with its token at once; the time covers a few lost packets.
constexpr base::Duration retry_token_lifetime = std::chrono::seconds(10);

constexpr std::array<std::uint32_t, 2> versions{NGTCP2_PROTO_VER_V1, NGTCP2_PROTO_VER_V2};

/// First bit of every QUIC packet: long header (RFC 8999, section 5).
bool has_long_header(base::ByteView datagram) { return (datagram[0] & 0x80) != 0; }

struct RemoteAddress {
  explicit RemoteAddress(const base::Path& path) : size(path.remote.to_sockaddr(storage)) {}
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }

  sockaddr_storage storage;
  socklen_t size;
};

}  // namespace

Secrets::Secrets(const EndpointOptions& options, base::Random& random) {
  random.fill(reset);
  if (options.reset_secret) reset = *options.reset_secret;
  random.fill(retry);
  if (options.secrets) retry = options.secrets->retry;
}

ngtcp2_cid make_connection_id(base::Random& random, std::uint8_t worker) {
  ngtcp2_cid id;
  id.datalen = connection_id_bytes;
  random.fill({id.data, connection_id_bytes});
  id.data[0] = wire::connection_id_mark;
  id.data[1] = worker;
  return id;
}

ngtcp2_cid make_first_id(base::Random& random) {
  ngtcp2_cid id;
  id.datalen = connection_id_bytes;
  random.fill({id.data, connection_id_bytes});
  if (id.data[0] == wire::connection_id_mark) id.data[0] = 0;
  return id;
}

ResetToken reset_token(const Secrets& secrets, const ngtcp2_cid& id) {
  ResetToken token;
  require(ngtcp2_crypto_generate_stateless_reset_token(token.data(), secrets.reset.data(), secrets.reset.size(), &id),
          "reset token");
  return token;
}

std::optional<Admission> FrontDoor::admit(const base::Datagram& datagram, base::Now now) {
  if (datagram.bytes.empty()) return std::nullopt;
  ngtcp2_version_cid ids;
  const int result =
      ngtcp2_pkt_decode_version_cid(&ids, datagram.bytes.data(), datagram.bytes.size(), connection_id_bytes);
  if (result == NGTCP2_ERR_VERSION_NEGOTIATION) {
    negotiate_version(datagram, ids);
  } else if (result == 0 && has_long_header(datagram.bytes)) {
    return admit_initial(datagram, now);
  } else if (result == 0) {
    reset(datagram);
  }
  return std::nullopt;
}

std::optional<Admission> FrontDoor::admit_initial(const base::Datagram& datagram, base::Now now) {
  Admission admission;
  if (ngtcp2_accept(&admission.header, datagram.bytes.data(), datagram.bytes.size()) != 0) return std::nullopt;
  if (admission.header.type != NGTCP2_PKT_INITIAL) return std::nullopt;
  admission.original_id = admission.header.dcid;
  if (!check_token(admission, datagram, now)) return std::nullopt;

  const EndpointOptions& options = endpoint_.options;
  if (endpoint_.alive >= options.connections_max) {
    ++stats_.handshakes_refused;
    refuse(admission.header, datagram, NGTCP2_CONNECTION_REFUSED);
    return std::nullopt;
  }
  if (endpoint_.handshaking >= options.handshakes_max) {
    ++stats_.handshakes_refused;
    return std::nullopt;
  }
  if (endpoint_.handshaking >= options.handshakes_max / 2 && !admission.address_proven) {
    ++stats_.retries_sent;
    send_retry(admission.header, datagram, now);
    return std::nullopt;
  }
  return admission;
}

/// False where the packet carries a token of ours that does not fit it: it must not go on (RFC 9000, section 8.1.3).
/// Tokens that are none of ours count as none.
bool FrontDoor::check_token(Admission& admission, const base::Datagram& datagram, base::Now now) {
  const ngtcp2_pkt_hd& header = admission.header;
  if (header.tokenlen == 0 || header.token[0] != NGTCP2_CRYPTO_TOKEN_MAGIC_RETRY2) return true;
  const RemoteAddress remote(datagram.path);
  const int result = ngtcp2_crypto_verify_retry_token2(&admission.original_id, header.token, header.tokenlen,
                                                       endpoint_.secrets.retry.data(), endpoint_.secrets.retry.size(),
                                                       header.version, remote.get(), remote.size, &header.dcid,
                                                       to_native(retry_token_lifetime), to_native(now.instant));
  if (result == NGTCP2_CRYPTO_ERR_UNREADABLE_TOKEN) {
    admission.original_id = header.dcid;
    return true;
  }
  admission.address_proven = result == 0;
  if (!admission.address_proven) refuse(header, datagram, NGTCP2_INVALID_TOKEN);
  return admission.address_proven;
}

void FrontDoor::negotiate_version(const base::Datagram& datagram, const ngtcp2_version_cid& ids) {
  // ngtcp2 has dropped what is shorter than a first packet must be, so that this is an answer to less than its
  // question, and version negotiations, so that two servers do not go on answering each other (RFC 9000, section 6.1).
  AnswerBuffer answer;
  const auto unused_bits = static_cast<std::uint8_t>(endpoint_.random.below(256));
  const ngtcp2_ssize size =
      ngtcp2_pkt_write_version_negotiation(answer.data(), answer.size(), unused_bits, ids.scid, ids.scidlen, ids.dcid,
                                           ids.dcidlen, versions.data(), versions.size());
  if (size > 0) endpoint_.loose.push(datagram.path, {answer.data(), static_cast<std::size_t>(size)});
}

void FrontDoor::send_retry(const ngtcp2_pkt_hd& header, const base::Datagram& datagram, base::Now now) {
  const ngtcp2_cid id = make_connection_id(endpoint_.random, endpoint_.options.worker);
  const RemoteAddress remote(datagram.path);
  std::array<std::uint8_t, NGTCP2_CRYPTO_MAX_RETRY_TOKENLEN2> token;
  const ngtcp2_ssize token_size = ngtcp2_crypto_generate_retry_token2(
      token.data(), endpoint_.secrets.retry.data(), endpoint_.secrets.retry.size(), header.version, remote.get(),
      remote.size, &id, &header.dcid, to_native(now.instant));
  if (token_size < 0) return;
  AnswerBuffer answer;
  const ngtcp2_ssize size = ngtcp2_crypto_write_retry(answer.data(), answer.size(), header.version, &header.scid, &id,
                                                      &header.dcid, token.data(), static_cast<std::size_t>(token_size));
  if (size > 0) endpoint_.loose.push(datagram.path, {answer.data(), static_cast<std::size_t>(size)});
}

void FrontDoor::refuse(const ngtcp2_pkt_hd& header, const base::Datagram& datagram, std::uint64_t error) {
  AnswerBuffer answer;
  const ngtcp2_ssize size = ngtcp2_crypto_write_connection_close(answer.data(), answer.size(), header.version,
                                                                 &header.scid, &header.dcid, error, nullptr, 0);
  if (size > 0) endpoint_.loose.push(datagram.path, {answer.data(), static_cast<std::size_t>(size)});
}

void FrontDoor::reset(const base::Datagram& datagram) {
  // Only what can be a packet for an id of ours, which also keeps text and other protocols from being answered.
  const base::ByteView id = datagram.bytes.subspan(1, connection_id_bytes);
  if (id[0] != wire::connection_id_mark) return;
  // Another worker's: it may well know the connection, and the kernel has joined the packet to one of ours (GRO).
  const std::uint8_t worker = id[1];
  if (worker != endpoint_.options.worker && worker < endpoint_.options.worker_count) return;
  // Shorter than what came in, so that two endpoints that know nothing do not answer each other for ever; and long
  // enough to look like any other packet (RFC 9000, section 10.3).
  constexpr std::size_t size_min = 1 + NGTCP2_MIN_STATELESS_RESET_RANDLEN + NGTCP2_STATELESS_RESET_TOKENLEN;
  constexpr std::size_t size_usual = 43;
  if (datagram.bytes.size() <= size_min) return;
  const std::size_t size = std::min(size_usual, datagram.bytes.size() - 1);

  std::array<std::uint8_t, size_usual> noise;
  const std::span<std::uint8_t> padding = std::span(noise).first(size - NGTCP2_STATELESS_RESET_TOKENLEN);
  endpoint_.random.fill(padding);
  const auto token = reset_token(endpoint_.secrets, make_cid(id));
  std::array<std::uint8_t, size_usual> answer;
  const ngtcp2_ssize written =
      ngtcp2_pkt_write_stateless_reset(answer.data(), size, token.data(), padding.data(), padding.size());
  if (written <= 0) return;
  ++stats_.resets_sent;
  endpoint_.loose.push(datagram.path, {answer.data(), static_cast<std::size_t>(written)});
}

}  // namespace confab::net
