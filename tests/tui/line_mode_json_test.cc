// SPDX-License-Identifier: MIT
// A program that talks to line mode reads one JSON object a line, whatever it asked for.
#include <nlohmann/json.hpp>

#include "line_mode_script.h"

namespace confab::tui {
namespace {

struct LineModeJson : LineModeScript {
  LineModeJson() { options.json = options.redirected = true; }
  LineMode& open_online() {
    open("Hilmi", true);
    mode->hear(link(Link::State::online), {});
    mode->take_output();
    return *mode;
  }
  /// The types of the objects that come out of it; "?" for a line that is none.
  std::string types() {
    std::string all;
    std::string output = mode->take_output();
    while (!output.empty()) {
      const std::size_t end = output.find('\n');
      const auto object = nlohmann::json::parse(output.substr(0, end), nullptr, false);
      all += (all.empty() ? "" : " ") + (object.is_object() ? object.value("type", "?") : std::string("?"));
      output.erase(0, end == std::string::npos ? end : end + 1);
    }
    return all;
  }
  std::string after(const std::string& line) {
    type(line + '\n');
    return types();
  }
};

TEST_F(LineModeJson, WhatCommandsSayIsAnObjectALine) {
  open_online();
  for (const char* line : {"/help", "/help join", "/status", "/set", "/set ignore", "/set ignore Troll", "/ignore",
                           "/ignore Ada", "/unignore Ada", "/topic", "/join dev", "/part dev", "/discard", "/retry"}) {
    EXPECT_EQ(after(line), "notice") << line;
  }
}

TEST_F(LineModeJson, WhatIsWrongIsAnError) {
  open_online();
  for (const char* line : {"/nonsense", "/help nonsense", "/set nonsense 1", "/join no room", "/reply x", "/edit x",
                           "/history many", "/part", "/part elsewhere", "/nick #"}) {
    EXPECT_EQ(after(line), "error") << line;
  }
}

TEST_F(LineModeJson, WhatIsHeardIsToldOnce) {
  open_online();
  mode->hear(Refused{.request = 1, .text = "no"}, {});
  EXPECT_EQ(types(), "error");
  mode->hear(Warning{.text = "beware"}, {});
  EXPECT_EQ(types(), "warning");
  mode->hear(Members{.request = 1, .room = "lobby", .members = {{"Ada", true, {}, {}}, {"Bob", true, {}, {}}}}, {});
  EXPECT_EQ(types(), "member member");
}

TEST_F(LineModeJson, AnAnswerIsNoObject) {
  open("", true);
  EXPECT_EQ(types(), "") << "questions go to stderr";
  EXPECT_EQ(after("#"), "error");
  EXPECT_EQ(after("Hilmi"), "");
}

}  // namespace
}  // namespace confab::tui
