// SPDX-License-Identifier: MIT
// TLS 1.3 as QUIC uses it (RFC 9001): sessions that ngtcp2 drives, with ALPN confab/1 and nothing else.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <ngtcp2/ngtcp2_crypto.h>

#include "base/time.h"
#include "net/endpoint.h"
#include "net/gnutls_handles.h"
#include "net/identity.h"

namespace confab::net {

/// One side of one handshake. Session tickets and 0-RTT (RFC 8446, section 2.3) are not offered: a ticket would be kept
/// here and handed out beside the exporter.
class TlsSession {
 public:
  TlsSession(gnutls_priority_t priority, std::shared_ptr<gnutls_certificate_credentials_st> credentials, unsigned flags,
             std::string_view protocol);
  TlsSession(const TlsSession&) = delete;
  TlsSession& operator=(const TlsSession&) = delete;

  /// Ties the session and the connection to each other; before the first packet.
  void attach(ngtcp2_conn* connection);

  /// Only after the handshake.
  ExporterSecret exporter() const;

  /// Client: the certificate that options.trust refused, if it did.
  const std::optional<PeerCertificate>& refused() const { return refused_; }

 private:
  friend class ServerTls;
  friend class ClientTls;

  static int verify_peer(gnutls_session_t session);
  bool trusts_peer();
  std::optional<PeerCertificate> examine_peer() const;

  ngtcp2_crypto_conn_ref reference_{};  // what GnuTLS's callbacks find this object by
  ngtcp2_conn* connection_ = nullptr;
  // A renewed certificate comes with new credentials: each session keeps those that it began with.
  std::shared_ptr<gnutls_certificate_credentials_st> credentials_;
  Session session_;
  std::string server_name_;
  std::function<bool(const PeerCertificate&)> trust_;
  std::optional<PeerCertificate> refused_;
};

/// Makes a server's sessions. The certificate is renewed when a session starts and it is older than
/// certificate_renewal_age.
class ServerTls {
 public:
  /// The key must outlive this.
  explicit ServerTls(const ServerKey& key);

  std::unique_ptr<TlsSession> open(base::WallTime now);

  /// When the certificate that is handed out now was made.
  base::WallTime certificate_issued() const { return issued_; }

 private:
  void renew_certificate(base::WallTime now);

  const ServerKey& key_;
  Priority priority_;
  std::shared_ptr<gnutls_certificate_credentials_st> credentials_;
  base::WallTime issued_;
};

/// Makes a client's sessions.
class ClientTls {
 public:
  /// `protocol` is the ALPN it asks for.
  explicit ClientTls(std::string protocol = alpn);

  /// `server_name` and `trust` as in ConnectOptions.
  std::unique_ptr<TlsSession> open(std::string server_name, std::function<bool(const PeerCertificate&)> trust);

 private:
  using SharedCredentials = std::shared_ptr<gnutls_certificate_credentials_st>;
  const SharedCredentials& credentials_for(const std::string& server_name);

  const std::string protocol_;
  Priority priority_;
  SharedCredentials plain_;
  SharedCredentials with_authorities_;  // reading the system's authorities takes long: only when a name asks for it
};

}  // namespace confab::net
