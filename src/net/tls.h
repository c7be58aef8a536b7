// SPDX-License-Identifier: MIT
// TLS 1.3 as QUIC uses it (RFC 9001): sessions that ngtcp2 drives, with ALPN confab/1 and nothing else.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <ngtcp2/ngtcp2_crypto.h>

#include "base/time.h"
#include "net/endpoint.h"
#include "net/gnutls_handles.h"
#include "net/identity.h"
#include "net/replay_guard.h"
#include "net/resumption.h"
#include "net/server_secrets.h"

namespace confab::net {

/// One side of one handshake, from nothing or from a ticket of an earlier one (RFC 8446, section 2.2), which also makes
/// early data possible (0-RTT, section 2.3). For the age of tickets GnuTLS reads the system's wall clock itself.
class TlsSession {
 public:
  TlsSession(gnutls_priority_t priority, std::shared_ptr<gnutls_certificate_credentials_st> credentials, unsigned flags,
             std::string_view protocol);
  TlsSession(const TlsSession&) = delete;
  TlsSession& operator=(const TlsSession&) = delete;

  /// Ties the session and the connection to each other; before the first packet.
  void attach(ngtcp2_conn* connection);

  /// Client with a ticket: writes the ClientHello now, ahead of the first packet, so that early data can go with it.
  /// False: the ticket was not offered (it has expired, or the clock was put back), and this handshake would fail.
  bool begin();

  /// Only after the handshake.
  ExporterSecret exporter() const;
  /// What takes the exporter's place in early data: both sides get the same 32 bytes from the ticket and the
  /// ClientHello (RFC 8446, section 7.5, early exporter). Client: nullopt where no early data can be sent; server:
  /// where there are none, or they were refused.
  const std::optional<ExporterSecret>& early_exporter() const { return early_exporter_; }

  /// Client, after the handshake: who the server is; for a resumed one, who it was when it gave the ticket.
  const PeerCertificate& server() const { return server_; }
  const std::string& server_name() const { return server_name_; }

  /// Only after the handshake: it went on from a ticket, without a certificate.
  bool resumed() const { return gnutls_session_is_resumed(session_.get()) != 0; }
  /// The server takes, or has taken, the early data.
  bool early_accepted() const { return (gnutls_session_get_flags(session_.get()) & GNUTLS_SFLAGS_EARLY_DATA) != 0; }

  /// Server: sends a ticket, if it has early_data; once, after the handshake.
  void send_ticket();
  /// Client: GnuTLS's session data with a ticket that has come, once.
  std::optional<base::Bytes> take_ticket() { return std::exchange(ticket_, std::nullopt); }

  /// Client: the certificate that options.trust refused, if it did.
  const std::optional<PeerCertificate>& refused() const { return refused_; }

 private:
  friend class ServerTls;
  friend class ClientTls;

  static TlsSession& self(gnutls_session_t session);
  static int verify_peer(gnutls_session_t session);
  static int on_client_hello(gnutls_session_t session, unsigned type, unsigned when, unsigned incoming,
                             const gnutls_datum_t* message);
  static int on_ticket(gnutls_session_t session, unsigned type, unsigned when, unsigned incoming,
                       const gnutls_datum_t* message);
  void derive_early_exporter();
  bool trusts_peer();
  std::optional<PeerCertificate> examine_peer() const;

  ngtcp2_crypto_conn_ref reference_{};  // what GnuTLS's callbacks find this object by
  ngtcp2_conn* connection_ = nullptr;
  // A renewed certificate comes with new credentials: each session keeps those that it began with.
  std::shared_ptr<gnutls_certificate_credentials_st> credentials_;
  Session session_;
  std::string server_name_;
  std::function<bool(const PeerCertificate&)> trust_;
  PeerCertificate server_;
  std::optional<PeerCertificate> refused_;
  std::optional<ExporterSecret> early_exporter_;
  std::optional<base::Bytes> ticket_;
};

/// Makes a server's sessions. The certificate is renewed when a session starts and it is older than
/// certificate_renewal_age.
class ServerTls {
 public:
  /// The key must outlive this. `early_data`: as in EndpointOptions.
  explicit ServerTls(const ServerKey& key, bool early_data = false,
                     std::shared_ptr<ServerSecrets> secrets = make_server_secrets());

  /// This must outlive the session.
  std::unique_ptr<TlsSession> open(base::WallTime now);

  /// When the certificate that is handed out now was made.
  base::WallTime certificate_issued() const { return issued_; }

 private:
  void renew_certificate(base::WallTime now);

  const ServerKey& key_;
  const bool early_data_;
  const std::shared_ptr<ServerSecrets> secrets_;
  ReplayGuard replay_guard_;
  Priority priority_;
  std::shared_ptr<gnutls_certificate_credentials_st> credentials_;
  base::WallTime issued_;
};

/// Makes a client's sessions.
class ClientTls {
 public:
  /// `protocol` is the ALPN it asks for.
  explicit ClientTls(std::string protocol = alpn);

  using Trust = std::function<bool(const PeerCertificate&)>;

  /// `server_name` and `trust` as in ConnectOptions; `flags` are further ones of GnuTLS's.
  std::unique_ptr<TlsSession> open(const std::string& server_name, Trust trust, unsigned flags = 0);
  /// A session with a ticket; to be used only if it can begin(). nullptr: GnuTLS cannot read it.
  std::unique_ptr<TlsSession> resume(const Resumption& resumption, Trust trust);

 private:
  using SharedCredentials = std::shared_ptr<gnutls_certificate_credentials_st>;
  const SharedCredentials& credentials_for(const std::string& server_name);

  const std::string protocol_;
  Priority priority_;
  SharedCredentials plain_;
  SharedCredentials with_authorities_;  // reading the system's authorities takes long: only when a name asks for it
};

}  // namespace confab::net
