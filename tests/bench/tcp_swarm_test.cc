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

enum class Fault { none, repeats, loses_every_other, first_comes_second, first_comes_last };

/// Serves in a thread of its own.
class Echo {
 public:
  Echo(std::size_t members, Fault fault) : fault_(fault) {
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
    // Right behind the session ticket, so that both come in one piece.
    gnutls_record_send(peer.session.get(), "hello\r\n", 7);
    return peer;
  }

  void pass_on(std::vector<Peer>& peers, Peer& author) {
    std::array<char, 4096> buffer;
    const ssize_t size = gnutls_record_recv(author.session.get(), buffer.data(), buffer.size());
    const std::string_view text(buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
    if (text == "hello\r\n") return;
    const int number = messages_++;
    if (fault_ == Fault::loses_every_other && number % 2 == 0) return;
    if (fault_ >= Fault::first_comes_second && number == 0) {
      held_back_ = text;
      return;
    }
    say(peers, text);
    if (fault_ == Fault::repeats) say(peers, text);
    if (number == (fault_ == Fault::first_comes_second ? 1 : 5) && !held_back_.empty()) say(peers, held_back_);
  }

  static void say(std::vector<Peer>& peers, std::string_view text) {
    for (Peer& peer : peers) gnutls_record_send(peer.session.get(), text.data(), text.size());
  }

  const Fault fault_;
  int messages_ = 0;
  std::string held_back_;
  TempDir directory_;
  io::Fd listener_;
  net::Credentials credentials_ = net::make_handle<net::Credentials>(gnutls_certificate_allocate_credentials);
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

constexpr std::size_t members = 3;

/// So many messages among three members.
Tally run(Fault fault, const Workload& workload) {
  Echo peer(members, fault);
  const LineDialect dialect;
  TcpSwarm swarm(members, peer.address, dialect);
  const auto joined = swarm.join(10s);
  EXPECT_TRUE(joined) << joined.error();
  const auto now = [] { return io::read_clocks().instant; };
  swarm.begin(workload, now());
  const base::Instant give_up = now() + (fault == Fault::loses_every_other ? 500ms : 10s);
  while (joined && !swarm.is_done(now()) && now() < give_up) swarm.turn();
  EXPECT_EQ(swarm.failure(), "");
  return swarm.tally();
}

constexpr Workload one_at_a_time{.kind = Workload::Kind::windowed, .window = 1, .messages_max = 20, .length = 10s};
/// Two by each member, all at once.
constexpr Workload six_at_once{.kind = Workload::Kind::windowed, .window = 6, .messages_max = 6, .length = 10s};

TEST(TcpSwarm, HearsEveryMessageAtEveryMemberOnce) {
  for (const Workload& workload : {one_at_a_time, six_at_once}) {
    const Tally tally = run(Fault::none, workload);
    EXPECT_EQ(tally.messages, workload.messages_max);
    EXPECT_EQ(tally.deliveries, workload.messages_max * members);
    EXPECT_EQ(tally.lost(), 0u);
    EXPECT_EQ(tally.doubled, 0u);
    EXPECT_EQ(tally.disordered, 0u);
  }
}

TEST(TcpSwarm, CountsWhatComesTwice) {
  const Tally tally = run(Fault::repeats, one_at_a_time);
  EXPECT_EQ(tally.lost(), 0u);
  EXPECT_GT(tally.doubled, 0u);
}

TEST(TcpSwarm, CountsWhatIsLost) { EXPECT_EQ(run(Fault::loses_every_other, six_at_once).lost(), 3 * members); }

TEST(TcpSwarm, ExpectsNoOrderOfDifferentSenders) {
  EXPECT_EQ(run(Fault::first_comes_second, six_at_once).disordered, 0u);
}

TEST(TcpSwarm, CountsWhatComesAfterALaterOneOfTheSameSender) {
  const Tally tally = run(Fault::first_comes_last, six_at_once);
  EXPECT_EQ(tally.lost(), 0u);
  // Of the messages that overtook it, one is its sender's.
  EXPECT_EQ(tally.disordered, members);
}

}  // namespace
}  // namespace confab::bench
