// SPDX-License-Identifier: MIT
#include "net/tls.h"

#include <string_view>
#include <utility>

#include <ngtcp2/ngtcp2_crypto_gnutls.h>

#include "net/certificate.h"
#include "net/server_key.h"

namespace confab::net {

namespace {

/// AES-128-GCM first: the processors it runs on have instructions for it, and it decides the cost of a packet.
/// Compatibility mode is for TCP's middleboxes; QUIC forbids it (RFC 9001, section 8.4).
constexpr char priority_string[] =
    "NONE:+VERS-TLS1.3:+AEAD:+SHA256:+SHA384:+AES-128-GCM:+AES-256-GCM:+CHACHA20-POLY1305:+ECDHE-ECDSA:+ECDHE-RSA:"
    "+GROUP-X25519:+GROUP-SECP256R1:+GROUP-SECP384R1:+CTYPE-X509:+SIGN-ALL:%DISABLE_TLS13_COMPAT_MODE";

constexpr std::string_view exporter_label = "EXPORTER-confab-client";

/// What a ticket has to say where QUIC, not TLS, limits early data (RFC 9001, section 4.6.1).
constexpr std::uint32_t quic_early_data_bytes_max = 0xFFFF'FFFF;

constexpr int ticket_lifetime_s = static_cast<int>(ticket_lifetime / std::chrono::seconds(1));

Priority make_priority() {
  gnutls_priority_t priority = nullptr;
  require(gnutls_priority_init(&priority, priority_string, nullptr), "TLS priorities");
  return Priority(priority);
}

std::shared_ptr<gnutls_certificate_credentials_st> make_credentials() {
  return make_handle<Credentials>(gnutls_certificate_allocate_credentials);
}

}  // namespace

TlsSession::TlsSession(gnutls_priority_t priority, std::shared_ptr<gnutls_certificate_credentials_st> credentials,
                       unsigned flags, std::string_view protocol)
    : credentials_(std::move(credentials)) {
  gnutls_session_t session = nullptr;
  require(gnutls_init(&session, flags), "TLS session");
  session_.reset(session);
  require(gnutls_priority_set(session, priority), "TLS priorities");
  require(gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, credentials_.get()), "TLS credentials");
  const gnutls_datum_t name = to_datum(base::as_bytes(protocol));
  require(gnutls_alpn_set_protocols(session, &name, 1, GNUTLS_ALPN_MANDATORY), "ALPN");
  reference_.user_data = this;
  reference_.get_conn = [](ngtcp2_crypto_conn_ref* reference) {
    return static_cast<TlsSession*>(reference->user_data)->connection_;
  };
  gnutls_session_set_ptr(session, &reference_);
}

void TlsSession::attach(ngtcp2_conn* connection) {
  connection_ = connection;
  ngtcp2_conn_set_tls_native_handle(connection, session_.get());
}

ExporterSecret TlsSession::exporter() const {
  ExporterSecret secret;
  require(gnutls_prf_rfc5705(session_.get(), exporter_label.size(), exporter_label.data(), 0, "", secret.size(),
                             reinterpret_cast<char*>(secret.data())),
          "TLS exporter");
  return secret;
}

bool TlsSession::begin() {
  if (ngtcp2_crypto_read_write_crypto_data(connection_, NGTCP2_ENCRYPTION_LEVEL_INITIAL, nullptr, 0) != 0) return false;
  derive_early_exporter();
  return early_exporter_.has_value();
}

/// Its secret exists from the ClientHello on, and until the handshake's own keys take its place; where no ticket was
/// offered or taken, there is none.
void TlsSession::derive_early_exporter() {
  ExporterSecret secret;
  const int result = gnutls_prf_early(session_.get(), exporter_label.size(), exporter_label.data(), 0, "",
                                      secret.size(), reinterpret_cast<char*>(secret.data()));
  if (result >= 0) early_exporter_ = secret;
}

void TlsSession::send_ticket() {
  // Without one, the client's next handshake is a full one.
  static_cast<void>(gnutls_session_ticket_send(session_.get(), 1, 0));
}

TlsSession& TlsSession::self(gnutls_session_t session) {
  auto* reference = static_cast<ngtcp2_crypto_conn_ref*>(gnutls_session_get_ptr(session));
  return *static_cast<TlsSession*>(reference->user_data);
}

int TlsSession::verify_peer(gnutls_session_t session) {
  return self(session).trusts_peer() ? 0 : GNUTLS_E_CERTIFICATE_ERROR;
}

int TlsSession::on_client_hello(gnutls_session_t session, unsigned, unsigned, unsigned, const gnutls_datum_t*) {
  TlsSession& tls = self(session);
  if (!tls.early_accepted()) return 0;
  tls.derive_early_exporter();
  return tls.early_exporter_ ? 0 : GNUTLS_E_INTERNAL_ERROR;
}

int TlsSession::on_ticket(gnutls_session_t session, unsigned, unsigned, unsigned, const gnutls_datum_t*) {
  OutDatum data;
  if (gnutls_session_get_data2(session, data.out()) >= 0) {
    self(session).ticket_.emplace(data.view().begin(), data.view().end());
  }
  return 0;
}

bool TlsSession::trusts_peer() {
  const auto certificate = examine_peer();
  if (!certificate) return false;
  server_ = *certificate;
  if (trust_ && trust_(*certificate)) return true;
  refused_ = certificate;
  return false;
}

std::optional<PeerCertificate> TlsSession::examine_peer() const {
  unsigned count = 0;
  const gnutls_datum_t* chain = gnutls_certificate_get_peers(session_.get(), &count);
  if (chain == nullptr || count == 0) return std::nullopt;
  auto certificate = make_handle<X509Certificate>(gnutls_x509_crt_init);
  if (gnutls_x509_crt_import(certificate.get(), &chain[0], GNUTLS_X509_FMT_DER) < 0) return std::nullopt;
  const auto fingerprint = fingerprint_of(certificate.get());
  if (!fingerprint) return std::nullopt;
  PeerCertificate seen{.fingerprint = *fingerprint};
  if (!server_name_.empty()) {
    unsigned status = 0;
    const int result = gnutls_certificate_verify_peers3(session_.get(), server_name_.c_str(), &status);
    seen.ca_signed = result >= 0 && status == 0;
  }
  return seen;
}

ServerTls::ServerTls(const ServerKey& key, bool early_data, std::shared_ptr<ServerSecrets> secrets)
    : key_(key),
      early_data_(early_data),
      secrets_(std::move(secrets)),
      replay_guard_(secrets_->flights),
      priority_(make_priority()) {}

std::unique_ptr<TlsSession> ServerTls::open(base::WallTime now) {
  const std::chrono::milliseconds age(now.unix_ms - issued_.unix_ms);
  const bool from_future = age < -certificate_backdating;  // the clock was put back
  if (!credentials_ || age >= certificate_renewal_age || from_future) renew_certificate(now);
  const unsigned flags = GNUTLS_SERVER | GNUTLS_NO_AUTO_SEND_TICKET | GNUTLS_NO_END_OF_EARLY_DATA;
  auto session = std::make_unique<TlsSession>(priority_.get(), credentials_,
                                              early_data_ ? flags | GNUTLS_ENABLE_EARLY_DATA : flags, alpn);
  gnutls_session_t handle = session->session_.get();
  require(ngtcp2_crypto_gnutls_configure_server_session(handle), "TLS for QUIC");
  if (early_data_) {
    require(gnutls_session_ticket_enable_server(handle, secrets_->ticket_key.out()), "session tickets");
    gnutls_db_set_cache_expiration(handle, ticket_lifetime_s);
    require(gnutls_record_set_max_early_data_size(handle, quic_early_data_bytes_max), "early data");
    replay_guard_.watch(handle);
    gnutls_handshake_set_hook_function(handle, GNUTLS_HANDSHAKE_CLIENT_HELLO, GNUTLS_HOOK_POST,
                                       &TlsSession::on_client_hello);
  }
  return session;
}

void ServerTls::renew_certificate(base::WallTime now) {
  auto credentials = make_credentials();
  const X509Certificate certificate = issue_certificate(key_.impl_->key.get(), now);
  gnutls_x509_crt_t chain = certificate.get();
  require(gnutls_certificate_set_x509_key(credentials.get(), &chain, 1, key_.impl_->key.get()), "certificate");
  credentials_ = std::move(credentials);
  issued_ = now;
}

ClientTls::ClientTls(std::string protocol) : protocol_(std::move(protocol)), priority_(make_priority()) {}

std::unique_ptr<TlsSession> ClientTls::open(const std::string& server_name, Trust trust, unsigned flags) {
  constexpr unsigned common_flags = GNUTLS_CLIENT | GNUTLS_NO_END_OF_EARLY_DATA | GNUTLS_KEY_SHARE_TOP;
  auto session =
      std::make_unique<TlsSession>(priority_.get(), credentials_for(server_name), common_flags | flags, protocol_);
  gnutls_session_t handle = session->session_.get();
  if (!server_name.empty()) {
    require(gnutls_server_name_set(handle, GNUTLS_NAME_DNS, server_name.data(), server_name.size()), "server name");
  }
  require(ngtcp2_crypto_gnutls_configure_client_session(handle), "TLS for QUIC");
  gnutls_handshake_set_hook_function(handle, GNUTLS_HANDSHAKE_NEW_SESSION_TICKET, GNUTLS_HOOK_POST,
                                     &TlsSession::on_ticket);
  session->server_name_ = server_name;
  session->trust_ = std::move(trust);
  return session;
}

std::unique_ptr<TlsSession> ClientTls::resume(const Resumption& resumption, Trust trust) {
  auto session = open(resumption.server_name, std::move(trust), GNUTLS_ENABLE_EARLY_DATA);
  const base::Bytes& data = resumption.session;
  // Where GnuTLS has read some of it and not all, the session is not fit for use.
  if (gnutls_session_set_data(session->session_.get(), data.data(), data.size()) < 0) return nullptr;
  session->server_ = resumption.server;
  return session;
}

const ClientTls::SharedCredentials& ClientTls::credentials_for(const std::string& server_name) {
  SharedCredentials& credentials = server_name.empty() ? plain_ : with_authorities_;
  if (!credentials) {
    credentials = make_credentials();
    // A system without authorities is no error: then no certificate is `ca_signed`.
    if (!server_name.empty()) gnutls_certificate_set_x509_system_trust(credentials.get());
    gnutls_certificate_set_verify_function(credentials.get(), &TlsSession::verify_peer);
  }
  return credentials;
}

}  // namespace confab::net
