# SPDX-License-Identifier: MIT
"""People before the full screen, with a real server: what they type, what they see, and what they are told of it."""

import signal
import unittest

from full_screen import FullScreenTest


class TalkTest(FullScreenTest):
    def test_two_people_talk(self) -> None:
        server = self.start_server()
        ada, bob = self.sit_down(server, "Ada"), self.sit_down(server, "Bob")
        ada.enter("hello Bob")
        bob.wait_for_text("Ada | hello Bob")
        bob.enter("hello Ada 👋 世界")
        ada.wait_for_text("Bob | hello Ada 👋 世界")
        ada.wait_for_prompt("> ", cursor_column=2)
        self.assertEqual(sum("hello Bob" in line for line in ada.lines()), 1)
        self.assertEqual(ada.screen.strange, [])

    def test_a_name_is_asked_for(self) -> None:
        server = self.start_server()
        ada = self.start_screen(server, person="Ada")
        ada.wait_for_prompt("Insert your name here : ", cursor_column=24)
        ada.enter("#Ada")
        ada.wait_for_prompt("Insert your name here : ", cursor_column=24)
        ada.enter("Ada")
        ada.wait_for_text("Ada joined")
        ada.enter("hello")
        server.out.wait_for("Ada : hello")

    def test_somebody_elses_name_is_asked_for_again(self) -> None:
        server = self.start_server()
        self.enter(server, "Ada")
        eve = self.start_screen(server, "--name", "Ada", person="Eve")
        eve.wait_for_prompt("Insert your name here : ")
        eve.enter("Eve")
        eve.wait_for_text("Eve joined")
        eve.enter("hello")
        server.out.wait_for("Eve : hello")

    def test_who_types_is_seen(self) -> None:
        server = self.start_server()
        ada, bob = self.sit_down(server, "Ada"), self.sit_down(server, "Bob")
        ada.type("well")
        bob.wait_for_text("Ada is typing")
        ada.press("enter")
        bob.wait_until_gone("Ada is typing")

    def test_a_word_alone_is_counted_until_it_is_looked_at(self) -> None:
        server = self.start_server()
        ada, bob = self.sit_down(server, "Ada"), self.sit_down(server, "Bob")
        ada.enter("/msg Bob psst")
        ada.wait_for_text("Ada | psst")
        ada.enter("are you there?")
        bob.wait_for_line_start("2 @ada           2")
        bob.wait_for_style("@ada", bold=True, reverse=False)
        bob.press("alt-a")
        bob.wait_for_text("Ada | are you there?")
        bob.wait_for_style("@ada", reverse=True)
        bob.enter("what is it?")
        ada.wait_for_text("Bob | what is it?")
        self.assertNotIn("psst", "\n".join(self.history(server)))

    def test_a_mention_rings_and_other_words_do_not(self) -> None:
        server = self.start_server()
        ada = self.sit_down(server, "Ada", "--room", "lobby", "--room", "garden")
        bob = self.start_confab(server, "--name", "Bob", "--room", "garden", person="Bob")
        bob.say("it rains")
        ada.wait_for_line_start("2 #garden        1")
        self.assertEqual(ada.screen.bells, 0)
        bob.say("Ada: it rains")
        ada.wait_for("a bell", lambda screen: screen.bells == 1)
        ada.wait_for_style("#garden", underline=True)
        self.assertEqual(ada.screen.commands, [])


class QueueTest(FullScreenTest):
    def test_a_line_is_dim_until_it_is_stored(self) -> None:
        server = self.start_server()
        ada = self.sit_down(server, "Ada")
        server.signal(signal.SIGSTOP)
        self.addCleanup(server.signal, signal.SIGCONT)
        ada.enter("is anybody there?")
        ada.wait_for_style("is anybody there?", dim=True)
        ada.wait_for_text("1 queued")
        server.signal(signal.SIGCONT)
        ada.wait_for_style("is anybody there?", dim=False)
        ada.wait_until_gone("1 queued")

    def test_what_is_said_while_the_server_is_gone_goes_out_once(self) -> None:
        server = self.start_server()
        ada = self.sit_down(server, "Ada")
        ada.enter("before")
        ada.wait_for_style("before", dim=False)
        server.kill()
        ada.enter("into the dark")
        ada.wait_for_style("into the dark", dim=True)
        ada.wait_for_text("offline: nobody answers")
        server = self.restart(server)
        ada.wait_for_style("into the dark", dim=False)
        ada.wait_until_gone("offline")
        self.assertEqual(self.history(server), ["Ada : before", "Ada : into the dark"])
        self.assertEqual(sum("into the dark" in line for line in ada.lines()), 1)

    def test_leaving_with_a_queued_line_says_so(self) -> None:
        server = self.start_server()
        ada = self.sit_down(server, "Ada")
        ada.press("ctrl-d")
        self.assert_left_in_order(ada)
        server.stop()

        ada = self.start_screen(server, person="Ada")
        ada.wait_for_text("Ada joined")  # of the history that is kept here
        ada.enter("later")
        ada.wait_for_style("later", dim=True)
        ada.press("ctrl-d")
        self.assert_left_in_order(ada, 75)
        ada.wait_for_text("confab: 1 message(s) not stored yet; queued, they go out with the next confab")

        again = self.start_screen(server, person="Ada")
        again.wait_for_text("1 queued")
        again.wait_for_text("Ada | later (queued)")
        server = self.restart(server)
        again.wait_for_style("later", dim=False)
        again.wait_until_gone("1 queued")
        self.assertEqual(sum("later" in line for line in again.lines()), 1)
        self.assertEqual(self.history(server), ["Ada : later"])


class ScrollTest(FullScreenTest):
    def test_pages_older_than_what_is_loaded(self) -> None:
        server = self.start_server()
        self.run_confab(server, "--name", "Bob", person="Bob", text="\n".join(f"line {n}." for n in range(1000)))
        ada = self.sit_down(server, "Ada")
        ada.wait_for_text("line 999.")
        pages = 0
        while not any("line 0." in line for line in ada.lines()):
            before = ada.lines()
            ada.press("page-up")
            ada.wait_for("another page", lambda screen, before=before: screen.lines != before)
            pages += 1
            self.assertLess(pages, 200)
        ada.press("alt->")
        ada.wait_for_text("line 999.")

    def test_what_is_read_stays_where_it_is_while_others_write(self) -> None:
        server = self.start_server()
        bob = self.enter(server, "Bob")
        bob.say(*(f"line {n}." for n in range(200)))
        ada = self.sit_down(server, "Ada")
        ada.wait_for_text("line 199.")
        ada.press("page-up", "page-up")
        ada.wait_until_gone("line 180.")
        read = [line for line in ada.lines() if "| line" in line]
        bob.say(*(f"news {n}." for n in range(50)))
        ada.wait_for_text("more")
        self.assertEqual([line for line in ada.lines() if "| line" in line], read)
        ada.press("alt->")
        ada.wait_for_text("news 49.")


class InputTest(FullScreenTest):
    def test_a_message_of_several_lines(self) -> None:
        server = self.start_server()
        ada = self.sit_down(server, "Ada")
        ada.type("roses")
        ada.press("alt-enter")
        ada.type("violets")
        ada.wait_for("two rows of input", lambda screen: screen.cursor == (23, 7) and "roses" in screen.lines[22])
        ada.press("enter")
        server.out.wait_for("Ada : violets")
        ada.wait_for_text("Ada | roses")

    def test_a_long_paste_is_asked_about(self) -> None:
        server = self.start_server()
        ada = self.sit_down(server, "Ada")
        ada.paste("\n".join(f"row {n}" for n in range(5)))
        ada.wait_for_text("row 4")
        ada.press("ctrl-c")
        ada.wait_until_gone("row 4")
        ada.paste("\n".join(f"row {n}" for n in range(6)))
        ada.wait_for_text("paste 6 lines?")
        ada.type("n")
        ada.wait_for_text("not pasted")
        ada.wait_for_prompt("> ", cursor_column=2)
        ada.paste("\n".join(f"row {n}" for n in range(6)))
        ada.wait_for_text("paste 6 lines?")
        ada.type("y")
        ada.wait_for_text("row 5")
        self.assertEqual(server.out.lines, [])
        ada.press("enter")
        server.out.wait_for("Ada : row 5")

    def test_what_was_typed_is_there_in_the_next_run(self) -> None:
        server = self.start_server()
        ada = self.sit_down(server, "Ada")
        ada.enter("as I said")
        server.out.wait_for("Ada : as I said")
        ada.press("ctrl-d")
        self.assert_left_in_order(ada)
        again = self.start_screen(server, person="Ada")
        again.wait_for_text("Ada | as I said")
        again.press("up")
        again.wait_for_prompt("> as I said")

    def test_what_was_typed_in_two_programs_is_there_in_the_next(self) -> None:
        server = self.start_server()
        first = self.sit_down(server, "Ada")
        first.enter("of before")
        server.out.wait_for("Ada : of before")
        first.press("ctrl-d")
        self.assert_left_in_order(first)
        first = self.start_screen(server, person="Ada")
        second = self.start_screen(server, person="Ada")
        for screen, line in ((first, "of the first"), (second, "of the second")):
            screen.wait_for_text("Ada | of before")
            screen.enter(line)
            server.out.wait_for(f"Ada : {line}")
        for screen in (second, first):
            screen.press("ctrl-d")
            self.assert_left_in_order(screen)
        again = self.start_screen(server, person="Ada")
        again.wait_for_text("Ada | of the second")
        for line in ("of the first", "of the second", "of before"):
            again.press("up")
            again.wait_for_prompt(f"> {line}")

    def test_each_room_keeps_its_draft(self) -> None:
        server = self.start_server()
        ada = self.sit_down(server, "Ada", "--room", "lobby", "--room", "garden")
        ada.type("half a thou")
        ada.press("alt-2")
        ada.wait_for_prompt("> ", cursor_column=2)
        ada.type("roses")
        ada.press("alt-1")
        ada.wait_for_prompt("> half a thou")
        ada.press("alt-2")
        ada.wait_for_prompt("> roses")


if __name__ == "__main__":
    unittest.main(verbosity=2)
