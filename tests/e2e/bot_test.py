# SPDX-License-Identifier: MIT
"""The example of the library, examples/parrot.cc, at work."""

import unittest

from harness import BIN, EndToEndTest, Program, Server

# Who is silent notices at its next keep-alive, up to 10 s later, that the server is another.
RECONNECT_S_MAX = 25.0


class BotTest(EndToEndTest):
    def start_parrot(self, server: Server, *room: str) -> Program:
        parrot = self.stage(Program([str(BIN / "parrot"), server.address, *room], self.environment("parrot")))
        parrot.out.wait_for("here as parrot")
        return parrot

    def test_it_answers_counts_and_leaves(self) -> None:
        server = self.start_server()
        parrot = self.start_parrot(server)
        ada = self.enter(server, "Ada")
        ada.say("!echo Grüße, 世界")
        ada.out.wait_for("parrot : Grüße, 世界")
        ada.say("!count")
        ada.out.wait_for("parrot : 3 messages")
        ada.say("!bye")
        ada.out.wait_for("parrot : bye, Ada")
        self.assertEqual(parrot.wait(), 0)
        self.assertEqual(self.history(server)[-1], "parrot : bye, Ada", "it went only when its goodbye was stored")

    def test_two_of_them_do_not_talk_for_ever(self) -> None:
        server = self.start_server()
        self.start_parrot(server)
        self.start_parrot(server)
        ada = self.enter(server, "Ada")
        ada.say("!echo !echo again")
        ada.out.wait_for("parrot : !echo again")
        ada.out.wait_for("parrot : !echo again")
        ada.say("!count")
        ada.out.wait_for("parrot : 3 messages")
        self.assertNotIn("parrot : again", self.history(server))

    def test_it_comes_back_after_the_server_did(self) -> None:
        server = self.start_server()
        self.start_parrot(server)
        ada = self.enter(server, "Ada")
        ada.say("!echo before")
        ada.out.wait_for("parrot : before")
        server.kill()
        server = self.restart(server)
        # Whichever of the two is back first: the parrot reads on where it was.
        ada.say("!echo after")
        ada.out.wait_for("parrot : after", RECONNECT_S_MAX)


if __name__ == "__main__":
    unittest.main()
