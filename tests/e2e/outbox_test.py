# SPDX-License-Identifier: MIT
"""What was typed and not stored yet waits on disk and goes out once, in order, with the next run."""

import json
import pathlib
import re
import signal
import unittest

from harness import EndToEndTest, Program, Server

QUEUED = "not stored yet; it is queued and goes out with the next confab"


class OutboxTest(EndToEndTest):
    def stopped_server(self) -> Server:
        """One that was there once: its address is known, and nobody answers at it."""
        server = self.start_server()
        server.stop()
        return server

    def send(self, server: Server, text: str, *options: str) -> int:
        result = self.run_confab(server, "send", "--name", "Ada", *options, text, person="Ada")
        if result.code == 75:
            self.assertEqual(len(result.err), 1, result)
            self.assertIn(QUEUED, result.err[0])
        return result.code

    def statuses(self, lines: list[str]) -> list[tuple[str, str]]:
        objects = [json.loads(line) for line in lines]
        return [(each["state"], each["id"]) for each in objects if each["type"] == "status"]

    def queue_lines(self, server: Server, *texts: str) -> Program:
        """A filter that has said of each line that it is queued."""
        ada = self.start_confab(server, "--name", "Ada", "--json", person="Ada")
        ada.say(*texts)
        ada.out.wait_for_count(re.compile('"state":"queued"'), len(texts))
        return ada

    def test_what_send_could_not_deliver_goes_out_first_with_the_next_run(self) -> None:
        server = self.stopped_server()
        self.assertEqual(self.send(server, "one"), 75)
        self.assertEqual(self.send(server, "two"), 75)
        server = self.restart(server)
        self.assertEqual(self.send(server, "three"), 0)
        self.assertEqual(self.send(server, "four"), 0)
        self.assertEqual(self.history(server), ["Ada : one", "Ada : two", "Ada : three", "Ada : four"])

    def test_a_name_sends_its_own_messages_alone(self) -> None:
        server = self.stopped_server()
        self.assertEqual(self.send(server, "by Ada"), 75)
        server = self.restart(server)
        bob = self.run_confab(server, "send", "--name", "Bob", "by Bob", person="Ada")
        self.assertEqual(bob.code, 0)
        self.assertEqual(self.history(server), ["Bob : by Bob"])
        self.assertEqual(self.run_confab(server, "--name", "ADA", person="Ada").code, 0, "an empty input delivers too")
        self.assertEqual(self.history(server), ["Bob : by Bob", "ADA : by Ada"])

    def test_a_host_without_an_address_is_a_network_that_is_down(self) -> None:
        send = ["send", "--name", "Ada", "--server", "no-such-host.invalid", "later"]
        result = self.run_confab(None, *send, person="Ada")
        self.assertEqual((result.code, len(result.err)), (75, 1), result)
        self.assertIn(QUEUED, result.err[0])
        lines = self.run_confab(None, "--name", "Ada", "--server", "no-such-host.invalid", person="Ada", text="a\nb\n")
        self.assertEqual(lines.code, 75, lines)
        self.assertIn(QUEUED, lines.err[-1])
        status = self.run_confab(None, "status", "--json", "--server", "no-such-host.invalid", person="Ada")
        self.assertEqual((status.code, json.loads(status.out[0])["queued"]), (69, 3))

    def test_queued_lines_survive_a_kill_of_the_client(self) -> None:
        server = self.stopped_server()
        texts = [f"line {number}" for number in range(50)]
        killed = self.queue_lines(server, *texts)
        killed.kill()
        queued = self.statuses(killed.out.lines)
        self.assertEqual([state for state, _ in queued], ["queued"] * len(texts))

        server = self.restart(server)
        result = self.run_confab(server, "--json", "--name", "Ada", person="Ada", text="last")
        self.assertEqual(result.code, 0, result)
        ids = [id for _, id in queued]
        stored = [id for state, id in self.statuses(result.out) if state == "stored"]
        self.assertEqual(stored[:-1], ids, "under their first ids, in order")
        self.assertEqual(self.history(server), [f"Ada : {text}" for text in [*texts, "last"]])

    def test_a_client_killed_while_its_server_is_down_loses_and_doubles_nothing(self) -> None:
        server = self.start_server()
        ada = self.start_confab(server, "--name", "Ada", "--json", person="Ada")
        ada.say("before")
        ada.out.wait_for(re.compile('"stored"'))
        server.kill()
        ada.say("after")
        ada.out.wait_for_count(re.compile('"state":"queued"'), 2)
        ada.kill()
        server = self.restart(server)
        self.assertEqual(self.send(server, "last"), 0)
        self.assertEqual(self.history(server), ["Ada : before", "Ada : after", "Ada : last"])

    def test_an_interrupted_send_leaves_its_message(self) -> None:
        server = self.start_server()
        # A server that is stopped in its tracks takes the packets and does not answer.
        server.signal(signal.SIGSTOP)
        for number in (signal.SIGINT, signal.SIGTERM):
            send = self.start_confab(server, "--json", "send", "--name", "Ada", f"by {number.name}", person="Ada")
            send.out.wait_for(re.compile('"queued"'))
            send.signal(number)
            self.assertEqual(send.wait(), 75)
        server.signal(signal.SIGCONT)
        self.assertEqual(self.send(server, "last"), 0)
        self.assertEqual(self.history(server), ["Ada : by SIGINT", "Ada : by SIGTERM", "Ada : last"])

    def test_the_same_id_is_the_same_message(self) -> None:
        server = self.start_server()
        one, two = ("ab" * 16, "cd" * 16)
        for id in (one, two, one, two.upper()):
            self.assertEqual(self.send(server, f"id {id.lower()}", "--id", id), 0)
        self.assertEqual(self.history(server), [f"Ada : id {one}", f"Ada : id {two}"])
        self.assertEqual(self.send(server, "x", "--id", "no-id"), 2)

    def test_a_key_that_is_not_trusted_keeps_nothing(self) -> None:
        server = self.start_server()
        self.assertEqual(self.send(server, "one"), 0)
        hosts = self.home("Ada") / "data/known_hosts"
        right = hosts.read_text()
        hosts.write_text(f"{server.address} SHA256:{'A' * 43}\n")
        self.assertEqual(self.send(server, "not for whoever that is"), 76)
        hosts.write_text(right)
        self.assertEqual(self.send(server, "two"), 0)
        self.assertEqual(self.history(server), ["Ada : one", "Ada : two"])

    def test_of_lines_under_somebody_elses_name_each_is_called_refused(self) -> None:
        server = self.start_server()
        self.assertEqual(self.send(server, "mine"), 0)
        eve = self.run_confab(server, "--json", "--name", "Ada", person="Eve", text="one\ntwo\n")
        self.assertEqual((eve.code, len(eve.err)), (77, 1), eve)
        last = dict(reversed(each) for each in self.statuses(eve.out))
        self.assertEqual(list(last.values()), ["refused", "refused"], eve)

    def test_more_lines_than_a_filter_holds_are_all_kept_where_there_is_no_server(self) -> None:
        server = self.stopped_server()
        text = "".join(f"{number}\n" for number in range(3000))
        result = self.run_confab(server, "--name", "Ada", person="Ada", text=text)
        self.assertEqual(result.code, 75, result)
        self.assertIn(QUEUED, result.err[-1])
        status = self.run_confab(server, "status", "--json", person="Ada")
        self.assertEqual(json.loads(status.out[0])["queued"], 3000)

    def test_a_damaged_outbox_is_named_and_the_chat_goes_on(self) -> None:
        server = self.start_server()
        self.assertEqual(self.send(server, "one"), 0)
        store = self.home("Ada") / "data/local.db"
        store.write_bytes(b"damaged" * 1000)
        result = self.run_confab(server, "send", "two", person="Ada")
        self.assertEqual((result.code, len(result.err)), (0, 1), result)
        self.assertIn(str(store), result.err[0])
        self.assertEqual(store.read_bytes(), b"damaged" * 1000)
        server.stop()
        self.assertEqual(self.run_confab(server, "send", "three", person="Ada").code, 69, "it is kept nowhere")

    def test_status_tells_of_link_and_queue(self) -> None:
        server = self.stopped_server()
        for text in ("one", "two"):
            self.send(server, text)
        offline = self.run_confab(server, "status", "--json", person="Ada")
        report = json.loads(offline.out[0])
        self.assertEqual((offline.code, report["online"], report["name"], report["queued"]), (69, False, "Ada", 2))

        server = self.restart(server)
        online = self.run_confab(server, "status", "--json", person="Ada")
        report = json.loads(online.out[0])
        self.assertEqual((online.code, online.err, report["online"], report["queued"]), (0, [], True, 2))
        self.assertEqual(report["remote"], server.address)
        self.assertGreater(report["rtt_ms"], 0)
        self.assertEqual(self.history(server), [], "a look sends nothing")
        self.assertRegex("\n".join(self.run_confab(server, "status", person="Ada").out), r"\nqueue +2 message\(s\), ")

    def test_the_store_is_its_owners_alone(self) -> None:
        server = self.stopped_server()
        self.send(server, "secret")
        for path in (self.home("Ada") / "data").iterdir():
            self.assertEqual(pathlib.Path(path).stat().st_mode & 0o077, 0, path)


if __name__ == "__main__":
    unittest.main(verbosity=2)
