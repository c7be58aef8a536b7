// SPDX-License-Identifier: MIT
// A swarm of TLS members against a peer of a few lines, which says to all what one says.
#include "tcp_swarm.h"

#include <array>
#include <atomic>
#include <thread>

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include "child.h"
#include "io/clock.h"
#include "self_signed.h"

namespace confab::bench {
namespace {

using namespace std::chrono_literals;

/// A line is a message. A member is in with the first line that it hears.
class LineDialect final : public Dialect {
 public:
  std::string greet(std::size_t) const override { return "hello\r\n"; }
  std::string say(std::string_view text) const override { return std::string(text) + "\r\n"; }
  Heard hear(std::string_view& input) const override {
    std::string_view line;
    if (!take_line(input, line)) return {Heard::Kind::unfinished};
    return line == "hello" ? Heard{Heard::Kind::joined} : Heard{Heard::Kind::message, line};
  }
};

/// Serves in a thread of its own. `copies`: how often it says a message to each; 0 loses every other one.
class Echo {
 public:
  Echo(std::size_t members, int copies) : copies_(copies) {
    listener_ = io::Fd(::socket(AF_INET, SOCK_STREAM, 0));
    sockaddr_storage name;
    socklen_t size = base::Address::v4(127, 0, 0, 1, 0).to_sockaddr(name);
    auto* const address_name = reinterpret_cast<sockaddr*>(&name);
    ::bind(listener_.get(), address_name, size);
    ::getsockname(listener_.get(), address_name, &size);
    ::listen(listener_.get(), 16);
    address = base::Address::from_sockaddr(address_name);

    const auto files = make_certificate(directory_.path());
    gnutls_certificate_set_x509_key_file(credentials_.get(), files->certificate.c_str(), files->key.c_str(),
                                         GNUTLS_X509_FMT_PEM);
    thread_ = std::thread([this, members] { serve(members); });
  }
  ~Echo() {
    stopping_ = true;
    thread_.join();
  }

  base::Address address;

 private:
  struct Peer {
    io::Fd fd;
    net::Session session;
  };

  void serve(std::size_t members) {
    std::vector<Peer> peers;
    while (!stopping_) {
      if (peers.size() < members && is_readable(listener_.get())) peers.push_back(accept());
      for (Peer& peer : peers) {
        if (is_readable(peer.fd.get())) pass_on(peers, peer);
      }
    }
  }

  static bool is_readable(int fd) {
    pollfd poll{.fd = fd, .events = POLLIN, .revents = 0};
    return ::poll(&poll, 1, 1) > 0;
  }

  Peer accept() {
    Peer peer{.fd = io::Fd(::accept(listener_.get(), nullptr, nullptr)),
              .session = net::make_handle<net::Session>(
                  [](gnutls_session_t* handle) { return gnutls_init(handle, GNUTLS_SERVER); })};
    gnutls_set_default_priority(peer.session.get());
    gnutls_credentials_set(peer.session.get(), GNUTLS_CRD_CERTIFICATE, credentials_.get());
    gnutls_transport_set_int(peer.session.get(), peer.fd.get());
    gnutls_handshake(peer.session.get());
    return peer;
  }

  void pass_on(std::vector<Peer>& peers, Peer& author) {
    std::array<char, 4096> buffer;
    const ssize_t size = gnutls_record_recv(author.session.get(), buffer.data(), buffer.size());
    const std::string_view text(buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
    if (text == "hello\r\n") {
      gnutls_record_send(author.session.get(), text.data(), text.size());
      return;
    }
    const int copies = copies_ > 0 ? copies_ : messages_++ % 2;
    for (Peer& peer : peers) {
      for (int copy = 0; copy < copies; ++copy) gnutls_record_send(peer.session.get(), text.data(), text.size());
    }
  }

  const int copies_;
  int messages_ = 0;
  TempDir directory_;
  io::Fd listener_;
  net::Credentials credentials_ = net::make_handle<net::Credentials>(gnutls_certificate_allocate_credentials);
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

constexpr std::size_t members = 3;

/// Twenty messages, one at a time, among three members.
Tally run(int copies, base::Duration length) {
  Echo peer(members, copies);
  const LineDialect dialect;
  TcpSwarm swarm(members, peer.address, dialect);
  const auto joined = swarm.join(10s);
  EXPECT_TRUE(joined) << joined.error();
  const auto now = [] { return io::read_clocks().instant; };
  swarm.begin({.kind = Workload::Kind::windowed, .window = 1, .messages_max = 20, .length = length}, now());
  const base::Instant give_up = now() + 1s;
  while (joined && !swarm.is_done(now()) && now() < give_up) swarm.turn();
  EXPECT_EQ(swarm.failure(), "");
  return swarm.tally();
}

TEST(TcpSwarm, HearsEveryMessageAtEveryMemberOnce) {
  const Tally tally = run(1, 10s);
  EXPECT_EQ(tally.messages, 20u);
  EXPECT_EQ(tally.deliveries, 20 * members);
  EXPECT_EQ(tally.lost(), 0u);
  EXPECT_EQ(tally.doubled, 0u);
  EXPECT_EQ(tally.disordered, 0u);
}

TEST(TcpSwarm, CountsWhatComesTwice) {
  const Tally tally = run(2, 10s);
  EXPECT_EQ(tally.lost(), 0u);
  EXPECT_GT(tally.doubled, 0u);
}

TEST(TcpSwarm, CountsWhatIsLost) { EXPECT_GT(run(0, 100ms).lost(), 0u); }

}  // namespace
}  // namespace confab::bench
