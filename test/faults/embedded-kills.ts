import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { killEmbedded } from "./kill-embedded.ts";

/** `node test/faults/embedded-kills.ts [kills]`: fault F5 at length; prints a report, exit code 1 if anything was lost. */
const kills = Number(process.argv[2] ?? 60);
const folder = mkdtempSync(join(tmpdir(), "repowright-kills-"));
try {
  const report = await killEmbedded(folder, kills, Math.random, (state) =>
    process.stderr.write(`\r${state.kills} of ${kills} kills`),
  );
  process.stdout.write(`\n${JSON.stringify(report, null, 2)}\n`);
  const isFine = report.lost.length === 0 && report.torn === 0 && report.broken.length === 0;
  process.exitCode = isFine ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
