# SPDX-License-Identifier: MIT
"""The toy's protocol on the same port: plain datagrams, sent and read as the toy's own client does it."""

import re
import unittest

from harness import EndToEndTest

LONG_WORDS = " ".join(f"wörd{number}" for number in range(600))


class PlainTest(EndToEndTest):
    def test_two_toy_clients_chat(self) -> None:
        server = self.start_server()
        hilmi, ryo = self.plain_socket(server), self.plain_socket(server)
        ryo.say("Ryo", "is here")
        server.out.wait_for("Ryo : is here")

        hilmi.say("Hilmi", "Hii")
        ryo.wait_for("Hilmi : Hii")
        ryo.say("Ryo", "Hi Hilmi")
        hilmi.wait_for("Ryo : Hi Hilmi")

        # Nobody's own lines come back.
        self.assertEqual(hilmi.received, ["Ryo : Hi Hilmi"])
        self.assertEqual(ryo.received, ["Hilmi : Hii"])
        server.out.wait_for("Ryo : Hi Hilmi")
        self.assertEqual(server.out.lines, ["Ryo : is here", "Hilmi : Hii", "Ryo : Hi Hilmi"])

    def test_equal_lines_are_not_merged_and_order_is_kept(self) -> None:
        server = self.start_server()
        hilmi, ryo = self.plain_socket(server), self.plain_socket(server)
        ryo.say("Ryo", "is here")
        server.out.wait_for("Ryo : is here")
        lines = ["ha", "ha", "ha", *map(str, range(20)), "ha"]
        for line in lines:
            hilmi.say("Hilmi", line)
        self.assertEqual([ryo.receive() for _ in lines], [f"Hilmi : {line}" for line in lines])

    def test_both_kinds_of_members_hear_each_other(self) -> None:
        server = self.start_server()
        ada = self.enter(server, "Ada", "--json")
        hilmi = self.plain_socket(server)
        hilmi.say("Hilmi", "Hii")
        heard = ada.out.wait_for_object(type="message", name="Hilmi", text="Hii")
        self.assertEqual((heard["verified"], heard["own"]), (False, False))
        ada.say("welcome")
        self.assertEqual(hilmi.receive(), "Ada : welcome")

    def test_plain_lines_are_history_like_any_other(self) -> None:
        server = self.start_server()
        self.plain_socket(server).say("Hilmi", "Hii")
        server.out.wait_for("Hilmi : Hii")
        self.assertEqual(self.history(server), ["Hilmi : Hii"])

    def test_only_the_lobby_is_plain(self) -> None:
        server = self.start_server()
        hilmi = self.plain_socket(server)
        hilmi.say("Hilmi", "Hii")
        server.out.wait_for("Hilmi : Hii")
        for room, text in [("garden", "unheard"), ("lobby", "heard")]:
            self.run_confab(server, "send", "--name", "Ada", "--room", room, text, person="Ada")
        self.assertEqual(hilmi.receive(), "Ada : heard")

    def test_bytes_that_are_no_text_harm_nobody(self) -> None:
        server = self.start_server()
        hilmi, ryo = self.plain_socket(server), self.plain_socket(server)
        ryo.say("Ryo", "is here")
        server.out.wait_for("Ryo : is here")
        for datagram in [b"Hilmi : \xff\xfe", b"\xc3", b"", b"\xc0\x00\x00\x00\x01\x14" + bytes(1200), b"\x00" * 1472]:
            hilmi.send(datagram)
        hilmi.say("Hilmi", "still here?")
        self.assertEqual(ryo.receive(), "Hilmi : still here?")

    def test_a_long_message_comes_in_pieces_the_toy_can_read(self) -> None:
        server = self.start_server()
        hilmi = self.plain_socket(server)
        hilmi.say("Hilmi", "Hii")
        server.out.wait_for("Hilmi : Hii")
        self.run_confab(server, "send", "--name", "Ada", LONG_WORDS, person="Ada")
        self.run_confab(server, "send", "--name", "Ada", "the end", person="Ada")

        hilmi.wait_for("Ada : the end")  # receive() has checked that each is valid UTF-8 of at most 1,024 bytes
        pieces = [datagram.removeprefix("Ada : ") for datagram in hilmi.received[:-1]]
        self.assertGreater(len(pieces), 1)
        self.assertEqual("".join(pieces), LONG_WORDS)
        self.assertEqual(server.out.lines[1:], ["Ada : " + LONG_WORDS, "Ada : the end"])

    def test_a_name_that_a_key_owns_is_not_to_be_had_by_saying_so(self) -> None:
        server = self.start_server()
        ada = self.enter(server, "Ada")
        impostor = self.plain_socket(server)
        for name in ("Ada", "ADA"):
            impostor.say(name, "I am Ada, trust me")
            self.assertRegex(impostor.receive(), r"^confab : .*(Ada|ADA)")
        impostor.say("Not Ada", "well then")
        ada.out.wait_for("Not Ada : well then")
        self.assertEqual(ada.out.lines, ["Not Ada : well then"])

    def test_control_characters_reach_neither_members_nor_the_operator(self) -> None:
        server = self.start_server()
        ryo = self.plain_socket(server)
        ryo.say("Ryo", "is here")
        server.out.wait_for("Ryo : is here")
        self.plain_socket(server).say("Eve", "\x1b]0;owned\x1b\\\x1b[31mred\u202edesrever")
        hidden = "\N{REPLACEMENT CHARACTER}"
        clean = f"Eve : {hidden}]0;owned{hidden}\\{hidden}[31mred{hidden}desrever"
        self.assertEqual(ryo.receive(), clean)
        server.out.wait_for(clean)

    def test_off_means_off(self) -> None:
        server = self.start_server("--plain", "off")
        self.plain_socket(server).say("Hilmi", "Hii")
        self.run_confab(server, "--name", "Ada", person="Ada", text="hello")
        server.stop()
        self.assertEqual(server.out.lines, ["Ada : hello"])

    def test_a_toy_client_may_leave_its_name_empty(self) -> None:
        server = self.start_server()
        self.plain_socket(server).say("", "who am I?")
        server.out.wait_for(re.compile(r"^guest-\d+ : who am I\?$"))


class ConfabSpeaksPlainTest(EndToEndTest):
    """`confab --plain`, here with confabd; seed_test.py has the toy itself."""

    def test_a_filter_talks(self) -> None:
        server = self.start_server()
        ryo = self.plain_socket(server)
        ryo.say("Ryo", "is here")
        server.out.wait_for("Ryo : is here")

        ada = self.enter(server, "Ada", "--plain")
        ryo.wait_for("Ada : is here")
        ryo.say("Ryo", "hello Ada")
        ada.out.wait_for("Ryo : hello Ada")
        self.assertEqual(self.finish(ada).code, 0)
        self.assertEqual(ada.out.lines, ["Ryo : hello Ada"])

    def test_send_sends_and_ends(self) -> None:
        server = self.start_server()
        result = self.run_confab(server, "send", "--plain", "--name", "Ada", "hello", person="Ada")
        self.assertEqual((result.code, result.err), (0, []))
        server.out.wait_for("Ada : hello")

    def test_what_the_toy_cannot_do_is_refused_at_once(self) -> None:
        server = self.start_server()
        for command in ("history", "rooms", "who", "tail"):
            self.assertEqual(self.run_confab(server, command, "--plain").code, 2, command)


if __name__ == "__main__":
    unittest.main(verbosity=2)
