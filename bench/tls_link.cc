// SPDX-License-Identifier: MIT
#include "tls_link.h"

#include <cerrno>
#include <utility>

#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "io/error.h"

namespace confab::bench {

namespace {

constexpr char ciphers[] = "NORMAL:-VERS-ALL:+VERS-TLS1.3:-CIPHER-ALL:+AES-128-GCM";

bool is_not_now(ssize_t result) { return result == GNUTLS_E_AGAIN || result == GNUTLS_E_INTERRUPTED; }

std::unexpected<std::string> failure(const char* what, ssize_t result) {
  return std::unexpected(fmt::format("{}: {}", what, gnutls_strerror(static_cast<int>(result))));
}

}  // namespace

TlsContext::TlsContext()
    : credentials_(net::make_handle<net::Credentials>(gnutls_certificate_allocate_credentials)),
      priority_(net::make_handle<net::Priority>(
          [](gnutls_priority_t* handle) { return gnutls_priority_init(handle, ciphers, nullptr); })) {}

TlsLink::TlsLink(io::Fd fd, const TlsContext& context, State state)
    : fd_(std::move(fd)),
      session_(net::make_handle<net::Session>(
          [](gnutls_session_t* handle) { return gnutls_init(handle, GNUTLS_CLIENT | GNUTLS_NONBLOCK); })),
      state_(state) {
  net::require(gnutls_priority_set(session_.get(), context.priority()), "TLS priority");
  net::require(gnutls_credentials_set(session_.get(), GNUTLS_CRD_CERTIFICATE, context.credentials()), "TLS");
  gnutls_transport_set_int(session_.get(), fd_.get());
}

std::expected<TlsLink, std::string> TlsLink::open(const base::Address& server, const TlsContext& context,
                                                  bool clear_first) {
  io::Fd fd(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd) return std::unexpected(io::make_error("open a socket", errno).text);
  const int on = 1;  // a message is not to wait for the acknowledgement of the one before
  ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  sockaddr_storage address;
  const socklen_t size = server.to_sockaddr(address);
  const int connected = ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), size);
  if (connected != 0 && errno != EINPROGRESS) return std::unexpected(io::make_error("connect", errno).text);
  return TlsLink(std::move(fd), context, clear_first ? State::clear : State::shaking_hands);
}

void TlsLink::start_tls() { state_ = State::shaking_hands; }

std::expected<std::string_view, std::string> TlsLink::receive(std::string& buffer) {
  if (const auto flushed = flush(); !flushed) return std::unexpected(flushed.error());
  if (state_ == State::shaking_hands) {
    const auto done = shake_hands();
    if (!done) return std::unexpected(done.error());
    if (!*done) return std::string_view();
  }
  const Moved size = state_ == State::clear ? read_clear(buffer) : read_sealed(buffer);
  if (!size) return std::unexpected(size.error());
  return std::string_view(buffer).substr(0, *size);
}

std::expected<void, std::string> TlsLink::send(std::string_view bytes) {
  unsent_ += bytes;
  return flush();
}

std::expected<void, std::string> TlsLink::flush() {
  while (state_ == State::sealed && !unsent_.empty()) {
    const ssize_t taken = gnutls_record_send(session_.get(), unsent_.data(), unsent_.size());
    if (is_not_now(taken)) return {};
    if (taken < 0) return failure("cannot send", taken);
    unsent_.erase(0, static_cast<std::size_t>(taken));
  }
  return {};
}

std::expected<bool, std::string> TlsLink::shake_hands() {
  const int result = gnutls_handshake(session_.get());
  if (result == GNUTLS_E_SUCCESS) {
    state_ = State::sealed;
    return true;
  }
  if (gnutls_error_is_fatal(result) == 0) return false;
  // A connection that TCP has not made yet: there will be a report when it has.
  if (result == GNUTLS_E_PUSH_ERROR && errno == ENOTCONN) return false;
  return failure("no handshake", result);
}

TlsLink::Moved TlsLink::read_clear(std::string& buffer) {
  const ssize_t size = ::recv(fd_.get(), buffer.data(), buffer.size(), 0);
  if (size > 0) return static_cast<std::size_t>(size);
  if (size < 0 && (errno == EAGAIN || errno == ENOTCONN)) return 0;
  return std::unexpected(size == 0 ? "it hung up" : io::make_error("receive", errno).text);
}

TlsLink::Moved TlsLink::read_sealed(std::string& buffer) {
  ssize_t size = 0;
  do {
    // "Not now" is also what GnuTLS says of a record that holds no data, a session ticket: only where the kernel said
    // so has all been read.
    errno = 0;
    size = gnutls_record_recv(session_.get(), buffer.data(), buffer.size());
  } while (is_not_now(size) && errno != EAGAIN);
  if (size > 0) return static_cast<std::size_t>(size);
  if (is_not_now(size)) return 0;
  if (size == 0) return std::unexpected("it hung up");
  return failure("cannot receive", size);
}

}  // namespace confab::bench
