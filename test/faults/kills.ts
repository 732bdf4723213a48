import { parseArgs } from "node:util";
import { createRandom, pickSeed, withCluster } from "../support/fault-cluster.ts";
import { checkInvariant, percentile, restartTimes } from "../support/fault-invariant.ts";
import { killAgainAndAgain } from "../support/fault-kills.ts";
import { canRun, modes, type Mode } from "../support/platforms.ts";
import { locate } from "../support/servers.ts";

/**
 * F1 at length: `node test/faults/kills.ts [--mode M] [--kills N]` kills processes at random moments while jobs keep
 * coming, and prints what an independent ledger says. Exits with 1 when a job was lost or an effect happened twice.
 */
const { values } = parseArgs({
  options: { mode: { type: "string" }, kills: { type: "string", default: "210" } },
});
await locate();
const chosen = modes.filter((mode) => canRun(mode) && (values.mode === undefined || values.mode === mode));
if (chosen.length === 0)
  throw new Error(`No such mode here: ${values.mode}; there are: ${modes.join(", ")}.`);
const killsEach = Math.ceil(Number(values.kills) / chosen.length);
const targetMs = 10_000;

let isBroken = false;
process.stdout.write(
  "| mode | kills | jobs accepted | lost | duplicate effects | jobs begun again | p50 ms | p95 ms | max ms |\n|---|---|---|---|---|---|---|---|---|\n",
);
for (const mode of chosen) process.stdout.write(`${await runMode(mode)}\n`);
process.exit(isBroken ? 1 : 0);

async function runMode(mode: Mode): Promise<string> {
  const random = createRandom(pickSeed(`kills, ${mode}`));
  return withCluster(mode, {}, async (cluster) => {
    const kills = await killAgainAndAgain(cluster, killsEach, random);
    const outcome = await checkInvariant(cluster, 120_000);
    for (const line of outcome.broken) process.stderr.write(`${line}\n`);
    const times = restartTimes(outcome.jobs, kills);
    const [p50, p95, most] = [0.5, 0.95, 1].map((share) => percentile(times, share));
    if (outcome.broken.length > 0 || p95! > targetMs) isBroken = true;
    const counts = [kills.length, cluster.accepted.size, outcome.lost, outcome.duplicateEffects];
    return `| ${[mode, ...counts, times.length, p50, p95, most].join(" | ")} |`;
  });
}
