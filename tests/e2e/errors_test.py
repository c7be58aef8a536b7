# SPDX-License-Identifier: MIT
"""What can go wrong says so in one line, with the promised exit code, and harms nothing."""

import os
import pathlib
import re
import signal
import socket
import time
import unittest

from harness import BIN, EndToEndTest, Program, Result


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class ClientErrorsTest(EndToEndTest):
    def test_usage_is_2(self) -> None:
        for arguments in (
            ["--no-such-option"],
            ["confab://"],
            ["ftp://example.org"],
            ["localhost:0"],
            ["localhost:99999"],
            ["--name", "a : b"],
            ["--name", "#ada"],
            ["--room", "no/such/name", "--name", "Ada"],
            ["--server", "one:1", "two:2"],
            ["search"],
            ["history", "--since", "yesterday"],
            ["history", "-n", "0"],
            ["history", "--since", "1", "-n", "1"],
        ):
            result = self.run_confab(None, *arguments)
            self.assertEqual((result.code, result.out), (2, []), arguments)
            self.assertTrue(result.err and result.err[0].startswith("confab: "), result)

    def test_an_output_that_cannot_be_written_is_1(self) -> None:
        server = self.start_server()
        self.run_confab(server, "--name", "Ada", person="Ada", text="hello")
        with open("/dev/full", "wb") as full:
            arguments = [str(BIN / "confab"), "history", "--server", server.address]
            program = self.stage(Program(arguments, self.environment("guest"), out=full.fileno()))
            result = self.finish(program)
        self.assertEqual((result.code, len(result.err)), (1, 1))

    def test_an_empty_input_still_asks_for_the_server(self) -> None:
        result = self.run_confab(None, "--server", f"127.0.0.1:{free_port()}", "--name", "Ada", person="Ada")
        self.assertEqual(result.code, 69)

    def test_a_line_that_is_no_text_costs_only_its_bad_bytes(self) -> None:
        server = self.start_server()
        ada = self.start_confab(server, "--name", "Ada", person="Ada")
        ada.process.stdin.write(b"before\nb\xff\xfed\nafter\n")
        self.assertEqual(self.finish(ada).code, 0)
        self.assertEqual(self.history(server), ["Ada : before", "Ada : b\ufffd\ufffdd", "Ada : after"])

    def test_many_first_starts_at_once_share_one_key(self) -> None:
        server = self.start_server()
        scripts = [self.start_confab(server, "send", "--name", "Ada", f"line {n}", person="Ada") for n in range(8)]
        self.assertEqual([self.finish(script).code for script in scripts], [0] * 8)
        self.assertEqual(sorted(self.history(server)), [f"Ada : line {n}" for n in range(8)])

    def test_without_a_name_nothing_starts(self) -> None:
        server = self.start_server()
        for arguments in ([], ["send", "hello"]):
            result = self.run_confab(server, *arguments, text="hello")
            self.assertEqual((result.code, len(result.err)), (2, 1))
            self.assertIn("--name", result.err[0])

    def test_nobody_listening_is_69_at_once(self) -> None:
        address = f"127.0.0.1:{free_port()}"
        for command in (["history"], ["tail"], ["who"], ["rooms"], ["search", "x"]):
            began = time.monotonic()
            result = self.run_confab(None, *command, "--name", "Ada", "--server", address)
            self.assertEqual((result.code, result.out, len(result.err)), (69, [], 1), command)
            self.assertIn(address, result.err[0])
            self.assertLess(time.monotonic() - began, 5, command)

    def test_nobody_listening_is_75_at_once_for_what_can_wait(self) -> None:
        address = f"127.0.0.1:{free_port()}"
        for command in (["send", "hello"], []):
            began = time.monotonic()
            result = self.run_confab(None, *command, "--name", "Ada", "--server", address, text="hello")
            self.assertEqual((result.code, result.out), (75, []), command)
            self.assertIn(address, result.err[-1])
            self.assertLess(time.monotonic() - began, 5, command)

    def test_a_host_that_has_no_address_is_69(self) -> None:
        result = self.run_confab(None, "who", "--server", "no-such-host.invalid")
        self.assertEqual((result.code, len(result.err)), (69, 1), result)

    def test_somebody_elses_name_is_77(self) -> None:
        server = self.start_server()
        self.enter(server, "Ada")
        for name in ("Ada", "aDA"):
            for command in (["--name", name], ["send", "--name", name, "I am Ada"]):
                result = self.run_confab(server, *command, person="Eve", text="I am Ada")
                self.assertEqual((result.code, result.out, len(result.err)), (77, [], 1), result)
        self.assertEqual(self.history(server), ["Ada : is here"])

    def test_a_message_over_the_limit_is_refused_whole(self) -> None:
        server = self.start_server()
        ada = self.enter(server, "Ada")
        ada.say("x" * (16 * 1024), "y" * (16 * 1024 + 1), "z" * 100_000, "still here")
        server.out.wait_for("Ada : still here")
        result = self.finish(ada)
        self.assertEqual((result.code, len(result.err)), (1, 2))
        for line in result.err:
            self.assertRegex(line, r"^confab: not sent: .*message_bytes_max is 16384")
        self.assertEqual(self.history(server), ["Ada : is here", "Ada : " + "x" * 16 * 1024, "Ada : still here"])

        too_long = self.run_confab(server, "send", person="Ada", text="w" * (16 * 1024 + 1))
        self.assertNotEqual(too_long.code, 0)
        self.assertIn("message_bytes_max is 16384", too_long.err[0])

    def test_a_damaged_key_is_named_and_left_as_it_is(self) -> None:
        server = self.start_server()
        self.run_confab(server, "send", "--name", "Ada", "hello", person="Ada")
        key = self.home("Ada") / "data/identity.key"
        key.write_text("damaged")
        result = self.run_confab(server, "send", "--name", "Ada", "again", person="Ada")
        self.assertEqual((result.code, len(result.err)), (1, 1))
        self.assertIn(str(key), result.err[0])
        self.assertEqual(key.read_text(), "damaged")

    def test_keys_are_for_their_owner_alone(self) -> None:
        server = self.start_server()
        self.run_confab(server, "send", "--name", "Ada", "hello", person="Ada")
        for secret in (self.home("Ada") / "data/identity.key", server.data / "server.key", server.data / "confab.db"):
            self.assertEqual(secret.stat().st_mode & 0o077, 0, secret)

    def test_a_reader_that_goes_away_ends_it_in_peace(self) -> None:
        server = self.start_server()
        self.run_confab(server, "--name", "Ada", person="Ada", text="\n".join(map(str, range(1000))))
        reader, writer = os.pipe()
        os.close(reader)
        confab = [str(BIN / "confab"), "history", "--server", server.address]
        program = self.stage(Program(confab, self.environment("guest"), out=writer))
        os.close(writer)
        self.assertEqual((program.wait(), program.err.lines), (0, []))


class ServerErrorsTest(EndToEndTest):
    def run_confabd(self, *arguments: str, **variables: str) -> Result:
        program = self.stage(Program([str(BIN / "confabd"), *arguments], self.environment("server", **variables)))
        return Result(program.wait(), program.out.lines, program.err.lines)

    def refuse_to_start(self, *arguments: str, listen: str = "127.0.0.1:0") -> str:
        """The one line that says why."""
        result = self.run_confabd("--listen", listen, *arguments)
        self.assertNotEqual(result.code, 0)
        self.assertGreater(result.code, 0, "not by a signal")
        self.assertEqual((result.out, len(result.err)), ([], 1), result)
        self.assertTrue(result.err[0].startswith("confabd: "), result)
        return result.err[0]

    def stop_with_history(self) -> pathlib.Path:
        """The data directory of a server that was in use."""
        server = self.start_server()
        self.run_confab(server, "--name", "Ada", person="Ada", text="precious")
        server.stop()
        return server.data

    def test_a_port_that_is_taken(self) -> None:
        server = self.start_server()
        complaint = self.refuse_to_start("--data", str(self.folder / "other"), listen=server.address)
        self.assertIn(server.address, complaint)

    def test_a_data_directory_that_cannot_be_one(self) -> None:
        file = self.folder / "file"
        file.write_text("precious")
        for data in (file, file / "below", pathlib.Path("/proc/no-place")):
            self.assertIn(str(data), self.refuse_to_start("--data", str(data)))
        self.assertEqual(file.read_text(), "precious")

    @unittest.skipIf(os.geteuid() == 0, "root may write everywhere")
    def test_a_data_directory_without_permission(self) -> None:
        data = self.folder / "closed"
        data.mkdir(mode=0o500)
        self.assertIn(str(data), self.refuse_to_start("--data", str(data)))

    def test_nobody_reading_its_lines_stops_nobody(self) -> None:
        reader, writer = os.pipe()
        confabd = [str(BIN / "confabd"), "--listen", "127.0.0.1:0", "--data", str(self.folder / "server")]
        server = self.stage(Program(confabd, self.environment("server"), out=writer))
        os.close(writer)
        address = server.err.wait_for(re.compile(" info server ready ")).split()[-2]
        for close in (lambda: None, lambda: os.close(reader)):  # first nobody reads, then nobody can
            close()
            text = "\n".join(f"{number} " + "x" * 1000 for number in range(200))
            result = self.run_confab(None, "--server", address, "--name", "Ada", person="Ada", text=text)
            self.assertEqual((result.code, result.err), (0, []))

    def test_a_second_server_on_the_same_data(self) -> None:
        server = self.start_server()
        self.assertIn(str(server.data), self.refuse_to_start("--data", str(server.data)))
        self.run_confab(server, "--name", "Ada", person="Ada", text="the first one goes on")
        server.out.wait_for("Ada : the first one goes on")

    def test_damage_is_named_and_left_as_it_is(self) -> None:
        data = self.stop_with_history()
        for name, damage in [("confab.db", b"not a database " * 100), ("server.key", b"-----BEGIN NOTHING-----\n")]:
            file = data / name
            whole = file.read_bytes()
            file.write_bytes(damage + whole[len(damage) :])
            before = {path.name: path.read_bytes() for path in data.iterdir()}
            self.assertIn(str(file), self.refuse_to_start("--data", str(data)))
            self.assertEqual({path.name: path.read_bytes() for path in data.iterdir()}, before)
            file.write_bytes(whole)
        self.assertEqual(self.history(self.start_server(data=data)), ["Ada : precious"])

    def test_an_emptied_key_is_not_replaced(self) -> None:
        data = self.stop_with_history()
        (data / "server.key").write_bytes(b"")
        self.assertIn("server.key", self.refuse_to_start("--data", str(data)))
        self.assertEqual((data / "server.key").read_bytes(), b"")

    def test_usage_is_2(self) -> None:
        for arguments in (
            ["--no-such-option"],
            ["--listen", "nonsense"],
            ["--plain", "maybe"],
            ["--log-level", "loud"],
            ["--workers", "0"],
            ["surplus"],
        ):
            result = self.run_confabd("--data", str(self.folder / "unused"), *arguments)
            self.assertEqual((result.code, result.out), (2, []), arguments)
            self.assertTrue(result.err and result.err[0].startswith("confabd: "), result)
        self.assertFalse((self.folder / "unused").exists())


class SettingsTest(EndToEndTest):
    def settings(self, text: str) -> str:
        path = self.folder / "confabd.toml"
        path.write_text(text)
        return str(path)

    def test_the_settings_file_says_what_options_say(self) -> None:
        port = free_port()
        data = self.folder / "data"
        config = self.settings(
            f'listen = ["127.0.0.1:{port}"]\ndata = "{data}"\nquiet = true\nlog_format = "json"\nlog-level = "debug"\n'
        )
        confabd = self.stage(Program([str(BIN / "confabd"), "--config", config], self.environment("server")))
        ready = confabd.err.wait_for_object(level="info", category="server")
        self.assertRegex(ready["message"], rf"^ready 127\.0\.0\.1:{port} SHA256:")
        self.assertTrue((data / "confab.db").exists())

    def test_what_the_file_gets_wrong_is_named_by_file_and_line(self) -> None:
        for text, line in [("quiet = true\n\ncolour = 1\n", 3), ("quiet =\n", 1), ("listen = 5.5\n", 1)]:
            config = self.settings(text)
            confabd = self.stage(Program([str(BIN / "confabd"), "--config", config], self.environment("server")))
            self.assertEqual((confabd.wait(), len(confabd.err.lines)), (2, 1), text)
            self.assertIn(f"{config}:{line}: ", confabd.err.lines[0])

    def test_the_environment_says_it_too(self) -> None:
        port = free_port()
        server = self.start_server(listen="", CONFABD_LISTEN=f"127.0.0.1:{port}", CONFABD_QUIET="true")
        self.assertEqual(server.port, port)
        self.run_confab(server, "--name", "Ada", person="Ada", text="hello")
        server.stop()
        self.assertEqual(server.out.lines, [])

    def test_the_command_line_goes_before_the_file(self) -> None:
        config = self.settings('listen = "127.0.0.1:1"\ndata = "/proc/no-place"\n')
        server = self.start_server("--config", config)
        self.assertNotEqual(server.port, 1)

    def test_interrupt_ends_like_terminate(self) -> None:
        server = self.start_server()
        server.signal(signal.SIGINT)
        self.assertEqual(server.wait(), 0)

    def test_help_and_version_are_answers_not_errors(self) -> None:
        for name in ("confabd", "confab"):
            for option, pattern in [("--help", "--data"), ("--version", rf"^{name} \d+\.\d+\.\d+$")]:
                program = self.stage(Program([str(BIN / name), option], self.environment("guest")))
                self.assertEqual((program.wait(), program.err.lines), (0, []))
                self.assertRegex("\n".join(program.out.lines), pattern)


if __name__ == "__main__":
    unittest.main(verbosity=2)
