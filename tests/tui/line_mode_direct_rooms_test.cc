// SPDX-License-Identifier: MIT
// What others have written to one alone, before line mode ran and while it does.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "line_mode_script.h"

namespace confab::tui {
namespace {

/// Online, with what Ada has written to Hilmi alone; nobody has rung for it.
struct DirectRoomScript : LineModeScript {
  void come_back() {
    open("Hilmi", true);
    mode->hear(link(Link::State::online), {});
    client.take_calls();
    tell_rooms({{"@ada : hilmi", 0, 7}});
    EXPECT_EQ(client.take_calls(), (Calls{"join @ada : hilmi 0 newest 100"}));
    joined = client.requests;
  }
  void tell_rooms(std::vector<RoomInfo> rooms) {
    mode->hear(Rooms{FakeClient::direct_rooms_request, std::move(rooms)}, {});
  }
  void opened(std::uint64_t first, std::uint64_t end, std::uint64_t read, bool kept = false) {
    mode->hear(Opened{joined, "@ada : hilmi", first, end, "", read, kept}, {});
  }
  /// Her lines are their numbers.
  void writes(std::uint64_t first, std::uint64_t last) {
    for (std::uint64_t seq = first; seq <= last; ++seq) {
      Message line = said("Ada", seq, std::to_string(seq));
      line.room = "@ada : hilmi";
      line.request = joined;
      mode->hear(line, {});
    }
  }
  /// The numbers of those that are shown.
  std::string shown() {
    std::string lines = mode->take_output();
    for (const std::string_view part : {"(private) Ada : ", "\n"}) {
      for (std::size_t at; (at = lines.find(part)) != std::string::npos;) lines.erase(at, part.size());
    }
    return lines;
  }

  RequestId joined = 0;
};

TEST_F(DirectRoomScript, WhatWasWrittenWhileNobodyWasHereIsShown) {
  come_back();
  opened(1, 7, 0);
  writes(1, 7);
  EXPECT_EQ(shown(), "1234567");
  mode->hear(link(Link::State::online), {});
  tell_rooms({{"@ada : hilmi", 0, 8}});
  EXPECT_EQ(client.take_calls(), (Calls{"direct rooms"})) << "it is open";
}

TEST_F(DirectRoomScript, WhatWasReadElsewhereIsNot) {
  come_back();
  opened(1, 7, 4);
  writes(1, 8);
  EXPECT_EQ(shown(), "5678");
  type("/msg Ada x\n/reply yes\n");
  EXPECT_EQ(client.take_calls().back(), "post @ada : hilmi message answering m8 yes");
}

TEST_F(DirectRoomScript, NorWhatThisMachineHasSeen) {
  come_back();
  opened(1, 5, 0, true);
  writes(1, 5);
  writes(6, 6);
  EXPECT_EQ(shown(), "") << "whether it was read the server knows";
  opened(6, 7, 0);
  writes(7, 7);
  EXPECT_EQ(shown(), "67");
}

TEST_F(DirectRoomScript, WhatThisMachineHasSeenButNobodyReadIsShown) {
  come_back();
  opened(1, 5, 0, true);
  writes(1, 5);
  opened(6, 7, 3);
  writes(6, 7);
  EXPECT_EQ(shown(), "4567");
}

TEST_F(DirectRoomScript, WhatRangIsShownEvenWhereAnotherProgramHasKeptIt) {
  open("Hilmi", true);
  mode->hear(Invited{"@ada : hilmi", "Ada", 5}, {});
  joined = client.requests;
  mode->take_output();
  opened(1, 5, 0, true);
  writes(1, 5);
  opened(6, 5, 0);
  EXPECT_EQ(shown(), "5");
}

TEST_F(DirectRoomScript, OnlyOnesOwnAreOpenedAndNotThoseOfTheIgnored) {
  open("Hilmi", true);
  type("/ignore Troll\n");
  mode->hear(link(Link::State::online), {});
  client.take_calls();
  tell_rooms({{"@hilmi : troll", 0, 3}, {"@bob : eve", 0, 3}, {"dev", 0, 3}});
  EXPECT_EQ(client.take_calls(), Calls{});
}

TEST_F(DirectRoomScript, ThereIsAnEndToHowManyAreOpened) {
  open("Hilmi", true);
  mode->hear(link(Link::State::online), {});
  client.take_calls();
  mode->take_output();
  std::vector<RoomInfo> rooms;
  for (int number = 100; number < 134; ++number) rooms.push_back({fmt::format("@ada{} : hilmi", number), 0, 3});
  tell_rooms(rooms);
  EXPECT_EQ(client.take_calls().size(), 32U);
  EXPECT_EQ(mode->take_output(),
            "* 2 more people have written to you alone some time; /join @NAME and /history show what\n");
}

TEST_F(DirectRoomScript, AServerWithoutThemIsNoNews) {
  open("Hilmi", true);
  mode->hear(link(Link::State::online), {});
  mode->take_output();
  mode->hear(Refused{FakeClient::direct_rooms_request, "it has none"}, {});
  EXPECT_EQ(mode->take_output(), "");
}

}  // namespace
}  // namespace confab::tui
