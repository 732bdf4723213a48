import { execFileSync } from "node:child_process";
import { basename, dirname } from "node:path";
import { parseArgs } from "node:util";
import type { RawFinding } from "../src/contracts/finding.ts";
import type { ReviewedChange, ReviewedFile } from "../src/contracts/review-rule.ts";
import { parseDiff } from "../src/core/diff/parse-diff.ts";
import { createAttributes } from "../src/core/repository/languages/attributes.ts";
import { changeFromExample } from "../test/support/change-example.ts";
import { createReviewedFile } from "../src/core/review/reviewed-file.ts";
import { createRuleRunner } from "../src/core/review/run-rules.ts";
import { languages } from "../src/extensions/languages/registry.generated.ts";
import { rules } from "../src/extensions/rules/registry.generated.ts";
import { openCommandReviews } from "./review-as-command.ts";

/**
 * How much our own rules say about what others merged: every rule on the last commits of repositories, one by one.
 * `node bench/review-noise.ts [--whole] [--patch] [--all] [--commits 200] [--skip 0] [--show] [--info] [--rule <id>] <repository>…`
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    commits: { type: "string", default: "200" },
    skip: { type: "string", default: "0" },
    show: { type: "boolean", default: false },
    info: { type: "boolean", default: false },
    rule: { type: "string" },
    /** Everything in the newest commit as if it had just been added. */
    whole: { type: "boolean", default: false },
    /** As if nothing but the patch were known. */
    patch: { type: "boolean", default: false },
    /** As the command does it: linters, index, suppressions and caps too. */
    all: { type: "boolean", default: false },
  },
});
const maxBytes = 256 * 1024 * 1024;
const maxBlobBytes = 1_000_000;
const runner = createRuleRunner(rules, languages);
const { signal } = new AbortController();

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const reviews = values.all ? openCommandReviews() : null;
for (const repository of positionals) await measure(repository);
await reviews?.close();

async function measure(repository: string): Promise<void> {
  const name = basename(repository) === "repo" ? basename(dirname(repository)) : basename(repository);
  const git = (args: readonly string[], input = ""): Buffer =>
    execFileSync("git", ["-C", repository, ...args], {
      maxBuffer: maxBytes,
      input,
      stdio: ["pipe", "pipe", "ignore"],
    });
  const commits = values.whole
    ? [["HEAD", ""]]
    : git(["log", "--no-merges", `--skip=${values.skip}`, "-n", values.commits, "--format=%H %P"])
        .toString()
        .trim()
        .split("\n")
        .map((line) => line.split(" "))
        .filter(([, parent]) => parent !== undefined);
  const attributes = createAttributes([
    { path: ".gitattributes", text: tryText(() => git(["cat-file", "blob", "HEAD:.gitattributes"])) ?? "" },
  ]);
  const all: RawFinding[] = [];
  let parsedBytes = 0;
  let tookMs = 0;
  let loud = 0;
  let seen = 0;
  let missing = 0;
  for (const [commit, parent] of commits) {
    if (reviews !== null) {
      const review = await reviews.review(repository, parent!, commit!);
      seen++;
      tookMs += review.tookMs;
      for (const { state, id, message } of review.passes)
        if (state === "failed") print(`note ${commit!.slice(0, 10)} ${id} failed: ${message}`);
      for (const note of review.notes) print(`note ${commit!.slice(0, 10)} ${note}`);
      report(
        commit!,
        review.findings.filter(({ rule }) => values.rule === undefined || rule === values.rule),
        ({ excerpt }) => excerpt.slice(0, 3),
      );
      continue;
    }
    let change: ReviewedChange;
    try {
      change = values.whole ? openWhole(git) : openCommit(git, commit!, parent!, attributes);
    } catch {
      // A clone without all blobs.
      missing++;
      continue;
    }
    seen++;
    parsedBytes += change.files.reduce((sum, file) => sum + (file.text?.length ?? 0), 0);
    const start = performance.now();
    const { findings, notes } = await runner.run(change, signal, {
      isOn: (id) => values.rule === undefined || id === values.rule,
    });
    tookMs += performance.now() - start;
    for (const note of notes) print(`note ${commit!.slice(0, 10)} ${note}`);
    report(
      commit!,
      findings,
      ({ path, line, endLine }) =>
        change.file(path)?.lines.slice(line - 1, Math.min(endLine, line + 2)) ?? [],
    );
  }
  const loudFindings = all.filter(({ severity }) => severity !== "info");
  print(
    `${repository}: ${seen} commits${missing > 0 ? ` (${missing} more lack blobs)` : ""}, ${(loudFindings.length / seen).toFixed(3)} errors and warnings per commit (${loudFindings.length} in ${loud} commits), ` +
      `${((all.length - loudFindings.length) / seen).toFixed(2)} infos; ${(tookMs / seen).toFixed(1)} ms per commit${parsedBytes === 0 ? "" : `, ${(parsedBytes / 1e6).toFixed(1)} MB`}`,
  );
  const counts = new Map<string, number>();
  for (const { rule, severity } of all)
    counts.set(`${severity} ${rule}`, (counts.get(`${severity} ${rule}`) ?? 0) + 1);
  for (const [key, count] of [...counts].sort((a, b) => b[1] - a[1]))
    print(`   ${String(count).padStart(5)} ${key}`);

  function report<F extends RawFinding>(
    commit: string,
    findings: readonly F[],
    linesOf: (finding: F) => readonly string[],
  ): void {
    all.push(...findings);
    const said = findings.filter(({ severity }) => severity !== "info");
    if (said.length > 0) loud++;
    if (!values.show) return;
    for (const finding of values.info ? findings : said) {
      const { severity, rule, path, line, message } = finding;
      print(`${name} ${commit.slice(0, 10)} ${severity} ${rule} ${path}:${line} ${message}`);
      for (const text of linesOf(finding)) print(`      | ${text.trim().slice(0, 180)}`);
    }
  }
}

function openCommit(
  git: (args: readonly string[], input?: string) => Buffer,
  commit: string,
  parent: string,
  attributes: ReturnType<typeof createAttributes>,
): ReviewedChange {
  const diff = parseDiff(
    git([
      "-c",
      "core.quotePath=true",
      "diff",
      "--no-ext-diff",
      "--no-textconv",
      "--no-color",
      "--full-index",
      "-M",
      parent,
      commit,
    ]),
  );
  const wanted = diff.files.filter(
    (file) =>
      !values.patch &&
      file.status !== "deleted" &&
      !file.isBinary &&
      !file.isSubmodule &&
      file.newOid !== null,
  );
  const contents = readBlobs(
    git,
    wanted.map((file) => file.newOid!),
  );
  const files: readonly ReviewedFile[] = diff.files.map((file) =>
    createReviewedFile(file, contents.get(file.newOid ?? "") ?? null, attributes(file.path)),
  );
  const readAt = (revision: string) => async (path: string) =>
    tryText(() => git(["cat-file", "blob", `${revision}:${path}`]));
  return {
    files,
    file: (path) => files.find((file) => file.path === path) ?? files.find((file) => file.oldPath === path),
    before: readAt(parent),
    read: readAt(commit),
    paths: async () =>
      git(["ls-tree", "-r", "-z", "--name-only", commit]).toString().split("\0").filter(Boolean),
    references: null,
  };
}

function openWhole(git: (args: readonly string[], input?: string) => Buffer): ReviewedChange {
  const entries = git(["ls-tree", "-r", "-z", "HEAD"])
    .toString()
    .split("\0")
    .flatMap((entry) => {
      const found = /^100\d+ blob (\w+)\t(.*)$/s.exec(entry);
      return found === null ? [] : [{ oid: found[1]!, path: found[2]! }];
    });
  const contents = readBlobs(
    git,
    entries.map(({ oid }) => oid),
  );
  return changeFromExample(
    Object.fromEntries(
      entries.flatMap(({ oid, path }) => {
        const content = contents.get(oid);
        return content === undefined ? [] : [[path, content.toString("utf8")]];
      }),
    ),
  );
}

/** Contents by blob id, as `git cat-file --batch` prints them. */
function readBlobs(
  git: (args: readonly string[], input?: string) => Buffer,
  oids: readonly string[],
): ReadonlyMap<string, Buffer> {
  const contents = new Map<string, Buffer>();
  if (oids.length === 0) return contents;
  const output = git(["cat-file", "--batch"], `${[...new Set(oids)].join("\n")}\n`);
  for (let at = 0; at < output.length;) {
    const end = output.indexOf(10, at);
    const [oid, type, size] = output.toString("latin1", at, end).split(" ");
    at = end + 1;
    if (type !== "blob") continue;
    const length = Number(size);
    if (length <= maxBlobBytes) contents.set(oid!, output.subarray(at, at + length));
    at += length + 1;
  }
  return contents;
}

function tryText(read: () => Buffer): string | null {
  try {
    return read().toString("utf8");
  } catch {
    return null;
  }
}
