import { printable } from "../../base/text.ts";
import { defineCommand } from "../../contracts/command.ts";
import { diagnose, type Check } from "./diagnose.ts";

const marks: Readonly<Record<Check["state"], string>> = { ok: "ok  ", warn: "warn", fail: "FAIL" };

export default defineCommand({
  name: "doctor",
  summary: "Say what Repowright runs on, what is wrong and how to mend it",
  description: "Exit code 1 when something that is needed does not work.",
  positionals: [],
  options: { json: { type: "boolean", description: "Print one JSON object" } },
  examples: ["repowright doctor", "repowright doctor --json | jq '.checks[] | select(.state != \"ok\")'"],
  async run({ options, services, terminal }) {
    terminal.progress({ stage: "doctor", fraction: null, message: "Looking at everything" });
    const checks = await diagnose(services);
    terminal.clearProgress();
    if (options.json) terminal.write(`${JSON.stringify({ checks }, null, 2)}\n`);
    else {
      const width = Math.max(...checks.map((check) => check.name.length));
      for (const check of checks) {
        terminal.write(`${marks[check.state]}  ${check.name.padEnd(width)}  ${printable(check.detail)}\n`);
        if (check.mend !== null) terminal.write(`${" ".repeat(width + 8)}→ ${printable(check.mend)}\n`);
      }
    }
    return checks.some((check) => check.state === "fail") ? 1 : 0;
  },
});
