// SPDX-License-Identifier: MIT
// What stands around the scrollback, as pictures: rooms, members, status and input.
#include <gtest/gtest.h>

#include "screen/ellipsis.h"
#include "screen/input_box.h"
#include "screen/member_list.h"
#include "screen/room_list.h"
#include "screen/status_line.h"

namespace confab::screen {
namespace {

using namespace std::chrono_literals;

const Theme theme = Theme::dark();

std::string rooms(const std::vector<RoomItem>& items, std::size_t columns, std::size_t rows) {
  term::Grid grid({columns, rows});
  draw_room_list(grid, grid.whole(), items, theme);
  return grid.picture();
}

TEST(Ellipsis, CutsByCells) {
  EXPECT_EQ(with_ellipsis("lobby", 5), "lobby");
  EXPECT_EQ(with_ellipsis("lobby", 4), "lob…");
  EXPECT_EQ(with_ellipsis("漢字漢", 4), "漢…");
  EXPECT_EQ(with_ellipsis("漢字", 1), "…");
  EXPECT_EQ(with_ellipsis("lobby", 0), "");
}

TEST(RoomList, ShowsNumbersAndWhatIsUnread) {
  const std::vector<RoomItem> items{{.label = "example.org", .heading = true},
                                    {.label = "#lobby", .current = true, .number = 1},
                                    {.label = "#dev", .number = 2, .unread = 12},
                                    {.label = "@zoe", .number = 3, .unread = 5, .mentions = 2},
                                    {.label = "#tea", .draft = true}};
  EXPECT_EQ(rooms(items, 12, 6), "example.org\n1 #lobby\n2 #dev    12\n3 @zoe    2@\n  #tea     …\n\n");
  EXPECT_EQ(rooms(items, 6, 5), "examp…\n1 #lo…\n2 … 12\n3 … 2@\n  #… …\n");
  EXPECT_EQ(rooms(items, 2, 3), "e…\n1…\n2…\n") << "no room for figures";
}

TEST(RoomList, KeepsTheCurrentRoomInSight) {
  std::vector<RoomItem> items(20);
  for (std::size_t i = 0; i < items.size(); ++i) items[i].label = "r" + std::to_string(i);
  items[15].current = true;
  EXPECT_EQ(rooms(items, 5, 3), "  r13\n  r14\n  r15\n");
  EXPECT_EQ(rooms({}, 5, 1), "\n");
}

TEST(RoomList, CountsAsPeopleDo) {
  EXPECT_EQ(count_text(999), "999");
  EXPECT_EQ(count_text(1234), "1k+");
  EXPECT_EQ(count_text(999'999), "999k+");
  EXPECT_EQ(count_text(5'000'000), "1M+");
}

std::string members(const Roster& roster, std::size_t columns, std::size_t rows) {
  term::Grid grid({columns, rows});
  draw_member_list(grid, grid.whole(), roster, theme, term::ColorDepth::full);
  return grid.picture();
}

TEST(MemberList, ShowsWhoIsHere) {
  Roster roster;
  EXPECT_EQ(members(roster, 12, 2), "0 here\n\n");
  roster.set(
      {{"zoe", true, Presence::away, "tea"}, {"Ada", true, Presence::here, ""}, {"bob", false, Presence::lost, ""}});
  EXPECT_EQ(members(roster, 12, 5), "3 here\nAda\n~bob (?)\nzoe (away)\n\n");
  EXPECT_EQ(members(roster, 12, 3), "3 here\nAda\nand 2 more\n");
  EXPECT_EQ(members(roster, 4, 4), "3 h…\nAda\n~bo…\nzoe…\n");
  EXPECT_EQ(members(roster, 12, 1), "3 here\n");
  EXPECT_EQ(members(roster, 12, 2), "3 here\nand 3 more\n");
  EXPECT_EQ(members(roster, 0, 2), "\n\n");
}

std::string status(const StatusInfo& info, std::size_t columns = 80) {
  term::Grid grid({columns, 1});
  draw_status_line(grid, grid.whole(), info, theme);
  std::string picture = grid.picture();
  picture.pop_back();
  return picture;
}

StatusInfo online() {
  StatusInfo info;
  info.room = "#lobby";
  info.name = "Ada";
  info.state = Link::State::online;
  info.link =
      client::LinkInfo{.path = {}, .rtt = 23ms, .rtt_min = {}, .packets_sent = 1000, .packets_lost = 0, .silence = 3s};
  return info;
}

TEST(StatusLine, SaysHowTheLinkFares) {
  EXPECT_EQ(status(online()), "#lobby  23 ms  Ada");
  StatusInfo narrow = online();
  narrow.unread_elsewhere = 7;
  EXPECT_EQ(status(narrow), "#lobby  7 elsewhere  23 ms  Ada");
  narrow.mentions_elsewhere = 2;
  EXPECT_EQ(status(narrow), "#lobby  2@ elsewhere  23 ms  Ada");
  StatusInfo info = online();
  info.link->packets_lost = 20;
  EXPECT_EQ(status(info), "#lobby  23 ms  Ada  2.0 % lost");
  info.link->silence = 34s;
  EXPECT_EQ(status(info), "#lobby  last contact 34 s ago  Ada  2.0 % lost");
  info = online();
  info.link->rtt = 300us;
  EXPECT_EQ(status(info), "#lobby  1 ms  Ada");
  info.state = Link::State::offline;
  info.link.reset();
  EXPECT_EQ(status(info), "#lobby  connecting  Ada");
  info.trouble = "nobody answers";
  EXPECT_EQ(status(info), "#lobby  offline: nobody answers  Ada");
  info.state = Link::State::failed;
  EXPECT_EQ(status(info), "#lobby  failed: nobody answers  Ada");
}

TEST(StatusLine, SaysWhatWaitsAndWhoTypes) {
  StatusInfo info = online();
  info.server = "example.org";
  info.queued = 2;
  info.below = 7;
  info.typing = {"bob"};
  info.hint = "copied";
  EXPECT_EQ(status(info), "copied  ↓ 7 more  #lobby  23 ms  2 queued  bob is typing  Ada  example.org");
  info.typing = {"bob", "zoe"};
  EXPECT_EQ(status_parts(info).at(5), "bob and zoe are typing");
  info.typing = {"bob", "eve", "zoe"};
  EXPECT_EQ(status_parts(info).at(5), "3 are typing");
}

TEST(StatusLine, LosesTheLeastImportantFirst) {
  StatusInfo info = online();
  info.queued = 2;
  EXPECT_EQ(status(info, 26), "#lobby  23 ms  2 queued");
  EXPECT_EQ(status(info, 10), "#lobby");
  EXPECT_EQ(status(info, 4), "#lo…");
  EXPECT_EQ(status(info, 0), "");
}

/// The rows of the input, `|` before the cell that the cursor is on.
std::string input(const InputText& text, std::size_t columns, std::size_t rows) {
  term::Grid grid({columns, rows});
  const term::Place cursor = draw_input(grid, grid.whole(), text, theme);
  EXPECT_LT(cursor.row, rows);
  EXPECT_LT(cursor.column, columns);
  std::string picture;
  for (std::size_t row = 0; row < rows; ++row) {
    std::string line;
    for (std::size_t column = 0; column < columns; ++column) {
      if (cursor == term::Place{row, column}) line += '|';
      line += grid.at(row, column).text;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    picture += line + '\n';
  }
  return picture;
}

TEST(InputBox, ShowsTheRowsAroundTheCursor) {
  EXPECT_EQ(input({"> ", "hello", 5}, 10, 1), "> hello|\n");
  EXPECT_EQ(input({"> ", "hello", 0}, 10, 2), "> |hello\n\n");
  const InputText lines{"> ", "one\ntwo\nthree", 13};
  EXPECT_EQ(input_rows(lines, 10), 3u);
  const std::string last = input(lines, 10, 1);
  EXPECT_TRUE(last.contains("three|")) << last;
  const std::string two = input(lines, 10, 2);
  EXPECT_TRUE(two.contains("two") && !two.contains("one")) << two;
}

TEST(InputBox, AnySizeHoldsTheCursor) {
  const std::string text = "some 漢字 and 👍🏽 in\nseveral lines";
  const std::string prompt = "Insert your name here : ";
  for (std::size_t columns = 1; columns < 60; ++columns) {
    for (std::size_t rows = 1; rows < 6; ++rows) {
      input({prompt, text, text.size()}, columns, rows);
      input({prompt, text, 0}, columns, rows);
      input({"", "", 0}, columns, rows);
    }
    EXPECT_GE(input_rows({prompt, text, 0}, columns), 1u);
  }
}

}  // namespace
}  // namespace confab::screen
