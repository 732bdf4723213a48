import { execFileSync } from "node:child_process";
import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { isInstalled, measure, type Measured } from "./measure.ts";

/**
 * `npm run bench -- [--peers] [--runs N] REPOSITORY …`: how long `analyze` takes against the limit (what Git itself needs to
 * walk the history and to read the contents) and, with --peers, against the tools that are installed and do a part of it.
 * Prints one Markdown table per repository. Default: this repository.
 */
const args = process.argv.slice(2);
const withPeers = args.includes("--peers");
const runs = Number(args[args.indexOf("--runs") + 1]) || 3;
const repositories = args.filter((arg, index) => !arg.startsWith("--") && args[index - 1] !== "--runs");
const program = fileURLToPath(new URL("../bin/repowright.js", import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "repowright-bench-"));
process.on("exit", () => rmSync(scratch, { recursive: true, force: true }));

async function benchRepository(source: string): Promise<void> {
  // A clone of our own, so that a commit can be added and nothing foreign is touched.
  const folder = join(scratch, basename(source));
  execFileSync("git", ["clone", "--quiet", "--shared", source, folder], { stdio: "ignore" });
  const dataDir = join(scratch, "data");
  const forget = (): void => rmSync(dataDir, { recursive: true, force: true });
  const ours = (extra: readonly string[], before?: () => void): Promise<Measured> =>
    measure(
      runs,
      process.execPath,
      [program, "analyze", folder, ...extra],
      { cwd: scratch, environment: { REPOWRIGHT_DATA_DIR: dataDir, NO_COLOR: "1" }, seen: /^Languages/m },
      before,
    );
  const shell = (command: string, count = runs): Promise<Measured> =>
    measure(count, "sh", ["-c", command], { cwd: folder });

  const walk = await shell("git log --raw --no-renames -z HEAD");
  const read = await shell(
    "git ls-tree -r HEAD | awk '$2 == \"blob\" {print $3}' | git cat-file --batch --buffer",
  );
  const limitMs = walk.wallMs + read.wallMs;
  const cold = await ours(["--no-lines"], forget);
  const second = await ours(["--no-lines"]);
  appendFileSync(join(folder, "README.md"), "\nOne more line.\n");
  execFileSync(
    "git",
    [
      "-c",
      "user.name=Bench",
      "-c",
      "user.email=bench@example.org",
      "commit",
      "--quiet",
      "--all",
      "--allow-empty",
      "--message",
      "bench",
    ],
    { cwd: folder },
  );
  const pushed = await measure(1, process.execPath, [program, "analyze", folder, "--no-lines"], {
    cwd: scratch,
    environment: { REPOWRIGHT_DATA_DIR: dataDir },
  });
  const numstat = await shell("git log --numstat --format=%H HEAD", 1);
  const withLines = await measure(
    1,
    process.execPath,
    [program, "analyze", folder],
    { cwd: scratch, environment: { REPOWRIGHT_DATA_DIR: dataDir } },
    forget,
  );
  const linesAgain = await ours([]);

  const commits = execFileSync("git", ["rev-list", "--count", "HEAD"], {
    cwd: folder,
    encoding: "utf8",
  }).trim();
  const rows: (readonly [string, Measured, string])[] = [
    ["`git log --raw`", walk, ""],
    ["`git cat-file --batch` of HEAD", read, ""],
    [
      "analyze, cold, without changed lines",
      cold,
      `${(cold.wallMs / limitMs).toFixed(2)} × the limit, first screen ${seconds(cold.seenMs ?? 0)}, peak ${Math.round(cold.peakBytes / 2 ** 20)} MB`,
    ],
    ["analyze, second run", second, ""],
    ["analyze, after one new commit", pushed, ""],
    ["`git log --numstat`", numstat, ""],
    [
      "analyze, cold, with changed lines",
      withLines,
      `${(withLines.wallMs / numstat.wallMs).toFixed(2)} × numstat`,
    ],
    ["the same, second run", linesAgain, ""],
  ];
  if (withPeers) rows.push(...(await benchPeers(folder, cold)));
  print([
    `### ${basename(source)} (${commits} commits, ${availableParallelism()} processors, median of ${runs})`,
    "",
    "| what | wall | remark |",
    "| --- | --- | --- |",
    ...rows.map(([name, value, remark]) => `| ${name} | ${seconds(value.wallMs)} | ${remark} |`),
    "",
  ]);
}

/** Those of its reports that `analyze` gives too. */
const quickStats =
  "detailed-git-stats contributors commits-per-author commits-per-day commits-by-month commits-by-weekday commits-by-hour";

/** Tools that each do a part of the report, run once: several take minutes. */
const peers: readonly { readonly name: string; readonly command: string }[] = [
  {
    name: "git-quick-stats",
    command: `export _GIT_LIMIT=10000000; for report in ${quickStats}; do git-quick-stats --$report </dev/null; done`,
  },
  { name: "cloc", command: "cloc --quiet --vcs=git --skip-uniqueness --timeout 0 ." },
  { name: "github-linguist", command: "github-linguist --breakdown ." },
  { name: "ctags", command: "git ls-files | ctags -f /dev/null -L -" },
  { name: "repomix", command: `repomix --quiet --output ${join(scratch, "repomix.xml")} .` },
];

async function benchPeers(folder: string, ours: Measured): Promise<[string, Measured, string][]> {
  const rows: [string, Measured, string][] = [];
  let sumMs = 0;
  for (const peer of peers.filter(({ name }) => isInstalled(name))) {
    const measured = await measure(1, "sh", ["-c", peer.command], { cwd: folder });
    sumMs += measured.wallMs;
    rows.push([peer.name, measured, ""]);
  }
  if (rows.length > 0)
    rows.push([
      "sum of the peers",
      { ...ours, wallMs: sumMs },
      `${(sumMs / ours.wallMs).toFixed(1)} × analyze, cold, without changed lines`,
    ]);
  return rows;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}

function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join("\n")}\n`);
}

for (const repository of repositories.length > 0 ? repositories : ["."])
  await benchRepository(resolve(repository));
