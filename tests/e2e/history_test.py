# SPDX-License-Identifier: MIT
"""What was said stays said: reading it back, and crashes and restarts of the server."""

import json
import re
import unittest

from harness import EndToEndTest, Server


# A restarted server tells old members by a stateless reset (RFC 9000, section 10.3) as soon as it hears from them: those
# who are silent at their next keep-alive, 10 s. Without it they would wait out their idle timeout, 30 s.
RECONNECT_S_MAX = 25.0


class HistoryTest(EndToEndTest):
    def say(self, server: Server, *texts: str, name: str = "Ada", room: str = "lobby") -> None:
        result = self.run_confab(server, "--name", name, "--room", room, person=name, text="\n".join(texts))
        self.assertEqual(result.code, 0)

    def test_last_and_since(self) -> None:
        server = self.start_server()
        self.say(server, "one", "two", "three")  # events 2 to 4, between Ada's join and leave
        self.assertEqual(self.history(server), ["Ada : one", "Ada : two", "Ada : three"])
        self.assertEqual(self.history(server, "-n", "2"), ["Ada : three"])  # the newest event is her leave
        self.assertEqual(self.history(server, "--since", "3"), ["Ada : two", "Ada : three"])
        self.assertEqual(self.history(server, "--since", "all", "--json"), self.history(server, "--json"))
        self.assertEqual(self.history(server, "--since", "1000"), [])
        unknown = self.run_confab(server, "history", "--room", "never-heard-of")
        self.assertEqual((unknown.code, unknown.err), (1, ["confab: there is no room #never-heard-of"]))

    def test_tail_shows_all_and_then_what_comes(self) -> None:
        server = self.start_server()
        self.say(server, "before")
        tail = self.start_confab(server, "tail", "--since", "all", person="guest")
        tail.out.wait_for("Ada : before")
        self.say(server, "after")
        tail.out.wait_for("Ada : after")
        self.assertEqual(tail.out.lines, ["Ada : before", "Ada : after"])

    def test_tail_goes_on_over_a_crash_of_the_server(self) -> None:
        server = self.start_server()
        self.say(server, "before")
        tail = self.start_confab(server, "tail", "--since", "all", person="guest")
        tail.out.wait_for("Ada : before")
        server.kill()
        server = self.restart(server)
        self.say(server, "after")
        tail.out.wait_for("Ada : after", RECONNECT_S_MAX)
        self.assertEqual(tail.out.lines, ["Ada : before", "Ada : after"])

    def test_a_line_said_while_the_server_was_down_arrives_once(self) -> None:
        server = self.start_server()
        ada = self.enter(server, "Ada")
        server.kill()
        ada.say("into the dark")
        ada.err.wait_for(re.compile("trying again"))
        server = self.restart(server)
        server.out.wait_for("Ada : into the dark", RECONNECT_S_MAX)
        self.assertEqual(self.finish(ada).code, 0)
        self.assertEqual(self.history(server), ["Ada : is here", "Ada : into the dark"])

    def test_a_long_history_comes_whole(self) -> None:
        server = self.start_server("--quiet")
        texts = [f"{number} " + "x" * 10_000 for number in range(500)]
        self.say(server, *texts)
        self.assertEqual(self.history(server), [f"Ada : {text}" for text in texts])
        server.kill()
        self.assertEqual(self.history(self.restart(server))[-1], f"Ada : {texts[-1]}")

    def test_search_finds_all_words_in_any_case(self) -> None:
        server = self.start_server()
        self.say(server, "Roses are red", "violets are blue", "a blue rose")
        found = self.run_confab(server, "search", "BLUE", "rose")
        self.assertEqual((found.code, found.out), (0, ["Ada : a blue rose"]))
        self.assertEqual(self.run_confab(server, "search", "nothing").out, [])

    def test_rooms_and_who(self) -> None:
        server = self.start_server()
        self.say(server, "hello", room="garden")
        self.enter(server, "Bob")
        rooms = self.run_confab(server, "--json", "rooms")
        counts = {room["name"]: room["members"] for room in map(json.loads, rooms.out)}
        self.assertEqual((rooms.code, counts), (0, {"lobby": 1, "garden": 0}))
        for_people = self.run_confab(server, "rooms").out
        self.assertEqual(for_people, ["#garden\t0 here\t3 events", "#lobby\t1 here\t2 events"])

        self.plain_socket(server).say("Hilmi", "Hii")
        server.out.wait_for("Hilmi : Hii")
        self.assertEqual(sorted(self.run_confab(server, "who").out), ["Bob", "~Hilmi"])
        members = map(json.loads, self.run_confab(server, "who", "--json").out)
        self.assertEqual({m["name"]: m["verified"] for m in members}, {"Bob": True, "Hilmi": False})


class CrashTest(EndToEndTest):
    def test_what_anybody_has_seen_survives_a_kill(self) -> None:
        server = self.start_server()
        ada = self.enter(server, "Ada")
        # More than a filter has under way at a time: when the first lines are out, the last are not sent yet.
        ada.say(*(f"line {number}" for number in range(5000)))
        server.out.wait_for("Ada : line 100")
        server.kill()
        seen = [line for line in server.out.lines if " : line " in line]

        server = self.restart(server)
        # Ada's client sends what it has no answer for again; nothing may be lost, doubled or out of order by that.
        ada.close_input()
        self.assertEqual(ada.wait(RECONNECT_S_MAX), 0)
        kept = [line for line in self.history(server) if " : line " in line]
        self.assertEqual(kept, [f"Ada : line {number}" for number in range(5000)])
        self.assertEqual(kept[: len(seen)], seen)

    def test_many_crashes_in_a_row(self) -> None:
        server = self.start_server("--quiet")
        expected = []
        for number in range(5):
            self.run_confab(server, "send", "--name", "Ada", f"life {number}", person="Ada")
            expected.append(f"Ada : life {number}")
            server.kill()
            server = self.restart(server)
            self.assertEqual(self.history(server), expected)

    def test_a_graceful_stop_ends_with_0_and_keeps_the_key(self) -> None:
        server = self.start_server()
        self.run_confab(server, "send", "--name", "Ada", "hello", person="Ada")
        server.stop()  # which checks the exit code
        again = self.restart(server)
        self.assertEqual(again.fingerprint, server.fingerprint)
        self.assertEqual(self.history(again), ["Ada : hello"])

    def test_a_stop_does_not_wait_for_members(self) -> None:
        server = self.start_server()
        ada = self.enter(server, "Ada")
        server.stop()
        ada.err.wait_for(re.compile("trying again"))

    def test_names_stay_owned_over_a_restart(self) -> None:
        server = self.start_server()
        self.run_confab(server, "send", "--name", "Ada", "hello", person="Ada")
        server.stop()
        server = self.restart(server)
        self.assertEqual(self.run_confab(server, "send", "--name", "Ada", "me too", person="Eve").code, 77)


if __name__ == "__main__":
    unittest.main(verbosity=2)
