// SPDX-License-Identifier: MIT
#include "term/line_editor.h"

#include <gtest/gtest.h>

#include "script.h"

namespace confab::term {

void PrintTo(const Outcome& outcome, std::ostream* out) {
  *out << static_cast<int>(outcome.result) << " \"" << outcome.text << '"';
}

namespace {

/// What a fresh editor shows after these keys.
std::string typed(std::string_view script) {
  LineEditor editor;
  type(editor, script);
  return state(editor);
}

EditResult result_of(std::string_view script) {
  LineEditor editor;
  return type(editor, script).result;
}

LineEditor editor_with(std::initializer_list<std::string_view> history, Completer completer = {}) {
  History lines;
  for (const std::string_view line : history) lines.add(line);
  return LineEditor(std::move(completer), default_bindings(), std::move(lines));
}

TEST(LineEditor, TypesAndMoves) {
  EXPECT_EQ(typed(""), "|");
  EXPECT_EQ(typed("hello"), "hello|");
  EXPECT_EQ(typed("hello<left><left>y"), "hely|lo");
  EXPECT_EQ(typed("hello<ctrl-a>x<ctrl-f>y<ctrl-e>z<ctrl-b>"), "xhyello|z");
  EXPECT_EQ(typed("hello<home><right><end>"), "hello|");
  EXPECT_EQ(result_of("a<left><left>"), EditResult::refused);
  EXPECT_EQ(result_of("a<right>"), EditResult::refused);
}

TEST(LineEditor, MovesByWhatAPersonCallsACharacter) {
  EXPECT_EQ(typed("ae\u0301b<left><left>"), "a|e\u0301b");
  EXPECT_EQ(typed("x👩‍👩‍👧<left>"), "x|👩‍👩‍👧");
  EXPECT_EQ(typed("x👩‍👩‍👧<backspace>"), "x|");
  EXPECT_EQ(typed("🇩🇪<left><delete>"), "|");
}

TEST(LineEditor, TheCursorNeverStandsInsideACharacter) {
  EXPECT_EQ(typed("x\u0301<ctrl-a>") + typed("\u0301<ctrl-a>e"),
            "|x\u0301"
            "e\u0301|")
      << "an e before a mark joins it";
  EXPECT_EQ(typed("🇩x🇪<left><backspace>"), "🇩🇪|") << "two letters become a flag";
}

TEST(LineEditor, Deletes) {
  EXPECT_EQ(typed("abc<backspace><ctrl-a><delete>"), "|b");
  EXPECT_EQ(typed("abc<ctrl-a><ctrl-d>"), "|bc");
  EXPECT_EQ(result_of("<backspace>"), EditResult::refused);
  EXPECT_EQ(result_of("a<ctrl-d>"), EditResult::refused) << "not the end of input while there is text";
}

TEST(LineEditor, Words) {
  EXPECT_EQ(typed("one two-three<alt-b>"), "one two-|three");
  EXPECT_EQ(typed("one two-three<ctrl-left><ctrl-left>"), "one |two-three");
  EXPECT_EQ(typed("one two<ctrl-a><alt-f>"), "one| two");
  EXPECT_EQ(typed("one two<ctrl-a><ctrl-right><ctrl-right>"), "one two|");
}

TEST(LineEditor, Kills) {
  EXPECT_EQ(typed("one two-three<ctrl-w>"), "one |");
  EXPECT_EQ(typed("one two  <ctrl-w>"), "one |");
  EXPECT_EQ(typed("one two-three<alt-backspace>"), "one two-|");
  EXPECT_EQ(typed("one two<ctrl-a><alt-d>"), "| two");
  EXPECT_EQ(typed("one two<alt-b><ctrl-k>"), "one |");
  EXPECT_EQ(typed("one two<alt-b><ctrl-u>"), "|two");
  EXPECT_EQ(result_of("<ctrl-w>"), EditResult::refused);
}

TEST(LineEditor, Yanks) {
  EXPECT_EQ(typed("one two<ctrl-w><ctrl-a><ctrl-y>"), "two|one ");
  EXPECT_EQ(typed("one<ctrl-u><ctrl-y><ctrl-y>"), "oneone|");
  EXPECT_EQ(result_of("<ctrl-y>"), EditResult::refused);
}

TEST(LineEditor, KillsInARowAreOne) {
  EXPECT_EQ(typed("a b c<ctrl-w><ctrl-w><ctrl-y>"), "a b c|");
  EXPECT_EQ(typed("a b c<ctrl-a><alt-d><alt-d><ctrl-e><ctrl-y>"), " ca b|");
  EXPECT_EQ(typed("a b<left><ctrl-w><ctrl-k><ctrl-y>"), "a b|") << "to both sides";
  EXPECT_EQ(typed("a b c<ctrl-w><ctrl-e><ctrl-w><ctrl-y>"), "a b |") << "a key in between begins anew";
  EXPECT_EQ(typed("ab<ctrl-u><ctrl-u><ctrl-y>"), "ab|") << "a kill of nothing does not";
}

TEST(LineEditor, Transposes) {
  EXPECT_EQ(typed("teh<ctrl-t>"), "the|");
  EXPECT_EQ(typed("abc<left><ctrl-t>"), "acb|");
  EXPECT_EQ(typed("中e\u0301<ctrl-t>"), "e\u0301中|");
  EXPECT_EQ(result_of("a<ctrl-t>"), EditResult::refused);
  EXPECT_EQ(result_of("ab<ctrl-a><ctrl-t>"), EditResult::refused);
}

TEST(LineEditor, SeveralLines) {
  EXPECT_EQ(typed("one<alt-enter>two"), "one\ntwo|");
  EXPECT_EQ(typed("one<alt-enter>two<ctrl-a>"), "one\n|two");
  EXPECT_EQ(typed("one<alt-enter>two<up>"), "one|\ntwo");
  EXPECT_EQ(typed("one<alt-enter>t<up><down>"), "one\nt|");
  EXPECT_EQ(typed("中中<alt-enter>abc<up>"), "中|中\nabc") << "by cells, but not into a character";
  EXPECT_EQ(typed("a<alt-enter><alt-enter>b<up><up>"), "|a\n\nb");
  EXPECT_EQ(typed("one<alt-enter>two<up><left><ctrl-k>"), "on|\ntwo") << "to the end of the line it is in";
}

TEST(LineEditor, KillsJoinLines) {
  EXPECT_EQ(typed("one<alt-enter>two<up><ctrl-e><ctrl-k>"), "one|two");
  EXPECT_EQ(typed("one<alt-enter>two<ctrl-a><ctrl-u>"), "one|two");
  EXPECT_EQ(typed("one<alt-enter>two<ctrl-u>"), "one\n|");
}

TEST(LineEditor, Submits) {
  LineEditor editor;
  EXPECT_EQ(type(editor, "hello<left><enter>"), (Outcome{EditResult::submitted, "hello"}));
  EXPECT_EQ(state(editor), "|");
  EXPECT_EQ(type(editor, "<enter>"), (Outcome{EditResult::submitted, ""}));
  EXPECT_EQ(type(editor, "a").text, "");
}

TEST(LineEditor, KeysForTheProgram) {
  EXPECT_EQ(result_of("<ctrl-c>"), EditResult::interrupt);
  EXPECT_EQ(result_of("a<ctrl-c>"), EditResult::changed);
  EXPECT_EQ(typed("a<ctrl-c>"), "|");
  EXPECT_EQ(result_of("<ctrl-d>"), EditResult::end_of_input);
  EXPECT_EQ(result_of("a<ctrl-z>"), EditResult::suspend);
  EXPECT_EQ(result_of("a<ctrl-l>"), EditResult::redraw);
  EXPECT_EQ(result_of("<f5>"), EditResult::nothing);
  EXPECT_EQ(result_of("<alt-1>"), EditResult::nothing);
  LineEditor on_screen({}, screen_bindings());
  EXPECT_EQ(type(on_screen, "a<alt-1>").result, EditResult::nothing) << "that is the screen's to do";
  EXPECT_EQ(state(on_screen), "a|");
}

TEST(LineEditor, PastesAreCleaned) {
  LineEditor editor;
  EXPECT_EQ(editor.handle(paste("one\r\ntwo\tx\x1B[31m\xFF")).result, EditResult::changed);
  EXPECT_EQ(state(editor), "one\ntwo x\uFFFD[31m\uFFFD|");
  EXPECT_EQ(editor.handle(paste("")).result, EditResult::refused);
}

TEST(LineEditor, CharactersThatNoScreenMayShowAreRefused) {
  EXPECT_EQ(result_of("a\u202E"), EditResult::refused);
  EXPECT_EQ(typed("a\u202E"), "a|");
}

TEST(LineEditor, AMessageMustFitWhole) {
  LineEditor editor;
  editor.handle(paste(std::string(TextBuffer::bytes_max - 2, 'a')));
  EXPECT_EQ(editor.handle(paste("中")).result, EditResult::refused);
  EXPECT_EQ(editor.text().size(), TextBuffer::bytes_max - 2);
  EXPECT_EQ(type(editor, "bc").result, EditResult::changed);
  EXPECT_EQ(type(editor, "d").result, EditResult::refused);
  EXPECT_EQ(type(editor, "<alt-enter>").result, EditResult::refused);
}

TEST(LineEditor, History) {
  LineEditor editor = editor_with({"one", "two"});
  type(editor, "mine<left><up>");
  EXPECT_EQ(state(editor), "two|");
  type(editor, "<ctrl-p>");
  EXPECT_EQ(state(editor), "one|");
  EXPECT_EQ(type(editor, "<up>").result, EditResult::refused);
  type(editor, "<down><ctrl-n>");
  EXPECT_EQ(state(editor), "mine|") << "what was being typed is kept";
  EXPECT_EQ(type(editor, "<down>").result, EditResult::refused);
}

TEST(LineEditor, AnEntryOfTheHistoryCanBeSentAgain) {
  LineEditor editor = editor_with({"one", "two"});
  EXPECT_EQ(type(editor, "<up><up>!<enter>").text, "one!");
  type(editor, "<up>");
  EXPECT_EQ(state(editor), "one!|");
  type(editor, "<up>");
  EXPECT_EQ(state(editor), "two|");
  EXPECT_EQ(editor.history().save(), "one\ntwo\none!\n");
}

TEST(LineEditor, HistoryOfSeveralLines) {
  LineEditor editor = editor_with({"old", "a\nb"});
  type(editor, "<up><up><up>");
  EXPECT_EQ(state(editor), "old|") << "through the lines, then on";
}

TEST(LineEditor, SearchesTheHistory) {
  LineEditor editor = editor_with({"ask Ann", "tell Bob", "ask Bob"});
  type(editor, "mine<ctrl-r>");
  EXPECT_EQ(editor.prompt("> ") + state(editor), "(search: ) mine|");
  type(editor, "as");
  EXPECT_EQ(editor.prompt("> ") + state(editor), "(search: as) |ask Bob");
  type(editor, "<ctrl-r>");
  EXPECT_EQ(editor.prompt("> ") + state(editor), "(search: as) |ask Ann");
  type(editor, "<ctrl-r>");
  EXPECT_EQ(editor.prompt("> ") + state(editor), "(not found: as) |ask Ann");
  type(editor, "<backspace><backspace>tell");
  EXPECT_EQ(editor.prompt("> ") + state(editor), "(search: tell) |tell Bob");
  type(editor, "<ctrl-e>!");
  EXPECT_EQ(editor.prompt("> ") + state(editor), "> tell Bob!|") << "any other key takes what was found";
  type(editor, "<down><down>");
  EXPECT_EQ(state(editor), "mine|");
}

TEST(LineEditor, ASearchCanBeCancelledOrSent) {
  LineEditor editor = editor_with({"ask Ann", "tell Bob"});
  type(editor, "mi<left><ctrl-r>ask<ctrl-g>");
  EXPECT_EQ(editor.prompt("> ") + state(editor), "> m|i");
  type(editor, "<ctrl-r>ask<ctrl-c>");
  EXPECT_EQ(state(editor), "m|i");
  EXPECT_EQ(type(editor, "<ctrl-r>ask<enter>"), (Outcome{EditResult::submitted, "ask Ann"}));
  EXPECT_EQ(type(editor, "<ctrl-r><backspace>").result, EditResult::refused);
}

/// Completes names at the start of a word.
Completions complete_name(std::string_view text, std::size_t cursor) {
  Completions completions{.from = text.substr(0, cursor).rfind(' ') + 1};
  const std::string_view part = text.substr(completions.from, cursor - completions.from);
  for (const std::string_view name : {"Hilmi", "Hanna", "Bob"}) {
    if (name.starts_with(part)) completions.candidates.emplace_back(name);
  }
  return completions;
}

TEST(LineEditor, CompletesInTurn) {
  LineEditor editor = editor_with({}, complete_name);
  type(editor, "hi Hx<left><tab>");
  EXPECT_EQ(state(editor), "hi Hilmi|x");
  type(editor, "<tab>");
  EXPECT_EQ(state(editor), "hi Hanna|x");
  type(editor, "<tab>");
  EXPECT_EQ(state(editor), "hi Hilmi|x");
  type(editor, "<back-tab>");
  EXPECT_EQ(state(editor), "hi Hanna|x");
  type(editor, "<escape>");
  EXPECT_EQ(state(editor), "hi H|x");
  type(editor, "<back-tab>");
  EXPECT_EQ(state(editor), "hi Hanna|x") << "backwards from the start is the last";
}

TEST(LineEditor, ACompletionEndsWithTheNextKey) {
  LineEditor editor = editor_with({}, complete_name);
  type(editor, "H<tab>, B<tab>");
  EXPECT_EQ(state(editor), "Hilmi, Bob|");
  type(editor, "<ctrl-u>H<tab><ctrl-u><tab>");
  EXPECT_EQ(state(editor), "Hilmi|") << "the first of a new round";
  type(editor, "<ctrl-u>B<tab>");
  EXPECT_EQ(type(editor, "<escape>").result, EditResult::nothing) << "the only candidate is taken at once";
  EXPECT_EQ(type(editor, " X<tab>").result, EditResult::refused);
  EXPECT_EQ(result_of("a<tab>"), EditResult::refused) << "nobody to ask";
}

TEST(LineEditor, ACandidateIsCleanedAndMustFit) {
  LineEditor hostile = editor_with({}, [](auto, auto) { return Completions{0, {"a\x1B[2Jb\nc"}}; });
  type(hostile, "<tab>");
  EXPECT_EQ(state(hostile), "a\uFFFD[2Jb\uFFFDc|");
  LineEditor endless = editor_with({}, [](auto, auto) { return Completions{0, {std::string(20'000, 'x')}}; });
  EXPECT_EQ(type(endless, "a<tab>").result, EditResult::refused);
  EXPECT_EQ(state(endless), "a|");
}

TEST(LineEditor, KeysCanBeBoundOtherwise) {
  Bindings bindings = default_bindings();
  bindings[press("ctrl-x")] = Action::kill_to_start;
  bindings.erase(press("ctrl-u"));
  LineEditor editor({}, bindings);
  EXPECT_EQ(type(editor, "abc<ctrl-u>").result, EditResult::nothing);
  type(editor, "<ctrl-x>");
  EXPECT_EQ(state(editor), "|");
}

TEST(LineEditor, ATextCanBeGivenBack) {
  LineEditor editor = editor_with({"one"});
  type(editor, "<up><ctrl-r>");
  editor.set_text("not sent");
  EXPECT_EQ(editor.prompt("> ") + state(editor), "> not sent|");
  type(editor, "<up><down>");
  EXPECT_EQ(state(editor), "not sent|");
}

}  // namespace
}  // namespace confab::term
