// SPDX-License-Identifier: MIT
// A server forgets TLS when the handshake is done. These clients do what the endpoint's never do after it.
#include "net/bare_client.h"

namespace confab::net::test {
namespace {

class AfterHandshake : public WithBareClient {
 protected:
  AfterHandshake() {
    exchange();
    stream = client.connection->open_bidi_stream().value();
  }

  void say(std::string_view text) {
    client.connection->send(stream, shared(text));
    exchange();
  }

  StreamId stream = 0;
};

TEST_F(AfterHandshake, KeysAreUpdatedAsOftenAsTheClientLikes) {
  std::string said;
  for (int i = 0; i < 5; ++i) {
    client.update_keys(network.now().instant);
    say("a word ");
    said += "a word ";
    EXPECT_EQ(server.received[stream], said);
    network.run_for(5s);  // an update must have been acknowledged, and a while have passed, before the next
  }
}

TEST_F(AfterHandshake, AWordForTlsIsAnError) {
  say("hello");
  client.say_to_tls(shared("\x18 what TLS would call a key update").view);
  exchange();
  ASSERT_EQ(server.count<events::Closed>(), 1U);
  const auto& closed = *server.last<events::Closed>();
  EXPECT_EQ(closed.kind, CloseKind::handshake_failed);
  EXPECT_EQ(closed.code, 10U) << "unexpected_message";
  EXPECT_FALSE(client.connection->alive());
}

}  // namespace
}  // namespace confab::net::test
