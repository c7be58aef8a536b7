# SPDX-License-Identifier: MIT
"""People in filter mode: lines in, lines out."""

import datetime
import json
import signal
import unittest

from harness import EndToEndTest


class ChatTest(EndToEndTest):
    def test_two_people_talk(self) -> None:
        server = self.start_server()
        ada, bob = self.enter(server, "Ada"), self.enter(server, "Bob")

        ada.say("hello")
        bob.out.wait_for("Ada : hello")
        bob.say("Grüße, 世界 👋")
        ada.out.wait_for("Bob : Grüße, 世界 👋")

        self.assertEqual(self.finish(ada).code, 0)
        self.assertEqual(self.finish(bob).code, 0)
        # Nobody's own lines come back, and nothing else is said on either stream.
        self.assertEqual(ada.out.lines, ["Bob : is here", "Bob : Grüße, 世界 👋"])
        self.assertEqual(bob.out.lines, ["Ada : hello"])
        self.assertEqual(ada.err.lines + bob.err.lines, [])

    def test_the_server_prints_the_lobby_as_the_toy_does(self) -> None:
        server = self.start_server()
        self.run_confab(server, "--name", "Hilmi", person="Hilmi", text="Hii")
        self.run_confab(server, "--name", "Hilmi", "--room", "garden", person="Hilmi", text="not for everybody")
        server.stop()
        self.assertEqual(server.out.lines, ["Hilmi : Hii"])
        self.assertNotIn("Hii", "\n".join(server.err.lines))

    def test_a_quiet_server_prints_nothing(self) -> None:
        server = self.start_server("--quiet")
        self.run_confab(server, "--name", "Ada", person="Ada", text="hello")
        server.stop()
        self.assertEqual(server.out.lines, [])
        self.assertNotIn("hello", "\n".join(server.err.lines))

    def test_everybody_sees_one_order(self) -> None:
        server = self.start_server()
        people = {name: self.enter(server, name) for name in ("Ada", "Bob", "Cleo")}
        for name, person in people.items():
            person.say(*(f"line {number}" for number in range(100)))
        for name in people:
            server.out.wait_for(f"{name} : line 99")

        order = [line for line in server.out.lines if " : line " in line]
        self.assertEqual(len(order), 300)
        for name, person in people.items():
            of_others = [line for line in order if not line.startswith(name)]
            person.out.wait_for(of_others[-1])
            self.assertEqual([line for line in person.out.lines if " : line " in line], of_others)

    def test_lines_of_other_rooms_bear_their_name(self) -> None:
        server = self.start_server()
        bob = self.enter(server, "Bob", "--room", "lobby", "--room", "garden")
        self.run_confab(server, "--name", "Ada", "--room", "garden", person="Ada", text="roses are red")
        bob.out.wait_for("#garden Ada : roses are red")

        bob.say("said in the first room")
        server.out.wait_for("Bob : said in the first room")
        self.assertEqual(self.history(server, "--room", "garden"), ["Ada : roses are red"])

    def test_a_flood_from_a_pipe_is_stored_once_and_in_order(self) -> None:
        server = self.start_server("--quiet")
        lines = [f"number {number}" for number in range(1000)]
        result = self.run_confab(server, "--name", "Ada", person="Ada", text="\n".join(lines))
        self.assertEqual((result.code, result.out, result.err), (0, [], []))
        self.assertEqual(self.history(server), [f"Ada : {line}" for line in lines])

    def test_a_member_who_falls_behind_misses_nothing(self) -> None:
        server = self.start_server("--quiet")
        bob = self.start_confab(server, "--name", "Bob", "--json", person="Bob")
        bob.out.wait_for_object(type="join", name="Bob")
        bob.signal(signal.SIGSTOP)
        lines = [f"number {number} " + "x" * 1000 for number in range(3000)]
        self.assertEqual(self.run_confab(server, "--name", "Ada", person="Ada", text="\n".join(lines)).code, 0)
        bob.signal(signal.SIGCONT)
        bob.out.wait_for_object(type="leave", name="Ada")
        heard = [entry["text"] for entry in map(json.loads, bob.out.lines) if entry["type"] == "message"]
        self.assertEqual(heard, lines)

    def test_one_person_on_two_devices(self) -> None:
        server = self.start_server()
        desk = self.enter(server, "Ada")
        phone = self.start_confab(server, "--name", "Ada", "--json", person="Ada")
        phone.say("from the phone")
        desk.out.wait_for("Ada : from the phone")
        self.assertTrue(phone.out.wait_for_object(type="message", text="from the phone")["own"])
        desk.say("from the desk")
        self.assertFalse(phone.out.wait_for_object(type="message", text="from the desk")["own"])

    def test_exit_code_0_means_stored(self) -> None:
        server = self.start_server("--quiet")
        self.assertEqual(self.run_confab(server, "--name", "Ada", person="Ada", text="the last words").code, 0)
        server.kill()
        self.assertEqual(self.history(self.restart(server)), ["Ada : the last words"])

    def test_the_last_line_needs_no_line_end(self) -> None:
        server = self.start_server()
        ada = self.start_confab(server, "--name", "Ada", person="Ada")
        ada.write("with\nwithout")
        self.assertEqual(self.finish(ada).code, 0)
        self.assertEqual(self.history(server), ["Ada : with", "Ada : without"])

    def test_piped_lines_are_never_commands(self) -> None:
        server = self.start_server()
        self.run_confab(server, "--name", "Ada", person="Ada", text="/quit\n//x")
        self.assertEqual(self.history(server), ["Ada : /quit", "Ada : //x"])

    def test_control_characters_reach_nobody(self) -> None:
        server = self.start_server()
        bob = self.enter(server, "Bob")
        self.run_confab(server, "--name", "Ada", person="Ada", text="\x1b[2Jred\a alert")
        bob.out.wait_for("Ada : \N{REPLACEMENT CHARACTER}[2Jred\N{REPLACEMENT CHARACTER} alert")

    def test_the_name_is_remembered(self) -> None:
        server = self.start_server()
        self.run_confab(server, "--name", "Ada", person="Ada", text="first")
        self.assertEqual(self.run_confab(server, person="Ada", text="second").code, 0)
        self.assertEqual(self.history(server), ["Ada : first", "Ada : second"])


class SendTest(EndToEndTest):
    def test_words_are_one_message(self) -> None:
        server = self.start_server()
        result = self.run_confab(server, "send", "--name", "Ada", "hello", "there", person="Ada")
        self.assertEqual((result.code, result.out, result.err), (0, [], []))
        self.assertEqual(self.history(server), ["Ada : hello there"])

    def test_words_are_never_subcommands_or_rooms(self) -> None:
        server = self.start_server()
        for text in ("who is there?", "tail", "127.0.0.1"):
            result = self.run_confab(server, "send", "--name", "Ada", "--room", "lobby", *text.split(), person="Ada")
            self.assertEqual((result.code, result.err), (0, []), text)
        self.assertEqual(self.history(server), ["Ada : who is there?", "Ada : tail", "Ada : 127.0.0.1"])

    def test_stdin_is_one_message_however_many_lines_it_has(self) -> None:
        server = self.start_server()
        poem = "roses\nviolets"
        result = self.run_confab(server, "send", "--name", "Ada", "--room", "Poems", person="Ada", text=poem)
        self.assertEqual(result.code, 0)
        said = self.run_confab(server, "--json", "history", "--room", "poems").out
        texts = [entry["text"] for entry in map(json.loads, said) if entry["type"] == "message"]
        self.assertEqual(texts, [poem])
        self.assertEqual(self.history(server, "--room", "poems"), ["Ada : roses", "Ada : violets"])


class JsonTest(EndToEndTest):
    def test_a_message_has_what_scripts_rely_on(self) -> None:
        server = self.start_server()
        bob = self.start_confab(server, "--name", "Bob", "--json", person="Bob")
        bob.out.wait_for_object(type="link", state="online", name="Bob")
        bob.out.wait_for_object(type="join", room="lobby", name="Bob")
        self.run_confab(server, "--name", "Ada", person="Ada", text="one\ntwo")

        one = bob.out.wait_for_object(type="message", name="Ada", text="one")
        two = bob.out.wait_for_object(type="message", name="Ada", text="two")
        self.assertLessEqual({"type", "room", "seq", "time", "name", "text", "id"}, one.keys())
        self.assertEqual((one["room"], one["own"], one["verified"]), ("lobby", False, True))
        self.assertEqual(two["seq"], one["seq"] + 1)
        self.assertRegex(one["id"], r"^[0-9a-f]{32}$")
        self.assertNotEqual(one["id"], two["id"])
        age = datetime.datetime.now(datetime.UTC) - datetime.datetime.fromisoformat(one["time"])
        self.assertLess(abs(age), datetime.timedelta(minutes=1))

    def test_the_sender_learns_what_became_of_a_line(self) -> None:
        server = self.start_server()
        result = self.run_confab(server, "--name", "Ada", "--json", person="Ada", text="hello")
        entries = [json.loads(line) for line in result.out]
        statuses = [entry for entry in entries if entry["type"] == "status" and entry["state"] == "stored"]
        self.assertEqual(len(statuses), 1)
        stored = json.loads(self.run_confab(server, "--json", "history").out[1])
        self.assertEqual((stored["id"], stored["seq"]), (statuses[0]["id"], statuses[0]["seq"]))

    def test_joins_and_leaves_are_objects_too(self) -> None:
        server = self.start_server()
        self.run_confab(server, "--name", "Ada", person="Ada", text="hello")
        entries = [json.loads(line) for line in self.run_confab(server, "--json", "history").out]
        self.assertEqual([entry["type"] for entry in entries], ["join", "message", "leave"])
        self.assertEqual([entry["seq"] for entry in entries], [1, 2, 3])


if __name__ == "__main__":
    unittest.main(verbosity=2)
