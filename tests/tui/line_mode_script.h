// SPDX-License-Identifier: MIT
// Line mode on a screen of 40 by 8, with a client that writes down what is asked of it.
#pragma once

#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "fake_client.h"
#include "screen.h"
#include "tui/line_mode.h"

namespace confab::tui {

struct LineModeScript : ::testing::Test {
  /// Who wants to hear the bell turns it on.
  LineModeScript() { options.settings.notifications.bell = false; }
  LineMode& open(const std::string& name, bool dumb = false) {
    options.name = name;
    options.rooms = {"lobby"};
    options.dumb = dumb;
    options.screen = {.columns = 40, .rows = 8};
    options.judge_key = [this] { return answer; };
    options.accept_key = [this] { accepted = true; };
    options.on_named = [this](const std::string& given) { remembered = given; };
    mode = std::make_unique<LineMode>(client, options);
    mode->start();
    return *mode;
  }
  void type(const std::string& bytes) { mode->input(bytes, {}); }
  /// What the terminal shows, `|` where the cursor is.
  std::string picture() {
    std::string output = mode->take_output();
    for (const std::string_view mark : {PromptView::bracketed_paste_on, PromptView::bracketed_paste_off}) {
      for (std::size_t at; (at = output.find(mark)) != std::string::npos;) output.erase(at, mark.size());
    }
    screen.write(output);
    return screen.picture();
  }

  LineModeOptions options;
  FakeClient client;
  std::unique_ptr<LineMode> mode;
  Screen screen{40, 8};
  client::TrustAnswer answer = client::TrustAnswer::unknown;
  bool accepted = false;
  std::string remembered;
};

/// Somebody's message with an id and place of its own.
inline Message said(const std::string& name, std::uint64_t seq, const std::string& text) {
  Message result = message(name, text);
  result.seq = seq;
  result.id = "m" + std::to_string(seq);
  return result;
}

}  // namespace confab::tui
