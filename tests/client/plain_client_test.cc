// SPDX-License-Identifier: MIT
#include "client/plain_client.h"

#include <gtest/gtest.h>

namespace confab::client {
namespace {

struct Sink final : base::DatagramSink {
  std::span<std::uint8_t> buffer() override {
    return full ? std::span<std::uint8_t>() : std::span<std::uint8_t>(memory);
  }
  void commit(const base::Path&, std::uint8_t, std::size_t size, std::size_t) override {
    sent.emplace_back(memory.begin(), memory.begin() + static_cast<std::ptrdiff_t>(size));
  }
  base::Bytes memory = base::Bytes(train_bytes_max);
  std::vector<std::string> sent;
  bool full = false;
};

struct PlainClientScript : ::testing::Test {
  PlainClientScript() { client.set_paths({path}); }
  void transmit() { client.transmit(sink, {}); }
  void hear(const base::Address& from, const std::string& datagram) {
    client.receive({{path.local, from}, base::as_bytes(datagram), 0}, {});
  }
  std::vector<std::string> messages() {
    std::vector<std::string> result;
    while (const auto event = client.poll_event()) {
      if (const auto* message = std::get_if<Message>(&*event)) result.push_back(message->name + "|" + message->text);
      if (const auto* status = std::get_if<Status>(&*event)) result.push_back("refused|" + status->reason);
      if (const auto* refused = std::get_if<Refused>(&*event)) result.push_back("no|" + refused->text);
    }
    return result;
  }

  const base::Path path{base::Address::v4(127, 0, 0, 1, 5000), base::Address::v4(127, 0, 0, 1, 2209)};
  base::SeededRandom random{1};
  PlainClient client{{"Hilmi"}, random};
  Sink sink;
};

TEST_F(PlainClientScript, SendsAsTheToyDoes) {
  client.send("lobby", Kind::text, "Hii");
  client.send("lobby", Kind::action, "waves");
  client.send("lobby", Kind::text, "");
  transmit();
  EXPECT_EQ(sink.sent, (std::vector<std::string>{"Hilmi : Hii", "Hilmi : * waves", "Hilmi : "}));
  EXPECT_EQ(client.unsettled(), 0U);
}

TEST_F(PlainClientScript, WaitsWhereTheSocketIsFull) {
  sink.full = true;
  client.send("lobby", Kind::text, "Hii");
  transmit();
  EXPECT_EQ(client.unsettled(), 1U);
  sink.full = false;
  transmit();
  EXPECT_EQ(sink.sent.size(), 1U);
}

TEST_F(PlainClientScript, SaysWhatTheToyCannotDo) {
  using What = Content::What;
  client.post("lobby", {.what = What::topic, .text = "tea"});
  client.post("lobby", {.what = What::edit, .text = "Hi"});
  client.post("lobby", {.what = What::redaction});
  client.post("lobby", {.what = What::reaction, .text = "👍"});
  client.post("@bob", {.text = "psst"});
  client.read_before("lobby", 5, 5);
  client.get_direct_rooms();
  client.mark_read("lobby", 5);
  EXPECT_EQ(messages(), (std::vector<std::string>{
                            "refused|the plain protocol has no topics", "refused|the plain protocol has no edits",
                            "refused|the plain protocol has no way to take a message back",
                            "refused|the plain protocol has no reactions",
                            "refused|the plain protocol has no other room than the lobby",
                            "no|the plain protocol has no history", "no|the plain protocol has no direct rooms"}));
  EXPECT_EQ(client.unsettled(), 0U);
  EXPECT_FALSE(client.discard(client.send("lobby", Kind::text, "Hii")));
}

TEST_F(PlainClientScript, HearsItsServerAlone) {
  hear(path.remote, "Ryo : hello : you");
  hear(base::Address::v4(127, 0, 0, 1, 9999), "Eve : forged");
  hear(path.remote, "\xff\xfe");
  hear(path.remote, "Mal\x1b[2J : \x1b[31mred");
  EXPECT_EQ(messages(), (std::vector<std::string>{"Ryo|hello : you", "Mal\uFFFD[2J|\uFFFD[31mred"}));
}

TEST_F(PlainClientScript, SaysWhatTheProtocolDoesNotHave) {
  client.send("dev", Kind::text, "x");
  client.get_rooms();
  EXPECT_EQ(messages(), (std::vector<std::string>{"refused|the plain protocol has no other room than the lobby",
                                                  "no|the plain protocol has no lists of rooms"}));
}

TEST_F(PlainClientScript, NobodyThereIsUnreachable) {
  client.unreachable(path, {});
  const auto event = client.poll_event();
  ASSERT_TRUE(event);
  EXPECT_EQ(std::get<Link>(*event).failure, Link::Failure::unreachable);
}

}  // namespace
}  // namespace confab::client
