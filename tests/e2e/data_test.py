# SPDX-License-Identifier: MIT
"""A server's data: copied while it runs, checked, restored, and no longer kept than it is told."""

import json
import pathlib
import shutil
import sqlite3
import unittest

from harness import BIN, EndToEndTest, Program, Result, Server


class DataTest(EndToEndTest):
    def confabd(self, *arguments: str) -> Result:
        program = self.stage(Program([str(BIN / "confabd"), *arguments], self.environment("operator")))
        return self.finish(program)

    def say(self, server: Server, *texts: str) -> None:
        result = self.run_confab(server, "--name", "Ada", person="Ada", text="\n".join(texts))
        self.assertEqual(result.code, 0)

    def check(self, *arguments: str) -> Result:
        result = self.confabd("check", *arguments)
        self.assertEqual(result.err, [])
        return result

    def test_a_backup_of_a_running_server_restores(self) -> None:
        server = self.start_server("--quiet")
        self.say(server, "before the backup")
        copy = self.folder / "copy.db"
        done = self.confabd("backup", "--data", str(server.data), str(copy))
        self.assertEqual((done.code, done.out), (0, [f"{copy}: {copy.stat().st_size} bytes"]))
        self.say(server, "after the backup")
        self.assertEqual(self.check(str(copy)).code, 0)
        again = self.confabd("backup", "--data", str(server.data), str(copy))
        self.assertEqual((again.code, again.err), (1, [f"confabd: {copy}: is there already; choose another name"]))

        restored = self.folder / "restored"
        restored.mkdir()
        shutil.copy(copy, restored / "confab.db")
        shutil.copy(server.data / "server.key", restored)
        second = self.start_server("--quiet", data=restored)
        self.assertEqual(second.fingerprint, server.fingerprint)
        self.assertEqual(self.history(second), ["Ada : before the backup"])

    def test_check_finds_nothing_in_a_servers_data_alive_or_killed(self) -> None:
        server = self.start_server("--quiet")
        self.say(server, "one", "two")
        summary = "checked 1 rooms, 4 events, 0 members, 1 names: all is well"
        self.assertEqual(self.check("--data", str(server.data)), Result(0, [summary], []))
        server.kill()
        self.assertEqual(self.check("--data", str(server.data)), Result(0, [summary], []))

    def test_check_names_what_is_wrong(self) -> None:
        server = self.start_server("--quiet")
        self.say(server, "one", "two")
        server.stop()
        database = server.data / "confab.db"
        with sqlite3.connect(database) as connection:
            connection.execute("DELETE FROM events WHERE seq = 2")
        connection.close()
        (server.data / "server.key").write_text("no key\n")
        found = self.check("--data", str(server.data))
        self.assertEqual(found.code, 1)
        self.assertEqual(found.out[0], f"{database}: room lobby: events 2 to 2 are missing")
        self.assertTrue(found.out[1].startswith(f"{server.data}/server.key: "), found.out[1])
        self.assertTrue(found.out[2].endswith(": 2 findings"), found.out[2])

    def test_usage(self) -> None:
        for command in ("backup", "check"):
            shown = self.confabd(command, "--help")
            self.assertEqual((shown.code, shown.err), (0, []))
            self.assertIn(f"Usage: confabd {command} [OPTIONS]", "\n".join(shown.out))
            self.assertEqual(self.confabd(command, "--nonsense").code, 2)
        self.assertEqual(self.confabd("backup").code, 2)

    def test_a_room_keeps_what_it_is_told(self) -> None:
        server = self.start_server("--quiet", "--keep", "lobby=10")
        self.say(server, *(f"line {number}" for number in range(800)))
        self.assertEqual(self.first_of(server)["type"], "gone")
        self.assertEqual(self.history_texts(server)[-1], "Ada : line 799")
        server.kill()
        self.assertEqual(self.check("--data", str(server.data)).code, 0)

    def first_of(self, server: Server) -> dict[str, object]:
        """The first that the lobby has to show, once something was removed: the server does it behind our back."""
        while True:
            first = json.loads(self.run_confab(server, "history", "--since", "all", "--json").out[0])
            if first["type"] == "gone":
                return first

    def history_texts(self, server: Server) -> list[str]:
        result = self.run_confab(server, "history", "--since", "all")
        self.assertEqual(len(result.err), 1)
        self.assertRegex(result.err[0], r"^\(events 1 to \d+ are no longer kept\)$")
        return result.out

    def test_wrong_rules_are_refused(self) -> None:
        result = self.confabd("--data", str(pathlib.Path(self.folder, "none")), "--keep", "lobby")
        self.assertEqual(result.code, 2)
        self.assertIn("--keep lobby: not a room and its rule like lobby=30d", result.err[0])


if __name__ == "__main__":
    unittest.main(verbosity=2)
