// SPDX-License-Identifier: MIT
#include "tui/prompt_view.h"

#include <gtest/gtest.h>

#include "screen.h"
#include "term/script.h"

namespace confab::tui {
namespace {

/// A person at a terminal in line mode.
class Desk {
 public:
  Desk(std::size_t columns, std::size_t rows) : screen_(columns, rows), view_({columns, rows}) {
    write(PromptView::bracketed_paste_on);
    show();
  }

  /// Answers what was written to the terminal.
  std::string type(std::string_view script) {
    std::string written;
    for (const term::Key& key : term::keys_of(script)) written += press(key);
    return written;
  }
  std::string press(const term::Key& key) {
    const term::Outcome outcome = editor_.handle(key);
    std::string written = outcome.result == term::EditResult::submitted ? write(view_.finish()) : std::string();
    if (outcome.result == term::EditResult::redraw) written += write(view_.redraw());
    return written + show();
  }
  void hear(std::string_view text) { write(view_.print_above(text)); }
  void resize(std::size_t columns, std::size_t rows) {
    screen_.resize(columns, rows);
    write(view_.resize({columns, rows}));
  }
  std::string erase() { return write(view_.erase()); }
  std::string show() { return write(view_.show(editor_.prompt("> "), editor_.text(), editor_.cursor())); }
  std::string write(std::string_view bytes) {
    screen_.write(bytes);
    return std::string(bytes);
  }

  std::string picture() const { return screen_.picture(); }

 private:
  Screen screen_;
  PromptView view_;
  term::LineEditor editor_;
};

TEST(PromptView, ShowsThePromptAndWhatIsTyped) {
  Desk desk(20, 4);
  EXPECT_EQ(desk.picture(), "> |");
  desk.type("hello");
  EXPECT_EQ(desk.picture(), "> hello|");
  desk.type("<left><left>");
  EXPECT_EQ(desk.picture(), "> hel|lo");
  desk.type("<backspace>");
  EXPECT_EQ(desk.picture(), "> he|lo");
  desk.type("<ctrl-u>");
  EXPECT_EQ(desk.picture(), "> |lo");
}

TEST(PromptView, WritesNoMoreThanItMust) {
  Desk desk(10, 4);
  EXPECT_EQ(desk.type("a"), "a");
  EXPECT_EQ(desk.type("中"), "中");
  EXPECT_EQ(desk.type("<left>"), "\x1B[2D");
  EXPECT_EQ(desk.type("<right>"), "\x1B[2C");
  EXPECT_EQ(desk.type("<backspace>"), "\x1B[2D\x1B[K");
  EXPECT_EQ(desk.type("<f5>"), "");
  EXPECT_EQ(desk.type("b<left>"), "b\x1B[D");
  EXPECT_EQ(desk.type("x"), "xb\x1B[D");
}

TEST(PromptView, WrapsAtTheEdge) {
  Desk desk(6, 4);
  desk.type("abc");
  EXPECT_EQ(desk.picture(), "> abc|");
  desk.type("d");
  EXPECT_EQ(desk.picture(), "> abcd\n|") << "the cursor needs a cell of its own";
  desk.type("e");
  EXPECT_EQ(desk.picture(), "> abcd\ne|");
  desk.type("<left><left>");
  EXPECT_EQ(desk.picture(), "> abc|d\ne");
  desk.type("x");
  EXPECT_EQ(desk.picture(), "> abcx\n|de");
  desk.type("<backspace><delete>");
  EXPECT_EQ(desk.picture(), "> abc|e") << "the e is back in the first row";
}

TEST(PromptView, WideCharactersAreNotSplit) {
  Desk desk(6, 4);
  desk.type("abc中");
  EXPECT_EQ(desk.picture(), "> abc\n中|");
  desk.type("<left>");
  EXPECT_EQ(desk.picture(), "> abc\n|中");
  desk.type("<left><backspace>");
  EXPECT_EQ(desk.picture(), "> a|c中");
}

TEST(PromptView, MarksJoinTheLetterBeforeThem) {
  Desk desk(4, 3);
  desk.type("e\u0301");
  EXPECT_EQ(desk.picture(), "> e\u0301|");
  desk.type("e");
  EXPECT_EQ(desk.picture(), "> e\u0301e\n|");
  desk.type("\u0301");
  EXPECT_EQ(desk.picture(), "> e\u0301e\u0301\n|") << "although the cursor had gone to the next row";
  desk.type("<backspace>");
  EXPECT_EQ(desk.picture(), "> e\u0301|");
}

TEST(PromptView, EmojiGrowTogether) {
  Desk desk(10, 3);
  desk.type("👩\u200D");
  EXPECT_EQ(desk.picture(), "> 👩\u200D|");
  desk.type("👧!");
  EXPECT_EQ(desk.picture(), "> 👩\u200D👧!|");
}

TEST(PromptView, SeveralLines) {
  Desk desk(6, 5);
  desk.type("one<alt-enter>two");
  EXPECT_EQ(desk.picture(), "> one\ntwo|");
  desk.type("<up><left>");
  EXPECT_EQ(desk.picture(), "> on|e\ntwo");
  desk.type("<ctrl-e>!");
  EXPECT_EQ(desk.picture(), "> one|!\ntwo") << "a full row has no cell behind it";
}

TEST(PromptView, FinishLeavesTheLineInTheTranscript) {
  Desk desk(6, 5);
  desk.type("abc<left><enter>");
  EXPECT_EQ(desk.picture(), "> abc\n> |");
  desk.type("defg<enter>");
  EXPECT_EQ(desk.picture(), "> abc\n> defg\n> |") << "no empty row behind a full one";
  desk.type("a<alt-enter>b<up><enter>");
  EXPECT_EQ(desk.picture(), "> abc\n> defg\n> a\nb\n> |");
}

TEST(PromptView, WhatOthersSayComesAbove) {
  Desk desk(12, 5);
  desk.type("typing");
  desk.hear("Ann : hi");
  EXPECT_EQ(desk.picture(), "Ann : hi\n> typing|");
  desk.type("<left><left>");
  desk.hear("Bob : one\nBob : two\n");
  EXPECT_EQ(desk.picture(), "Ann : hi\nBob : one\nBob : two\n> typi|ng");
  desk.hear("a line longer than a row");
  EXPECT_EQ(desk.picture(), "Bob : one\nBob : two\na line longe\nr than a row\n> typi|ng");
  desk.hear("");
  EXPECT_EQ(desk.picture(), "Bob : two\na line longe\nr than a row\n\n> typi|ng");
}

TEST(PromptView, WhatOthersSayDoesNotTearALineOfThreeRows) {
  Desk desk(6, 5);
  desk.type("abcdefghijkl<ctrl-a><right>");
  EXPECT_EQ(desk.picture(), "> a|bcd\nefghij\nkl");
  desk.hear("hello");
  EXPECT_EQ(desk.picture(), "hello\n> a|bcd\nefghij\nkl");
  desk.hear("1\n2\n3");
  EXPECT_EQ(desk.picture(), "2\n3\n> a|bcd\nefghij\nkl");
  desk.type("x");
  EXPECT_EQ(desk.picture(), "2\n3\n> ax|bc\ndefghi\njkl");
}

TEST(PromptView, OfALineLongerThanTheScreenTheEndIsShown) {
  Desk desk(4, 3);
  desk.type("abcdefghijklmn");
  EXPECT_EQ(desk.picture(), "ghij\nklmn\n|");
  desk.type("<left>");
  EXPECT_EQ(desk.picture(), "cdef\nghij\nklm|n");
  desk.type("<ctrl-a>");
  EXPECT_EQ(desk.picture(), "> |ab\ncdef\nghij") << "or the part with the cursor";
  desk.hear("hi");
  EXPECT_EQ(desk.picture(), "> |ab\ncdef\nghij");
  desk.type("<ctrl-k>");
  EXPECT_EQ(desk.picture(), "> |");
}

TEST(PromptView, Resizes) {
  Desk desk(12, 6);
  desk.hear("Ann : hello");
  desk.type("abcdefghijkl<left>");
  EXPECT_EQ(desk.picture(), "Ann : hello\n> abcdefghij\nk|l");
  desk.resize(8, 6);
  EXPECT_EQ(desk.picture(), "Ann : he\n> abcdef\nghijk|l");
  desk.resize(30, 6);
  EXPECT_EQ(desk.picture(), "Ann : he\n> abcdefghijk|l");
  desk.resize(8, 2);
  EXPECT_EQ(desk.picture(), "> abcdef\nghijk|l");
  desk.resize(4, 2);
  EXPECT_EQ(desk.picture(), "ghij\nk|l") << "at any size";
}

TEST(PromptView, AnEmptyLastRowTakesItsPlaceToo) {
  Desk desk(6, 3);
  desk.hear("1\n2");
  desk.type("a<alt-enter><up>");
  EXPECT_EQ(desk.picture(), "2\n> |a");
  desk.resize(6, 2);
  EXPECT_EQ(desk.picture(), "> |a");
  desk.type("<enter>");
  EXPECT_EQ(desk.picture(), "> a\n> |");
}

TEST(PromptView, AScreenOfNoSizeIsTakenForATinyOne) {
  Screen screen(2, 1);
  PromptView view({0, 0});
  screen.write(view.show("> ", "a中b", 4));
  EXPECT_EQ(screen.picture(), "|b");
  screen.write(view.show("> ", "a中b", 1));
  EXPECT_EQ(screen.picture(), "|中");
}

TEST(PromptView, ErasesAndShowsAgain) {
  Desk desk(6, 4);
  desk.hear("hi");
  desk.type("abcdef<left>");
  desk.erase();
  EXPECT_EQ(desk.picture(), "hi\n|");
  desk.hear("ho");
  EXPECT_EQ(desk.picture(), "hi\nho\n|") << "lines need no prompt below them";
  desk.show();
  EXPECT_EQ(desk.picture(), "hi\nho\n> abcd\ne|f");
}

TEST(PromptView, RedrawsASpoiledScreen) {
  Desk desk(20, 4);
  desk.type("hello");
  desk.write("KERNEL");
  desk.type("<ctrl-l>");
  EXPECT_EQ(desk.picture(), "> hello|");
}

TEST(PromptView, PastesWithEscapesStayHarmless) {
  Desk desk(20, 4);
  desk.press(term::paste("a\x1B[2Jb\rc"));
  EXPECT_EQ(desk.picture(), "> a\uFFFD[2Jb\nc|");
}

TEST(PromptView, ASearchTakesThePlaceOfThePrompt) {
  Desk desk(30, 6);
  desk.type("first line<enter>second<enter>");
  desk.type("<ctrl-r>st l");
  EXPECT_EQ(desk.picture(), "> first line\n> second\n(search: st l) fir|st line");
  desk.type("<escape>");
  EXPECT_EQ(desk.picture(), "> first line\n> second\n> |");
}

}  // namespace
}  // namespace confab::tui
