// SPDX-License-Identifier: MIT
#include "tui/status_command.h"

#include <gtest/gtest.h>

#include "fake_client.h"

namespace confab::tui {
namespace {

using namespace std::chrono_literals;

const base::Now now{base::Instant(1h), {1'700'000'300'000}};

struct StatusScript : ::testing::Test {
  StatusScript() {
    client.info =
        client::LinkInfo{.path = {base::Address::v4(127, 0, 0, 1, 5000), base::Address::v4(127, 0, 0, 1, 2209)},
                         .rtt = 1500us,
                         .rtt_min = 1ms,
                         .packets_sent = 8,
                         .packets_lost = 2,
                         .silence = 500ms};
  }
  StatusCommand command(bool json) {
    client::StoredEntry queued;
    queued.typed_at = {1'700'000'000'000};
    return {client, {.server = "127.0.0.1:2209", .name = "Ada", .queue = {queued, {}}, .json = json}};
  }

  FakeClient client;
};

TEST_F(StatusScript, ShowsLinkAndQueue) {
  StatusCommand status = command(false);
  status.hear(link(Link::State::online, Link::Failure::none, "confabd 1"), now);
  EXPECT_EQ(status.take_output(),
            "server      127.0.0.1:2209, confabd 1\n"
            "path        127.0.0.1:5000 to 127.0.0.1:2209\n"
            "rtt         1.5 ms (best 1.0 ms)\n"
            "loss        25.0 % of 8 packets\n"
            "last heard  0.5 s ago\n"
            "name        Ada\n"
            "queue       2 message(s), the oldest typed 5 min ago\n");
  EXPECT_EQ(status.exit_code(), exit_codes::done);
}

TEST_F(StatusScript, ShowsTheQueueWhereNobodyAnswers) {
  StatusCommand status = command(false);
  status.hear(link(Link::State::failed, Link::Failure::unreachable, "nobody answers"), now);
  EXPECT_EQ(status.take_output(),
            "server      127.0.0.1:2209: nobody answers\n"
            "name        Ada\n"
            "queue       2 message(s), the oldest typed 5 min ago\n");
  status.end_turn();
  EXPECT_EQ(status.exit_code(), exit_codes::unreachable);
}

TEST_F(StatusScript, JsonIsOneObject) {
  StatusCommand online = command(true);
  online.hear(link(Link::State::online, Link::Failure::none, "confabd 1"), now);
  EXPECT_EQ(online.take_output(), R"({"type":"server","server":"127.0.0.1:2209","online":true,"text":"confabd 1",)"
                                  R"("local":"127.0.0.1:5000","remote":"127.0.0.1:2209","rtt_ms":1.5,"rtt_min_ms":1.0,)"
                                  R"("packets_sent":8,"packets_lost":2,"silence_ms":500.0,)"
                                  R"("name":"Ada","queued":2,"oldest":"2023-11-14T22:13:20.000Z"})"
                                  "\n");
  StatusCommand offline = command(true);
  offline.hear(link(Link::State::failed, Link::Failure::unreachable, "nobody answers"), now);
  EXPECT_EQ(offline.take_output(),
            R"({"type":"server","server":"127.0.0.1:2209","online":false,"text":"nobody answers",)"
            R"("name":"Ada","queued":2,"oldest":"2023-11-14T22:13:20.000Z"})"
            "\n");
}

}  // namespace
}  // namespace confab::tui
