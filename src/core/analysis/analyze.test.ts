import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addCommit, createRepository, git, temporaryFolder } from "../../../test/support/repositories.ts";
import { analyzeRequest } from "../../../test/support/sample-report.ts";
import { createSampleRepository } from "../../../test/support/sample-repository.ts";
import { createServices, createThreads } from "../../../test/support/services.ts";
import { sharedFolder } from "../../../test/support/shared-folder.ts";
import { toAppError } from "../../base/errors.ts";
import { type Analysis, analysisSchema } from "../../contracts/analysis.ts";
import type { Scanner } from "../../contracts/scanner.ts";
import type { Services } from "../../contracts/services.ts";
import { analyzeRepository } from "./analyze.ts";
import type { AnalysisPart, AnalyzeObserver, AnalyzeRequest } from "./request.ts";

const folder = sharedFolder();
const sample = join(folder, "sample");
const threads = createThreads();
afterAll(() => threads.close());

const quiet: AnalyzeObserver = { onProgress: () => {}, onPart: () => {} };
const never = new AbortController().signal;
const analyze = (services: Services, changes: Partial<AnalyzeRequest> = {}): Promise<Analysis> =>
  analyzeRepository(analyzeRequest(sample, changes), services, quiet, never);

/** Services that note what is read and counted. */
function watch(services: Services) {
  const scanned: string[] = [];
  const kept: string[] = [];
  const scanner: Scanner = {
    ...services.scanner,
    start(handlers, signal) {
      const scan = services.scanner.start(handlers, signal);
      return {
        ...scan,
        add(task, bytes) {
          scanned.push(task.path);
          return scan.add(task, bytes);
        },
      };
    },
  };
  const { cache } = services;
  const watched: Services = {
    ...services,
    scanner,
    cache: {
      ...cache,
      putMany(space, entries) {
        const all = [...entries];
        kept.push(...all.map(([key]) => `${space.replace(/\/.*/, "")} ${key}`));
        cache.putMany(space, all);
      },
    },
  };
  return {
    services: watched,
    scanned,
    kept,
    counted: () => kept.filter((key) => key.startsWith("commit-lines ")),
  };
}

const withoutTimings = (of: Analysis): Analysis => ({ ...of, timings: {} });

let services: Services;
let report: Analysis;
const parts: AnalysisPart[] = [];
beforeAll(async () => {
  createSampleRepository(sample);
  services = createServices(join(folder, "data"), threads);
  const observer = { ...quiet, onPart: (part: AnalysisPart) => void parts.push(part) };
  report = await analyzeRepository(analyzeRequest(sample), services, observer, never);
});
afterAll(() => services.cache.close());

interface Schema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

/** Places where a value lacks what the schema requires, or has what it does not know. */
function differences(schema: Schema, value: unknown, place = "$"): string[] {
  if (schema.anyOf) {
    const all = schema.anyOf.map((option) => differences(option, value, place));
    return all.find((found) => found.length === 0) ?? all[0]!;
  }
  if (schema.type === "null") return value === null ? [] : [`${place} is not null`];
  if (schema.type === "array") {
    if (!Array.isArray(value)) return [`${place} is no array`];
    return value.flatMap((item, index) => differences(schema.items!, item, `${place}[${index}]`));
  }
  if (schema.properties === undefined)
    return value === null && !schema.type?.includes("null") ? [`${place} is null`] : [];
  if (typeof value !== "object" || value === null) return [`${place} is no object`];
  const missing = (schema.required ?? []).filter((name) => !(name in value));
  return [
    ...missing.map((name) => `${place}.${name} is missing`),
    ...Object.entries(value).flatMap(([name, item]) =>
      schema.properties![name] === undefined
        ? [`${place}.${name} is unknown`]
        : differences(schema.properties![name], item, `${place}.${name}`),
    ),
  ];
}

describe("the whole report", () => {
  test("has the shape that is published", () => {
    expect(analysisSchema.parse(report)).toEqual(report);
    const published = JSON.parse(
      readFileSync(new URL("../../../docs/reference/analysis.schema.json", import.meta.url), "utf8"),
    ) as Schema;
    const written: unknown = JSON.parse(JSON.stringify(report));
    expect(differences(published, written)).toEqual([]);
    expect(
      differences(published, { ...report, history: { ...report.history, tags: [{ name: "x" }] }, more: 1 }),
    ).toEqual([
      "$.history.tags[0].commit is missing",
      "$.history.tags[0].at is missing",
      "$.more is unknown",
    ]);
  });

  test("names the commit, the branch and the place", () => {
    expect(report.repository).toEqual({
      name: "sample",
      source: sample,
      head: git(sample, ["rev-parse", "HEAD"]).trim(),
      branch: "main",
      shallow: false,
      since: null,
    });
  });

  test("has the authors of git shortlog", () => {
    const shortlog = git(sample, ["shortlog", "-sne", "HEAD"])
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => line.trim().replace("\t", " "));
    expect(
      report.history.authors.map((author) => `${author.commits} ${author.name} <${author.email}>`),
    ).toEqual(shortlog);
    expect(shortlog.length).toBe(4);
  });

  test("has the commits of git rev-list", () => {
    const count = (...args: readonly string[]) =>
      Number(git(sample, ["rev-list", "--count", ...args, "HEAD"]));
    expect(report.history).toMatchObject({ commits: count(), merges: count("--merges") });
  });

  test("has the lines of git log --numstat, in all and per author", () => {
    const log = git(sample, ["log", "--numstat", "--format=@%aN <%aE>", "HEAD"]);
    const byAuthor = new Map<string, [number, number]>();
    let author = "";
    for (const line of log.split("\n"))
      if (line.startsWith("@")) author = line.slice(1);
      else if (/^\d/.test(line)) {
        const [added, deleted] = line.split("\t");
        const [a, d] = byAuthor.get(author) ?? [0, 0];
        byAuthor.set(author, [a + Number(added), d + Number(deleted)]);
      }
    const lines = report.history.authors.map((entry) => [
      `${entry.name} <${entry.email}>`,
      [entry.linesAdded, entry.linesDeleted],
    ]);
    expect(Object.fromEntries(lines)).toEqual(Object.fromEntries(byAuthor));
    const sums = [0, 1].map((side) => [...byAuthor.values()].reduce((sum, counts) => sum + counts[side]!, 0));
    expect([report.history.linesAdded, report.history.linesDeleted]).toEqual(sums);
    expect(report.history.linesUnknownCommits).toBe(0);
  });

  test("follows a file through its rename", () => {
    const file = report.history.hotspots.find((spot) => spot.path === "src/server.ts");
    const names = git(sample, ["log", "--follow", "--format=%H", "--", "src/server.ts"]).trim().split("\n");
    expect(file?.commits).toBe(names.length);
  });

  test("has tags, languages, stack, dependencies, structure and symbols", () => {
    expect(report.history.tags.map((tag) => [tag.name, tag.commit])).toEqual(
      ["v1.0", "v0.1"].map((name) => [name, git(sample, ["rev-parse", `${name}^{commit}`]).trim()]),
    );
    expect(
      report.languages.filter((language) => language.share > 0).map((language) => language.name),
    ).toEqual(["TypeScript", "Python", "Go", "Shell", "Dockerfile"]);
    expect(report.stack).toContainEqual(
      expect.objectContaining({
        name: "Express",
        version: "4.19.2",
        evidence: [{ path: "package.json", line: 16 }],
      }),
    );
    expect(report.dependencies).toContainEqual({
      ecosystem: "npm",
      name: "vitest",
      requirement: "^1.6.0",
      version: "1.6.0",
      scope: "development",
      manifest: "package.json",
      line: 21,
    });
    expect(report.structure).toMatchObject({ licence: { spdx: "MIT", path: "LICENSE" } });
    expect(report.structure.environment.map((variable) => variable.name)).toEqual([
      "API_URL",
      "DATABASE_URL",
      "DEBUG",
      "PORT",
    ]);
    expect(report.symbols.mostComplex[0]).toMatchObject({
      path: "src/server.ts",
      name: "route",
      complexity: 8,
    });
    expect(report.symbols.mostComplex.some((entry) => entry.path.startsWith("third_party/"))).toBe(false);
    expect(report.warnings.map((warning) => warning.code).sort()).toEqual([
      "lfs-pointer",
      "manifest-unreadable",
      "minified-file",
      "submodule",
    ]);
  });

  test("is the sum of its parts, the changed lines last", () => {
    const joined: AnalysisPart = Object.assign({}, ...parts) as AnalysisPart;
    expect({ ...joined, schema: report.schema, timings: report.timings }).toEqual(report);
    expect(Object.keys(parts[0]!)).toEqual(["repository"]);
    expect(parts.at(-1)).toEqual({ history: report.history });
    expect(parts.find((part) => part.history)?.history?.linesAdded).toBeNull();
  });

  test("tells stages that do not go back in time", () => {
    const { totalMs, ...stages } = report.timings;
    for (const [name, ms] of Object.entries(stages)) {
      expect(name).toMatch(/Ms$/);
      expect(ms).toBeLessThanOrEqual(totalMs!);
    }
  });
});

describe("again", () => {
  test("the same commit comes from the cache: nothing is read, and the report is the same", async () => {
    const { services: watched, scanned, kept } = watch(services);
    const seen: AnalysisPart[] = [];
    const again = await analyzeRepository(
      analyzeRequest(sample),
      watched,
      { ...quiet, onPart: (part) => void seen.push(part) },
      never,
    );
    expect(withoutTimings(again)).toEqual(withoutTimings(report));
    expect(seen).toEqual([again]);
    expect([scanned, kept]).toEqual([[], []]);
  });

  test("without the report, the facts give the same report and nothing is scanned or counted", async () => {
    const { services: watched, scanned, counted } = watch(services);
    const again = await analyze(watched, { revision: "HEAD" });
    expect(scanned).toEqual([]);
    expect(counted()).toEqual([]);
    expect(withoutTimings(again)).toEqual({
      ...withoutTimings(report),
      repository: { ...report.repository, branch: null },
    });
  });

  test("--no-cache computes everything anew and keeps it", async () => {
    const { services: watched, scanned, counted, kept } = watch(services);
    const anew = await analyze(watched, { useCache: false });
    expect(withoutTimings(anew)).toEqual(withoutTimings(report));
    expect(scanned.length).toBeGreaterThan(15);
    expect(counted().length).toBe(report.history.commits - report.history.merges);
    for (const space of ["report", "history", "content", "symbols", "manifest", "lock"])
      expect(
        kept.some((key) => key.startsWith(`${space} `)),
        space,
      ).toBe(true);
  });

  test("--no-lines counts none, and is another report", async () => {
    const fewer = await analyze(services, { countsLines: false });
    expect(fewer.history).toMatchObject({ linesAdded: null, linesDeleted: null });
    expect(fewer.history.authors.every((author) => author.linesAdded === null)).toBe(true);
    expect((await analyze(services)).history.linesAdded).toBe(report.history.linesAdded);
  });

  test("--since is what Git says, and is never kept", async () => {
    const { services: watched, kept } = watch(services);
    const since = "2024-03-01T00:00:00Z";
    const recent = await analyze(watched, { since });
    expect(recent.history.commits).toBe(
      Number(git(sample, ["rev-list", "--count", `--since=${since}`, "HEAD"])),
    );
    expect(recent.history.commits).toBeLessThan(report.history.commits);
    expect(recent.languages).toEqual(report.languages);
    expect(kept.filter((key) => key.startsWith("report "))).toEqual([]);
    const none = await analyze(watched, { since: "2030-01-01" });
    expect(none.history).toMatchObject({
      commits: 0,
      firstCommitAt: null,
      authors: [],
      busFactor: 0,
      linesAdded: 0,
    });
    expect(analysisSchema.parse(none)).toEqual(none);
  });

  test("--rev is of that commit", async () => {
    const old = await analyze(services, { revision: "v0.1" });
    expect(old.repository).toMatchObject({ head: git(sample, ["rev-parse", "v0.1"]).trim(), branch: null });
    expect(old.history.commits).toBe(Number(git(sample, ["rev-list", "--count", "v0.1"])));
    expect(old.structure.files).toBe(
      git(sample, ["ls-tree", "-r", "--name-only", "v0.1"]).trim().split("\n").length,
    );
  });
});

describe("what happens meanwhile", () => {
  test("after a new commit only its own contents and lines are worked on", async () => {
    const data = createServices(join(temporaryFolder(), "data"), threads);
    const copy = join(temporaryFolder(), "sample");
    git(folder, ["clone", "--quiet", sample, copy]);
    await analyze(data, { source: copy });
    const oid = addCommit(copy, {
      message: "fix: one file",
      files: { "src/server.ts": "export const answer = 42;\n", "src/copy.md": "# Sample\n\nA sample.\n" },
      at: 1_714_000_000,
    });
    const { services: watched, scanned, counted } = watch(data);
    const after = await analyze(watched, { source: copy });
    data.cache.close();
    // `src/copy.md` has the content of README.md, under a name of the same kind.
    expect(scanned).toEqual(["src/server.ts"]);
    expect(counted()).toEqual([`commit-lines ${oid}`]);
    expect(after.history.commits).toBe(report.history.commits + 1);
    expect(after.history.linesAdded).toBe(report.history.linesAdded! + 4);
  });

  test("changes that are not committed are told, in a kept report too, and not kept with it", async () => {
    const data = createServices(join(temporaryFolder(), "data"), threads);
    const copy = join(temporaryFolder(), "sample");
    git(folder, ["clone", "--quiet", sample, copy]);
    git(copy, ["rm", "--quiet", "--cached", "go.mod"]);
    const codes = async () => (await analyze(data, { source: copy })).warnings.map((warning) => warning.code);
    expect((await codes())[0]).toBe("dirty-work-tree");
    expect((await codes())[0]).toBe("dirty-work-tree");
    git(copy, ["reset", "--quiet"]);
    expect(await codes()).not.toContain("dirty-work-tree");
    data.cache.close();
  });

  test("a shallow clone is deepened, its head staying where it is", async () => {
    const data = createServices(join(temporaryFolder(), "data"), threads);
    const shallow = join(temporaryFolder(), "sample");
    git(folder, ["clone", "--quiet", "--depth=3", `file://${sample}`, shallow]);
    const depth = async () => (await analyze(data, { source: shallow })).history.commits;
    const count = () => Number(git(shallow, ["rev-list", "--count", "HEAD"]));
    const before = count();
    expect(await depth()).toBe(before);
    git(shallow, ["fetch", "--quiet", "--deepen=2"]);
    expect(count()).toBeGreaterThan(before);
    expect(await depth()).toBe(count());
    data.cache.close();
  });

  const moments: readonly (readonly [string, (stop: () => void) => Partial<AnalyzeObserver>])[] = [
    ["at once", (stop) => ({ onPart: (part) => part.repository && stop() })],
    ["while contents are read", (stop) => ({ onPart: (part) => part.languages && stop() })],
    ["when history is known", (stop) => ({ onPart: (part) => part.history && stop() })],
    [
      "while lines are counted",
      (stop) => ({ onProgress: (progress) => void (progress.stage === "lines" && stop()) }),
    ],
  ];
  test.each(moments)("a cancel %s ends it, and the next run gives the whole report", async (_, observe) => {
    const data = createServices(join(temporaryFolder(), "data"), threads);
    const stopping = new AbortController();
    const observer = { ...quiet, ...observe(() => stopping.abort()) };
    const failure: unknown = await analyzeRepository(
      analyzeRequest(sample),
      data,
      observer,
      stopping.signal,
    ).catch((error: unknown) => error);
    expect(toAppError(failure).code).toBe("cancelled");
    const whole = await analyze(data);
    data.cache.close();
    expect(withoutTimings(whole)).toEqual(withoutTimings(report));
  });

  test("a cancel while Git is still being asked for thousands of contents ends it", async () => {
    const many = join(temporaryFolder(), "many");
    git(folder, ["init", "--quiet", "--initial-branch=main", many]);
    const files = Array.from(
      { length: 5_000 },
      (_, index) =>
        `M 644 inline d${index % 50}/f${index}.ts\ndata 9\nlet x${String(index).padStart(4, "0")}\n`,
    );
    git(many, ["fast-import", "--quiet"], {
      input: `commit refs/heads/main\ncommitter A <a@x.org> 1700000000 +0000\ndata 1\nx\n${files.join("")}`,
    });
    const data = createServices(join(temporaryFolder(), "data"), threads);
    const stopping = new AbortController();
    const scanner: Scanner = {
      ...threads,
      start(handlers, signal) {
        const scan = threads.start(handlers, signal);
        return {
          ...scan,
          add(task, bytes) {
            stopping.abort();
            return scan.add(task, bytes);
          },
        };
      },
    };
    const failure: unknown = await analyzeRepository(
      analyzeRequest(many),
      { ...data, scanner },
      quiet,
      stopping.signal,
    ).catch((error: unknown) => error);
    data.cache.close();
    expect(toAppError(failure).code).toBe("cancelled");
  });

  test("a signal that is aborted already starts nothing", async () => {
    const { services: watched, scanned } = watch(services);
    const failure: unknown = await analyzeRepository(
      analyzeRequest(sample),
      watched,
      quiet,
      AbortSignal.abort(),
    ).catch((error: unknown) => error);
    expect(toAppError(failure).code).toBe("cancelled");
    expect(scanned).toEqual([]);
  });
});

test("a file that is also kept among other people's code still has its symbols", async () => {
  const twice = join(folder, "twice");
  const content = "function twice() {\n  return 2;\n}\n";
  createRepository(twice, [{ message: "both", files: { "src/a.js": content, "vendor/z.js": content } }]);
  const { symbols } = await analyzeRepository(analyzeRequest(twice), services, quiet, never);
  expect(symbols).toMatchObject({ functions: 1, mostComplex: [{ path: "src/a.js", name: "twice" }] });
});
