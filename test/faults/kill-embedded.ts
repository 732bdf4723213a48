import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { listSnapshots, snapshotFolder } from "../../src/core/database/snapshots.ts";
import { createEmbeddedPorts } from "../support/embedded.ts";

export interface KillReport {
  kills: number;
  /** By what the process was doing. */
  readonly during: Record<string, number>;
  acknowledged: number;
  /** Acknowledged and not there: must be empty. */
  readonly lost: string[];
  /** Written in a transaction of which only a part is there: must be 0. */
  torn: number;
  /** Did not open again: must be empty. */
  readonly broken: string[];
  /** Longest time from the start of a process to an open database. */
  slowestOpenMs: number;
  snapshotsRestored: number;
}

const writer = fileURLToPath(new URL("embedded-writer.ts", import.meta.url));

/** kill -9 again and again at moments that `random` chooses, and what an independent ledger says of the database. */
export async function killEmbedded(
  folder: string,
  kills: number,
  random: () => number,
  onKill: (report: KillReport) => void = () => {},
): Promise<KillReport> {
  const report: KillReport = {
    kills: 0,
    during: {},
    acknowledged: 0,
    lost: [],
    torn: 0,
    broken: [],
    slowestOpenMs: 0,
    snapshotsRestored: 0,
  };
  const dataDir = join(folder, "data");
  const ledger = join(folder, "ledger");
  mkdirSync(dataDir, { recursive: true });
  let round = 0;
  while (report.kills < kills) {
    // A fifth of the kills hit the very first opening, a further fifth a later one; the others hit work.
    const kind = report.kills % 5;
    if (kind === 0 && !existsSync(ledger)) rmSync(dataDir, { recursive: true, force: true });
    const atOpening = kind < 2;
    const delayMs = atOpening ? 150 + random() * (existsSync(ledger) ? 700 : 2_500) : random() * 2_500;
    const ended = await runAndKill(dataDir, ledger, ++round, atOpening, delayMs, report);
    if (ended !== null) report.broken.push(ended);
    if (report.broken.length > 2) break;
    onKill(report);
  }
  await check(dataDir, ledger, report);
  return report;
}

/** Resolves to what the process said if it ended by itself. */
function runAndKill(
  dataDir: string,
  ledger: string,
  round: number,
  atOpening: boolean,
  delayMs: number,
  report: KillReport,
): Promise<string | null> {
  const start = performance.now();
  const child = spawn(process.execPath, [writer, dataDir, ledger, String(round)], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env["PATH"] },
  });
  let last = "opening";
  let said = "";
  const kill = (): void => void setTimeout(() => child.kill("SIGKILL"), delayMs);
  if (atOpening) kill();
  const tooLong = setTimeout(() => {
    said += "it did not open within 30 s";
    child.kill("SIGTERM");
  }, 30_000);
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    if (last === "opening") {
      clearTimeout(tooLong);
      report.slowestOpenMs = Math.max(report.slowestOpenMs, Math.round(performance.now() - start));
      if (!atOpening) kill();
    }
    last = text.trim().split("\n").at(-1)!;
  });
  return new Promise((resolve) =>
    child.on("close", (_, signal) => {
      clearTimeout(tooLong);
      if (signal !== "SIGKILL") return resolve(said);
      report.kills++;
      report.during[last] = (report.during[last] ?? 0) + 1;
      resolve(null);
    }),
  );
}

async function check(dataDir: string, ledger: string, report: KillReport): Promise<void> {
  const noted = existsSync(ledger) ? readFileSync(ledger, "utf8").trimEnd().split("\n") : [];
  report.acknowledged = noted.length;
  const ports = createEmbeddedPorts();
  // The writer's own further migrations are unknown here.
  const engine = await ports.openEngine(join(dataDir, "database"), {});
  const there = new Set(
    (await engine.query<{ id: string }>("select id from repositories")).map((row) => row.id),
  );
  report.lost.push(...noted.filter((id) => !there.has(id)));
  const [torn] = await engine.query<{ n: number }>(
    `select count(*) as n from repositories r left join snapshots s on s.repository_id = r.id
     where split_part(r.id, '-', 2)::int % 10 = 9 and s.commit_id is null`,
  );
  report.torn = torn!.n;
  // Every table and index is read.
  await engine.script("reindex schema repowright");
  await engine.close();
  // Every snapshot that has its name is whole, whenever its process was killed.
  for (const snapshot of listSnapshots(snapshotFolder(dataDir))) {
    const elsewhere = join(dataDir, "elsewhere");
    const restored = await ports.openEngine(elsewhere, { loadFrom: snapshot });
    await restored.query("select count(*) from repositories");
    await restored.close();
    rmSync(elsewhere, { recursive: true });
    report.snapshotsRestored++;
  }
}
