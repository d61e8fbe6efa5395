"""How long downloads take by whom the tracker hands out, in simulated swarms."""
import json
import subprocess

from pair import Pair
from server import ROOT


class hand_out(Pair):
    path, beside, aim = "mean download time, flash crowd", "uniformly random hand-out", "below 1"
    unit = "s"

    def __enter__(self):
        self.lines = []
        return self

    def ours(self) -> float:
        if not self.lines:
            command = [str(ROOT / ".build/release/swarm-simulation"), "--json"]
            answer = subprocess.run(command, check=True, capture_output=True, text=True)
            self.lines = [json.loads(line) for line in answer.stdout.splitlines() if line.startswith("{")]
        return self.mean(self.lines[0]["swarm"], "mixed")

    def theirs(self) -> float:
        return self.mean(self.lines[0]["swarm"], "uniformly random")

    def mean(self, swarm: str, rule: str) -> float:
        return next(line["mean"] for line in self.lines if (line["swarm"], line["rule"]) == (swarm, rule))

    def more(self) -> list[dict]:
        rows = []
        for line in self.lines:
            base = self.mean(line["swarm"], "uniformly random")
            if line["rule"] != "uniformly random":
                rows.append({"path": f"mean download time, {line['swarm']}, {line['rule']}",
                             "ours": f"{line['mean']:.0f} s", "beside": self.beside, "theirs": f"{base:.0f} s",
                             "ratio": f"{line['mean'] / base:.3f}", "aim": "-"})
        return rows
