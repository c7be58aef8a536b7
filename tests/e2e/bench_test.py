# SPDX-License-Identifier: MIT
"""The benchmark's scenarios, small: each ends, and finds its promise kept."""

import json
import unittest

from harness import BIN, EndToEndTest, Program


class BenchTest(EndToEndTest):
    def run_scenario(self, *arguments: str) -> dict:
        figures = self.folder / "figures.json"
        command = [str(BIN / "confab_bench"), *arguments, "--json", str(figures)]
        result = self.finish(self.stage(Program(command, self.environment("bench"))))
        self.assertEqual(result.code, 0, result)
        return json.loads(figures.read_text())

    def test_everybody_comes_back_to_a_killed_server(self) -> None:
        figures = self.run_scenario("--reconnect", "40")
        self.assertEqual(figures["members"], 40)
        self.assertEqual((figures["lost"], figures["doubled"], figures["disordered"]), (0, 0, 0))

    def test_a_sleeping_member_catches_up(self) -> None:
        figures = self.run_scenario("--sleeper", "2000")
        self.assertEqual((figures["messages"], figures["lost"]), (2000, 0))

    def test_handshakes_alone(self) -> None:
        figures = self.run_scenario("--handshakes", "100")
        rounds = {each["opening"]: each for each in figures["rounds"]}
        self.assertEqual([each["completed"] for each in rounds.values()], [100, 100, 100])
        self.assertEqual([each["failed"] for each in rounds.values()], [0, 0, 0])
        self.assertEqual([each["resumed"] for each in rounds.values()], [0, 100, 100])
        self.assertEqual(rounds["with early data"]["early_taken"], 100)
        self.assertTrue(all(each["cpu_us_each"] > 0 for each in rounds.values()))

    def test_what_is_unknown_is_a_usage_error(self) -> None:
        result = self.finish(self.stage(Program([str(BIN / "confab_bench"), "--idle"], self.environment("bench"))))
        self.assertEqual(result.code, 2)


if __name__ == "__main__":
    unittest.main(verbosity=2)
