# SPDX-License-Identifier: MIT
"""People at terminals, in line mode: the prompt, the keys, the commands, and a screen that nobody else can disturb."""

import signal
import unittest

from harness import BIN, EndToEndTest, Server
from terminal import Terminal


class TerminalTest(EndToEndTest):
    def start_terminal(self, server: Server, *options: str, person: str, term: str = "xterm-256color") -> Terminal:
        arguments = [str(BIN / "confab"), "--line", "--server", server.address, *options]
        return self.stage(Terminal(arguments, self.environment(person, TERM=term)))

    def sit_down(self, server: Server, name: str, *options: str) -> Terminal:
        """A person at a terminal, in the lobby."""
        terminal = self.start_terminal(server, "--name", name, *options, person=name)
        terminal.wait_for_line(f"* {name} joined")
        terminal.wait_for_prompt(f"{name} : ")
        return terminal

    def assert_left_in_order(self, terminal: Terminal, code: int = 0) -> None:
        self.assertEqual(terminal.wait(), code)
        self.assertEqual(terminal.modes(), terminal.modes_before)
        self.assertFalse(terminal.screen.bracketed_paste)


class ChatTest(TerminalTest):
    def test_it_asks_for_the_name_as_the_toy_does(self) -> None:
        server = self.start_server()
        ada = self.start_terminal(server, person="Ada")
        ada.wait_for_prompt("Insert your name here : ", cursor_column=24)
        ada.enter("Ada")
        ada.wait_for_line("* Ada joined")
        ada.enter("hello")
        server.out.wait_for("Ada : hello")
        self.assertEqual(ada.lines()[0], "Insert your name here : Ada")

        ada.press("ctrl-d")
        self.assert_left_in_order(ada)
        again = self.start_terminal(server, person="Ada")
        again.wait_for_prompt("Ada : ")
        self.assertNotIn("Insert", "\n".join(again.lines()))

    def test_what_was_written_to_one_alone_meanwhile_is_shown_once(self) -> None:
        server = self.start_server()
        bob = self.sit_down(server, "Bob")
        bob.press("ctrl-d")
        self.assert_left_in_order(bob)
        ada = self.sit_down(server, "Ada")
        ada.enter("/msg Bob are you there")
        ada.enter("call me")
        ada.press("ctrl-d")
        self.assert_left_in_order(ada)
        bob = self.start_terminal(server, person="Bob")
        bob.wait_for_line("(private) Ada : are you there")
        bob.wait_for_line("(private) Ada : call me")
        bob.press("ctrl-d")
        self.assert_left_in_order(bob)
        bob = self.start_terminal(server, person="Bob")
        ada = self.start_terminal(server, person="Ada")
        bob.wait_for_prompt("Bob : ")
        ada.enter("/msg Bob there you are")
        bob.wait_for_line("(private) Ada : there you are")
        self.assertNotIn("(private) Ada : call me", bob.lines())

    def test_a_name_that_is_none_is_asked_for_again(self) -> None:
        server = self.start_server()
        ada = self.start_terminal(server, person="Ada")
        ada.wait_for_prompt("Insert your name here : ")
        ada.enter("#Ada")
        ada.wait_for("a complaint", lambda screen: any(line.startswith("* ") for line in screen.lines))
        ada.wait_for_prompt("Insert your name here : ")
        ada.enter("Ada")
        ada.wait_for_prompt("Ada : ")

    def test_somebody_elses_name_is_asked_for_again(self) -> None:
        server = self.start_server()
        self.enter(server, "Ada")
        eve = self.start_terminal(server, "--name", "Ada", person="Eve")
        eve.wait_for_prompt("Insert your name here : ")
        eve.enter("Eve")
        eve.wait_for_line("* Eve joined")
        eve.enter("hello")
        server.out.wait_for("Eve : hello")

    def test_who_is_refused_another_name_goes_on_under_her_own(self) -> None:
        server = self.start_server()
        self.enter(server, "Ada")
        eve = self.sit_down(server, "Eve")
        eve.enter("/nick Ada")
        eve.wait_for("why not", lambda screen: any(line.endswith("; you are still Eve") for line in screen.lines))
        eve.wait_for_prompt("Eve : ")
        eve.enter("I am Eve")
        server.out.wait_for("Eve : I am Eve")

    def test_two_people_talk(self) -> None:
        server = self.start_server()
        ada, bob = self.sit_down(server, "Ada"), self.sit_down(server, "Bob")
        ada.wait_for_line("* Bob joined")
        ada.enter("hello Bob")
        bob.wait_for_line("Ada : hello Bob")
        bob.enter("hello Ada 👋 世界")
        ada.wait_for_line("Bob : hello Ada 👋 世界")
        self.assertEqual(ada.lines().count("Ada : hello Bob"), 1)

        bob.press("ctrl-d")
        self.assert_left_in_order(bob)
        ada.wait_for_line("* Bob quit")

    def test_what_comes_leaves_the_half_typed_line_alone(self) -> None:
        server = self.start_server()
        ada, bob = self.sit_down(server, "Ada"), self.enter(server, "Bob")
        ada.wait_for_line("Bob : is here")
        ada.type("half a thou")
        ada.press("left", "left")
        ada.wait_for_prompt("Ada : half a thou", cursor_column=15)

        bob.say("are you there?", "hello?")
        ada.wait_for_line("Bob : hello?")
        ada.wait_for_prompt("Ada : half a thou", cursor_column=15)
        self.assertEqual(ada.lines()[-3:], ["Bob : are you there?", "Bob : hello?", "Ada : half a thou"])

        ada.press("end")
        ada.enter("ght")
        bob.out.wait_for("Ada : half a thought")

    def test_lines_longer_than_the_screen(self) -> None:
        server = self.start_server()
        ada = self.sit_down(server, "Ada")
        text = " ".join(f"word{number}" for number in range(60))
        ada.type(text)
        ada.press("home", "ctrl-k", "ctrl-y")
        ada.enter(".")
        server.out.wait_for(f"Ada : {text}.")
        ada.wait_for_prompt("Ada : ")

    def test_leaving_waits_until_all_is_stored(self) -> None:
        server = self.start_server()
        ada = self.sit_down(server, "Ada")
        ada.type("".join(f"line {number}\r" for number in range(50)) + "\x04")
        self.assert_left_in_order(ada)
        self.assertEqual(self.history(server), [f"Ada : line {number}" for number in range(50)])


class EditingTest(TerminalTest):
    def test_keys_do_what_fingers_expect(self) -> None:
        server = self.start_server()
        ada = self.sit_down(server, "Ada")
        for keys, message in [
            (["world", "<home>", "hello ", "<end>", "!"], "hello world!"),
            (["helo", "<left>", "l"], "hello"),
            (["one two three", "<ctrl-w>", "<ctrl-w>", "2"], "one 2"),
            (["abc", "<left>", "<left>", "<delete>"], "ac"),
            (["a👍🏽", "<backspace>", "b"], "ab"),
            (["all of it", "<ctrl-u>", "nothing"], "nothing"),
            (["one two", "<alt-b>", "<ctrl-k>", "2 ", "<ctrl-y>"], "one 2 two"),
            (["x", "<ctrl-a>", "<right>", "y", "<ctrl-e>", "z"], "xyz"),
        ]:
            for key in keys:
                ada.press(key[1:-1]) if key.startswith("<") else ada.type(key)
            ada.wait_for_prompt(f"Ada : {message}")
            ada.press("enter")
            server.out.wait_for(f"Ada : {message}")

    def test_up_brings_the_last_line_back(self) -> None:
        server = self.start_server()
        ada = self.sit_down(server, "Ada")
        ada.enter("first")
        ada.enter("second")
        ada.type("unfinished")
        ada.press("up", "up")
        ada.wait_for_prompt("Ada : first")
        ada.press("down", "down")
        ada.wait_for_prompt("Ada : unfinished")
        ada.press("up")
        ada.enter(" again")
        server.out.wait_for("Ada : second again")

    def test_up_goes_on_to_what_was_typed_in_earlier_runs(self) -> None:
        server = self.start_server()
        ada = self.sit_down(server, "Ada")
        late = self.start_terminal(server, person="Ada")
        late.wait_for_prompt("Ada : ")
        late.enter("of the run that ends last")
        server.out.wait_for("Ada : of the run that ends last")
        ada.enter("of the run that ends first")
        server.out.wait_for("Ada : of the run that ends first")
        for terminal in (ada, late):
            terminal.press("ctrl-d")
            self.assert_left_in_order(terminal)

        ada = self.start_terminal(server, person="Ada")
        ada.wait_for_prompt("Ada : ")
        ada.press("up")
        ada.wait_for_prompt("Ada : of the run that ends last")
        ada.press("up")
        ada.wait_for_prompt("Ada : of the run that ends first")

    def test_tab_completes_who_spoke(self) -> None:
        server = self.start_server()
        ada = self.sit_down(server, "Ada")
        self.enter(server, "Bartholomew")
        ada.wait_for_line("Bartholomew : is here")
        ada.type("bar")
        ada.press("tab")
        ada.wait_for_prompt("Ada : Bartholomew:")
        ada.enter("hello")
        server.out.wait_for("Ada : Bartholomew: hello")

    def test_a_paste_is_one_message_however_many_lines_it_has(self) -> None:
        server = self.start_server()
        ada = self.sit_down(server, "Ada")
        self.assertTrue(ada.screen.bracketed_paste)
        ada.type("\x1b[200~roses\rviolets\x1b[201~")
        ada.press("enter")
        server.out.wait_for("Ada : violets")
        self.assertEqual(server.out.lines, ["Ada : roses", "Ada : violets"])

    def test_ctrl_c_clears_the_line_and_twice_leaves(self) -> None:
        server = self.start_server()
        ada = self.sit_down(server, "Ada")
        ada.type("regret")
        ada.press("ctrl-c")
        ada.wait_for_prompt("Ada : ", cursor_column=6)
        ada.press("ctrl-c", "ctrl-c")
        self.assert_left_in_order(ada)
        self.assertEqual(self.history(server), [])


class CommandsTest(TerminalTest):
    def test_an_unknown_command_is_never_sent(self) -> None:
        server = self.start_server()
        ada = self.sit_down(server, "Ada")
        ada.enter("/jion garden")
        ada.wait_for("a complaint", lambda screen: any("no command /jion" in line for line in screen.lines))
        ada.enter("//jion is a typo")
        server.out.wait_for("Ada : /jion is a typo")
        self.assertEqual(self.history(server), ["Ada : /jion is a typo"])

    def test_me(self) -> None:
        server = self.start_server()
        ada, bob = self.sit_down(server, "Ada"), self.sit_down(server, "Bob")
        ada.enter("/me waves")
        bob.wait_for_line("* Ada waves")
        ada.wait_for_line("* Ada waves")

    def test_answers_edits_reactions_and_the_topic(self) -> None:
        server = self.start_server()
        ada, bob = self.sit_down(server, "Ada"), self.sit_down(server, "Bob")
        bob.enter("shall we?")
        ada.wait_for_line("Bob : shall we?")
        ada.enter("/react :+1:")
        bob.wait_for_line("* Ada says 👍 to Bob: shall we?")
        ada.enter("/reply bob: we shall")
        bob.wait_for_line("Ada : we shall")
        bob.enter("/edit shall we go?")
        ada.wait_for_line("* Bob edited: shall we go?")
        bob.enter("/redact too late")
        ada.wait_for_line("* Bob took back a message: too late")
        bob.enter("/topic Tea at five")
        ada.wait_for_line("* Bob set the topic: Tea at five")

    def test_a_word_with_one_person_alone(self) -> None:
        server = self.start_server()
        ada, bob = self.sit_down(server, "Ada"), self.sit_down(server, "Bob")
        eve = self.sit_down(server, "Eve")
        ada.enter("/msg Bob psst")
        bob.wait_for_line("(private) Ada : psst")
        bob.enter("/msg ada what is it?")
        ada.wait_for_line("Bob : what is it?")
        eve.enter("/list")
        eve.wait_for("the rooms", lambda screen: any("#lobby" in line for line in screen.lines))
        self.assertNotIn("psst", "\n".join(eve.lines()))

    def test_names(self) -> None:
        server = self.start_server()
        ada = self.sit_down(server, "Ada")
        self.enter(server, "Bob")
        self.plain_socket(server).say("Hilmi", "Hii")
        ada.wait_for_line("~Hilmi : Hii")
        ada.enter("/NAMES")
        ada.wait_for_line("* 3 in #lobby:")
        for name in ("Ada", "Bob", "~Hilmi"):
            ada.wait_for_line(f"  {name}")

    def test_rooms_are_joined_and_left(self) -> None:
        server = self.start_server()
        ada = self.sit_down(server, "Ada")
        ada.enter("/join garden")
        ada.wait_for_prompt("#garden Ada : ")
        ada.enter("roses are red")
        bob = self.start_confab(server, "tail", "--since", "all", "--room", "garden", person="Bob")
        bob.out.wait_for("Ada : roses are red")
        ada.enter("/part")
        ada.wait_for_prompt("Ada : ")
        ada.enter("back")
        server.out.wait_for("Ada : back")
        self.assertEqual(self.history(server), ["Ada : back"])

    def test_history(self) -> None:
        server = self.start_server()
        self.run_confab(server, "send", "--name", "Bob", "before your time", person="Bob")
        ada = self.sit_down(server, "Ada")
        self.assertNotIn("Bob : before your time", ada.lines())
        ada.enter("/history")
        ada.wait_for_line("Bob : before your time")

    def test_help_and_quit(self) -> None:
        server = self.start_server()
        ada = self.sit_down(server, "Ada")
        ada.enter("/help")
        ada.wait_for("the list", lambda screen: any(line.startswith("* /join ROOM") for line in screen.lines))
        ada.enter("/quit")
        self.assert_left_in_order(ada)


class ScreenTest(TerminalTest):
    def test_hostile_text_is_only_text(self) -> None:
        server = self.start_server()
        ada = self.sit_down(server, "Ada")
        eve = self.plain_socket(server)
        attacks = ["\x1b[2J\x1b[H", "\x1b]0;owned\x1b\\", "\x1b[31m", "\x1bc", "\x9b5A", "x\b\by", "\u202egnorw"]
        for attack in attacks:
            eve.say("Eve", attack)
        eve.say("\x1b[31mEve", "a name, too")
        eve.say("Eve", "the end")
        ada.wait_for_line("~Eve : the end")
        ada.type("still here")
        ada.wait_for_prompt("Ada : still here")
        self.assertEqual(ada.screen.strange, [])
        for attack in attacks:
            self.assertNotIn(attack.encode(), ada.raw)
        self.assertNotIn(b"\x1b[31m", ada.raw)

    def test_another_size(self) -> None:
        server = self.start_server()
        ada, bob = self.sit_down(server, "Ada"), self.enter(server, "Bob")
        ada.wait_for_line("Bob : is here")
        ada.type("0123456789" * 6)
        ada.wait_for_prompt("Ada : " + "0123456789" * 6)
        ada.resize(40, 10)
        ada.wait_for("the line in two rows", lambda screen: screen.current_line == "4567890123456789" + "0123456789")
        bob.say("how narrow")
        ada.wait_for_line("Bob : how narrow")
        ada.resize(100, 30)
        ada.wait_for_prompt("Ada : " + "0123456789" * 6)
        ada.enter("!")
        bob.out.wait_for("Ada : " + "0123456789" * 6 + "!")

    def test_a_dumb_terminal_gets_no_sequences(self) -> None:
        server = self.start_server()
        ada = self.start_terminal(server, person="Ada", term="dumb")
        ada.wait_for("the question", lambda screen: "Insert your name here :" in screen.lines)
        ada.type("Ada\n")
        ada.wait_for_line("* Ada joined")
        self.enter(server, "Bob")
        ada.wait_for_line("Bob : is here")
        ada.type("hello\n")
        server.out.wait_for("Ada : hello")
        ada.type("\x04")
        self.assert_left_in_order(ada)
        self.assertNotIn(b"\x1b", ada.raw)

    def test_no_color(self) -> None:
        server = self.start_server()
        arguments = [str(BIN / "confab"), "--line", "--server", server.address, "--name", "Ada"]
        for variables, colored in [({}, True), ({"NO_COLOR": "1"}, False)]:
            terminal = self.stage(Terminal(arguments, self.environment("Ada", TERM="xterm", **variables)))
            terminal.wait_for_line("* Ada joined")
            self.assertEqual(b"m* Ada joined" in terminal.raw, colored)
            terminal.press("ctrl-d")
            self.assert_left_in_order(terminal)

    def test_signals_leave_the_terminal_in_order(self) -> None:
        server = self.start_server()
        for number in (signal.SIGTERM, signal.SIGHUP):
            ada = self.sit_down(server, "Ada")
            ada.process.send_signal(number)
            self.assert_left_in_order(ada, code=128 + number)

    def test_ctrl_z_gives_the_terminal_back_and_takes_it_again(self) -> None:
        server = self.start_server()
        shell = ["sh", "-mc", '"$0" "$@"; echo the shell is back; read line; fg']
        confab = [str(BIN / "confab"), "--line", "--server", server.address, "--name", "Ada"]
        ada = self.stage(Terminal(shell + confab, self.environment("Ada", TERM="xterm")))
        ada.wait_for_line("* Ada joined")
        ada.type("half a thou")
        ada.wait_for_prompt("Ada : half a thou")

        ada.press("ctrl-z")
        ada.wait_for_line("the shell is back")
        self.assertEqual(ada.modes(), ada.modes_before)
        self.assertFalse(ada.screen.bracketed_paste)

        ada.press("enter")
        ada.wait_for_prompt("Ada : half a thou")
        self.assertTrue(ada.screen.bracketed_paste)
        ada.enter("ght")
        server.out.wait_for("Ada : half a thought")
        ada.press("ctrl-d")
        self.assert_left_in_order(ada)


class ContinuityTest(TerminalTest):
    def test_a_room_opens_with_its_last_lines_and_takes_new_ones_before_the_server_answers(self) -> None:
        server = self.start_server()
        ada = self.sit_down(server, "Ada")
        ada.enter("before")
        server.out.wait_for("Ada : before")
        ada.press("ctrl-d")
        self.assert_left_in_order(ada)
        self.run_confab(server, "send", "--name", "Bob", "while you were out", person="Bob")
        server.stop()

        ada = self.start_terminal(server, person="Ada")
        ada.wait_for_line("Ada : before")
        self.assertNotIn("Bob : while you were out", ada.lines())
        ada.wait_for_prompt("Ada : ")
        ada.enter("into the dark")
        ada.wait_for_line("Ada : into the dark (queued)")

        server = self.restart(server)
        ada.wait_for_line("* sent: into the dark")
        ada.wait_for_line("Bob : while you were out")
        self.assertEqual(ada.lines().count("Ada : before"), 1)
        self.assertEqual(self.history(server), ["Ada : before", "Bob : while you were out", "Ada : into the dark"])
        ada.enter("/status")
        ada.wait_for_line("queue       0 message(s)")

    def test_without_a_name_server_one_reads_and_types_all_the_same(self) -> None:
        arguments = [str(BIN / "confab"), "--line", "--server", "no-such-host.invalid", "--name", "Ada"]
        ada = self.stage(Terminal(arguments, self.environment("Ada", TERM="xterm-256color")))
        ada.wait_for(
            "why it is not connected",
            lambda screen: any("cannot find no-such-host.invalid" in line for line in screen.lines),
        )
        ada.wait_for_prompt("Ada : ")
        ada.enter("into the dark")
        ada.wait_for_line("Ada : into the dark (queued)")
        ada.press("ctrl-d")
        self.assert_left_in_order(ada, code=75)

    def test_a_server_that_has_a_name_is_found(self) -> None:
        server = self.start_server()
        arguments = [str(BIN / "confab"), "--line", "--server", f"localhost:{server.port}", "--name", "Ada"]
        ada = self.stage(Terminal(arguments, self.environment("Ada", TERM="xterm-256color")))
        ada.wait_for_line("* Ada joined")
        ada.press("ctrl-d")
        self.assert_left_in_order(ada)

    def test_what_is_left_queued_is_told_and_goes_out_with_the_next_run(self) -> None:
        server = self.start_server()
        self.sit_down(server, "Ada").press("ctrl-d")
        server.stop()
        ada = self.start_terminal(server, person="Ada")
        ada.wait_for_prompt("Ada : ")
        ada.enter("later")
        ada.wait_for_line("Ada : later (queued)")
        ada.press("ctrl-d")
        self.assert_left_in_order(ada, 75)
        self.assertIn("* 1 line(s) not stored yet; queued, they go out with the next confab", ada.lines())

        again = self.start_terminal(server, person="Ada")
        again.wait_for_line("* 1 line(s) of an earlier run are queued")
        server = self.restart(server)
        again.wait_for_line("Ada : later")


if __name__ == "__main__":
    unittest.main(verbosity=2)
