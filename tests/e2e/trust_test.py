# SPDX-License-Identifier: MIT
"""Whose server is it? Keys on first contact, pins, links with fingerprints."""

import unittest

from harness import EndToEndTest, Server

NOT_ITS_KEY = "SHA256:" + "A" * 43


class TrustTest(EndToEndTest):
    def known_hosts(self, person: str) -> str:
        path = self.home(person) / "data/known_hosts"
        return path.read_text() if path.exists() else ""

    def replace(self, server: Server) -> Server:
        """Another server, with a key of its own, where the first one was."""
        server.stop()
        return self.start_server(data=self.folder / "another", listen=server.address)

    def test_first_contact_on_loopback_needs_no_question_and_is_remembered(self) -> None:
        server = self.start_server()
        self.enter(server, "Ada")
        self.assertEqual(self.known_hosts("Ada"), f"{server.address} {server.fingerprint}\n")
        self.run_confab(server, "who", person="Ada")
        self.assertEqual(self.known_hosts("Ada"), f"{server.address} {server.fingerprint}\n", "once is enough")

    def test_a_changed_key_stops_everything(self) -> None:
        first = self.start_server()
        self.run_confab(first, "--name", "Ada", person="Ada", text="hello")
        second = self.replace(first)
        self.assertNotEqual(first.fingerprint, second.fingerprint)

        for command in (["--name", "Ada"], ["send", "--name", "Ada", "a secret"], ["history"], ["--accept-new", "who"]):
            result = self.run_confab(second, *command, person="Ada", text="a secret")
            self.assertEqual((result.code, result.out), (76, []), command)
            complaint = "\n".join(result.err)
            self.assertIn("HAS CHANGED", complaint)
            self.assertIn(second.fingerprint, complaint)
            self.assertIn(str(self.home("Ada") / "data/known_hosts"), complaint)
        self.assertIn(first.fingerprint, self.known_hosts("Ada"))

        second.stop()
        self.assertEqual(second.out.lines, [], "nothing was sent")
        self.assertNotIn("Ada", "\n".join(second.err.lines))

    def test_who_removes_the_line_may_go_on(self) -> None:
        first = self.start_server()
        self.run_confab(first, "who", person="Ada")
        second = self.replace(first)
        (self.home("Ada") / "data/known_hosts").write_text("# a fresh start\n")
        self.assertEqual(self.run_confab(second, "who", person="Ada").code, 0)
        self.assertEqual(self.known_hosts("Ada"), f"# a fresh start\n{second.address} {second.fingerprint}\n")

    def test_the_key_outlives_the_process(self) -> None:
        server = self.start_server()
        self.run_confab(server, "who", person="Ada")
        server.kill()
        self.assertEqual(self.run_confab(self.restart(server), "who", person="Ada").code, 0)


class LinkTest(EndToEndTest):
    def test_the_right_fingerprint_lets_in(self) -> None:
        server = self.start_server()
        url_safe = server.fingerprint.replace("+", "-").replace("/", "_")
        for fingerprint in (server.fingerprint, url_safe):
            link = f"confab://{fingerprint}@{server.address}/garden"
            result = self.run_confab(None, link, "--name", "Ada", person="Ada", text="by the link")
            self.assertEqual((result.code, result.err), (0, []), link)
        self.assertEqual(self.history(server, "--room", "garden"), ["Ada : by the link"] * 2)

    def test_a_wrong_fingerprint_keeps_out(self) -> None:
        server = self.start_server()
        self.run_confab(server, "who", person="Ada")  # that the key is pinned makes the link no truer
        link = f"confab://{NOT_ITS_KEY}@{server.address}"
        for address in ([link, "--name", "Ada"], ["who", "--server", link]):
            result = self.run_confab(None, *address, person="Ada", text="a secret")
            self.assertEqual((result.code, result.out), (76, []), address)
            self.assertIn(server.fingerprint, "\n".join(result.err))
        self.assertEqual(server.out.lines, [])

    def test_a_link_needs_no_fingerprint(self) -> None:
        server = self.start_server()
        link = f"confab://{server.address}/garden"
        self.assertEqual(self.run_confab(None, link, "--name", "Ada", person="Ada", text="hello").code, 0)
        self.assertEqual(self.history(server, "--room", "garden"), ["Ada : hello"])

    def test_a_bare_address_does_too(self) -> None:
        server = self.start_server()
        self.assertEqual(self.run_confab(None, server.address, "--name", "Ada", person="Ada", text="hello").code, 0)
        self.assertEqual(self.history(server), ["Ada : hello"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
