import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { addCommit, createRepository, git } from "../../../test/support/repositories.ts";
import { gatewayBefore } from "../../../test/support/model-review.ts";
import {
  type AskedReview,
  type ScriptedReply,
  startScriptedReviewer,
} from "../../../test/support/scripted-reviewer.ts";
import { createServices, createThreads } from "../../../test/support/services.ts";
import type { ModelGateway } from "../../contracts/model-gateway.ts";
import type { Services } from "../../contracts/services.ts";
import { type ReviewResult, reviewResultSchema } from "../../contracts/review.ts";
import { locateReview } from "./locate-review.ts";
import { readTarget } from "./read-arguments.ts";
import type { ReviewTarget } from "./review-target.ts";
import { runReview, type RunOptions } from "./run-review.ts";

const folder = mkdtempSync(join(tmpdir(), "repowright-review-"));
const scanner = createThreads(1);
const services = createServices(join(folder, "data"), scanner);
const { signal } = new AbortController();

const clean = `export function load(id) {
  return store.get(id);
}
`;
const bad = `export function load(id) {
  debugger;
  return store.get(id);
}
`;
const repository = createRepository(join(folder, "r"), [
  { message: "Begin", files: { "src/load.js": clean, "src/old.js": bad, "docs/a.md": "# A\n" } },
]);
const base = git(repository, ["rev-parse", "HEAD"]).trim();
git(repository, ["checkout", "--quiet", "-b", "feature"]);
const head = addCommit(repository, { message: "Load", files: { "src/load.js": bad } });

afterAll(async () => {
  await scanner.close();
  services.cache.close();
  rmSync(folder, { recursive: true, force: true });
});

async function review(
  target: ReviewTarget,
  options: Partial<RunOptions> = {},
  used: Services = services,
  title: string | null = null,
): Promise<ReviewResult> {
  const located = await locateReview(target, used, { onProgress() {}, title, signal });
  const result = await runReview(
    located,
    {
      baseline: null,
      dismissals: new Map(),
      foreign: [],
      useModel: false,
      model: undefined,
      jobId: null,
      useCache: true,
      onDeterministic: async () => {},
      onProgress() {},
      signal,
      ...options,
    },
    used,
  );
  return reviewResultSchema.parse(structuredClone(result));
}

const range = (from: string | null, to: string | null, source = repository): ReviewTarget => ({
  kind: "range",
  source,
  cwd: "/",
  base: from,
  head: to,
});
const places = ({ findings }: ReviewResult): readonly string[] =>
  findings
    .filter(({ severity }) => severity !== "info")
    .map(({ rule, path, line }) => `${rule} ${path}:${line}`);
const leftover = ["leftover-debugger src/load.js:2"];

describe("what is reviewed", () => {
  test("a branch, against the main branch when nobody says", async () => {
    const found = await review(range(null, null));
    expect(places(found)).toEqual(leftover);
    expect(found).toMatchObject({ source: repository, base, head, counts: { warning: 0, error: 1 } });
    expect(found.notes[0]).toMatch(/^Compared with main/);
  });

  test("the last commit on the main branch, and all of the first one", async () => {
    const last = await review(range(null, base));
    expect(places(last)).toEqual(["leftover-debugger src/old.js:2"]);
    expect(last).toMatchObject({ base: null, notes: ["The first commit: everything in it is new."] });
  });

  test("from where the two parted, also when the base has moved on", async () => {
    git(repository, ["checkout", "--quiet", "main"]);
    const moved = addCommit(repository, { message: "Elsewhere", files: { "src/else.js": bad } });
    git(repository, ["checkout", "--quiet", "feature"]);
    const found = await review(range(moved, head));
    expect([places(found), found.base]).toEqual([leftover, base]);
  });

  test("what is staged, or what tracked files are now; not what is only in the folder", async () => {
    writeFileSync(join(repository, "src/staged.js"), bad);
    git(repository, ["add", "src/staged.js"]);
    writeFileSync(join(repository, "src/staged.js"), clean);
    writeFileSync(join(repository, "src/loose.js"), bad);
    writeFileSync(join(repository, "src/old.js"), `// edited\ndebugger;\n${bad}`);
    const uncommitted = { kind: "uncommitted", source: repository, cwd: "/" } as const;
    const found = await review({ ...uncommitted, isStaged: true });
    expect(places(found)).toEqual(["leftover-debugger src/staged.js:2"]);
    expect(places(await review({ ...uncommitted, isStaged: false }))).toEqual([
      "leftover-debugger src/old.js:2",
    ]);
    git(repository, ["reset", "--hard", "--quiet"]);
    git(repository, ["clean", "-fdq"]);
  });

  test("what is staged for the first commit", async () => {
    const path = join(folder, "unborn");
    git(folder, ["init", "--quiet", path]);
    writeFileSync(join(path, "a.js"), bad);
    git(path, ["add", "a.js"]);
    expect(places(await review({ kind: "uncommitted", source: path, cwd: "/", isStaged: true }))).toEqual([
      "leftover-debugger a.js:2",
    ]);
  });

  test("a shallow clone says what it cannot know", async () => {
    const path = join(folder, "shallow");
    git(folder, ["clone", "--quiet", "--depth=1", `file://${repository}`, path]);
    const { notes } = await review(range(null, null, path));
    expect(notes[0]).toMatch(/^This shallow clone does not have the commit before/);
    await expect(review(range("HEAD~1", null, path))).rejects.toMatchObject({
      code: "revision-unknown",
      message: expect.stringMatching(/has no revision "HEAD~1"\. It is a shallow clone/),
    });
  });

  test("a range of commits is no repository", async () => {
    const given = {
      base: undefined,
      head: undefined,
      diff: undefined,
      staged: false,
      uncommitted: false,
      pr: undefined,
    };
    await expect(readTarget({ ...given, source: "v1.0...fix/a..b" }, "/")).rejects.toThrow(
      "write --base v1.0 --head fix/a..b.",
    );
    await expect(readTarget({ ...given, source: "main.." }, "/")).rejects.toThrow("write --base main.");
    for (const source of ["..", "../a", "a/../b", "git@host:a/b..c", "https://a/b..c", ".", "a.b"])
      expect(await readTarget({ ...given, source }, "/")).toMatchObject({ kind: "range", source });
  });

  test("a patch, as it is or with what nobody knows left out", async () => {
    const whole = git(repository, ["diff", base, head]);
    expect(places(await review({ kind: "patch", text: whole }))).toEqual(leftover);
    const crlf = whole.replaceAll("\n", "\r\n");
    expect(places(await review({ kind: "patch", text: crlf }))).toEqual(leftover);
    const far =
      "--- a/x.js\n+++ b/x.js\n@@ -500,2 +500,3 @@ function f() {\n   a();\n+  debugger;\n   b();\n";
    expect(places(await review({ kind: "patch", text: far }))).toEqual(["leftover-debugger x.js:501"]);
    await expect(review({ kind: "patch", text: "Hello!\n" })).rejects.toMatchObject({ code: "diff-invalid" });
    expect((await review({ kind: "patch", text: "" })).files).toEqual([]);
    const cut = await review({ kind: "patch", text: whole.slice(0, whole.indexOf("debugger")) });
    expect([cut.files.at(-1)!.isReviewed, cut.notes.at(0)]).toEqual([
      false,
      expect.stringMatching(/: a hunk at line \d+ ends \d+ lines? too early; it was left out/),
    ]);
  });

  test("what a file keeps that only loses lines is not gone", async () => {
    const filler = (name: string): string => `export const ${name} = 1;\n`.repeat(12);
    const before = `export function kept() {}\n${filler("a")}debugger;\nexport function gone() {}\n`;
    const after = `export function kept() {}\n${filler("a")}debugger;\n`;
    const importer = 'import { kept, gone } from "./lib.js";\nkept(gone);\n';
    const path = createRepository(join(folder, "shorter"), [
      { message: "Begin", files: { "lib.js": before, "use.js": importer } },
      { message: "Less", files: { "lib.js": after } },
    ]);
    const { findings } = await review(range("HEAD~1", "HEAD", path));
    expect(findings.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^`gone` is imported here/),
    ]);
  });

  test("the same from a bare repository, a clone, and with no common history", async () => {
    const bare = join(folder, "bare.git");
    git(folder, ["clone", "--quiet", "--bare", repository, bare]);
    expect(places(await review(range(base, "feature", bare)))).toEqual(leftover);
    git(repository, ["checkout", "--quiet", "--orphan", "alone"]);
    const alone = addCommit(repository, { message: "Alone", files: { "src/load.js": bad } });
    git(repository, ["checkout", "--quiet", "feature"]);
    const found = await review(range(base, alone));
    expect([places(found), found.notes[0]]).toEqual([
      leftover,
      expect.stringMatching(/have no commit in common/),
    ]);
  });

  test.each([
    [range("nowhere", "HEAD"), "revision-unknown"],
    [range("--output=x", "HEAD"), "revision-unknown"],
    [range("main", "HEAD", join(folder, "none")), "not-a-repository"],
    [
      { kind: "pull", pull: { host: "github", repository: "a/b", number: 1, installation: null } },
      "host-unconfigured",
    ],
  ] satisfies [ReviewTarget, string][])("%j is refused", async (target, code) => {
    await expect(review(target)).rejects.toMatchObject({ code });
  });
});

describe("what the repository says", () => {
  test("counts as it is in the base: a change cannot switch off what looks at it", async () => {
    const own = createRepository(join(folder, "own"), [{ message: "Begin", files: { "a.js": clean } }]);
    const files = {
      "a.js": bad,
      "repowright.toml": '[review.rules]\nleftover-debugger = "off"\n',
      ".gitattributes": "*.js linguist-vendored linguist-generated\n",
    };
    addCommit(own, { message: "Hide", files });
    expect(places(await review(range("HEAD~1", "HEAD", own)))).toEqual(["leftover-debugger a.js:2"]);
    addCommit(own, { message: "More", files: { "a.js": `${bad}debugger;\n` } });
    const later = await review(range("HEAD~1", "HEAD", own));
    expect([places(later), later.files.map(({ isReviewed, reason }) => [isReviewed, reason])]).toEqual([
      [],
      [[false, "third-party code"]],
    ]);
  });

  test("a file that people wrote is not generated because the change says so", async () => {
    const written = createRepository(join(folder, "written"), [
      { message: "Begin", files: { "a.js": clean, "b.js": `// Generated by a tool\n${clean}` } },
    ]);
    const marked = `// Code generated by hand. DO NOT EDIT.\n// Generated by PEG.js 1.0\n${bad}`;
    addCommit(written, {
      message: "Hide",
      files: { "a.js": marked, "c.js": `${marked}${"x".repeat(4_000)}\n` },
    });
    const found = await review(range("HEAD~1", "HEAD", written));
    expect(found.files.map(({ path, role }) => [path, role])).toEqual([
      ["a.js", "code"],
      ["c.js", "generated"],
    ]);
    expect(places(found)).toEqual(["leftover-debugger a.js:4"]);
  });

  test("a broken repowright.toml is said to be broken, not passed over", async () => {
    const broken = createRepository(join(folder, "broken"), [
      { message: "Begin", files: { "repowright.toml": "[review]\nmax_findings = -1\n" } },
      { message: "More", files: { "a.js": bad } },
    ]);
    await expect(review(range("HEAD~1", "HEAD", broken))).rejects.toMatchObject({ code: "config-invalid" });
  });

  test("what it names and is not there is said, and holds nothing up", async () => {
    const path = createRepository(join(folder, "misses"), [
      {
        message: "Begin",
        files: {
          "repowright.toml":
            '[review]\nbaseline = "later.json"\nast_grep = ["none/*.yml"]\nrules = { leftover-debuger = "off", "other/x" = "off" }\n',
        },
      },
      { message: "More", files: { "a.js": bad } },
    ]);
    const found = await review(range("HEAD~1", "HEAD", path));
    expect(places(found)).toEqual(["leftover-debugger a.js:2"]);
    expect(found.notes).toEqual([
      expect.stringMatching(/^repowright.toml names the baseline "later.json"/),
      expect.stringMatching(/ast_grep/),
      'repowright.toml speaks about "leftover-debuger", which is no rule.',
    ]);
  });

  test("its own ast-grep rules and its baseline are those of the base", async () => {
    const rules = createRepository(join(folder, "rules"), [
      {
        message: "Begin",
        files: {
          "repowright.toml": '[review]\nast_grep = ["rules/*.yml"]\nbaseline = "known.json"\n',
          "rules/no-legacy.yml":
            "id: no-legacy\nlanguage: JavaScript\nseverity: error\nmessage: legacy() is gone\nrule:\n  pattern: legacy($$$A)\n",
          "known.json": '{"version":1,"findings":[]}',
        },
      },
      { message: "More", files: { "a.js": "legacy(1);\n", "rules/no-legacy.yml": null } },
    ]);
    const found = await review(range("HEAD~1", "HEAD", rules));
    expect(places(found)).toEqual(["ast-grep/no-legacy a.js:1"]);
    addCommit(rules, {
      message: "Known",
      files: {
        "known.json": JSON.stringify({ version: 1, findings: found.findings }),
        "rules/no-legacy.yml": "id: no-legacy\nlanguage: JavaScript\nrule:\n  pattern: legacy($$$A)\n",
      },
    });
    git(rules, ["checkout", "--quiet", "-b", "again"]);
    addCommit(rules, { message: "Again", files: { "a.js": "other();\nlegacy(1);\n" } });
    const again = await review(range("HEAD~1", "HEAD", rules));
    expect(again.findings).toEqual([]);
  });
});

describe("what was found before", () => {
  test("is found again without looking: only files of a push are paid for, and nothing is stale", async () => {
    const cached = createRepository(join(folder, "cached"), [
      { message: "Begin", files: { "a.js": clean, "b.js": clean } },
      { message: "Two", files: { "a.js": bad, "b.js": bad } },
    ]);
    const first = await review(range("HEAD~1", "HEAD", cached));
    const second = await review(range("HEAD~1", "HEAD", cached));
    const anew = await review(range("HEAD~1", "HEAD", cached), { useCache: false });
    for (const other of [second, anew]) expect(places(other)).toEqual(places(first));
    addCommit(cached, { message: "Mend", files: { "a.js": clean } });
    expect(places(await review(range("HEAD~2", "HEAD", cached)))).toEqual(["leftover-debugger b.js:2"]);
    addCommit(cached, { message: "Move", files: { "b.js": `// first\n${bad}` } });
    const moved = await review(range("HEAD~3", "HEAD", cached));
    expect(places(moved)).toEqual(["leftover-debugger b.js:3"]);
    expect(moved.findings[0]!.fingerprint).toBe(
      first.findings.find(({ path }) => path === "b.js")!.fingerprint,
    );
  });

  test("the same commits again are not even opened, unless something else decides otherwise", async () => {
    const path = createRepository(join(folder, "same"), [
      { message: "Begin", files: { "a.js": clean } },
      { message: "Two", files: { "a.js": bad } },
    ]);
    const commits = ["HEAD~1", "HEAD"].map((name) => git(path, ["rev-parse", name]).trim());
    const target = range(commits[0]!, commits[1]!, path);
    const first = await review(target);
    const refuse = (): never => {
      throw new Error("Git is not to be asked.");
    };
    const withoutGit = { ...services, git: { ...services.git, text: refuse, stream: refuse } };
    const again = await review(target, {}, withoutGit);
    expect({ ...again, tookMs: 0, passes: [] }).toEqual({ ...first, tookMs: 0, passes: [] });
    const [{ fingerprint } = { fingerprint: "" }] = first.findings;
    for (const options of [
      { useCache: false },
      { dismissals: new Map([[fingerprint, "as it is"]]) },
      { baseline: new Set([fingerprint]) },
      { foreign: [{ ...first.findings[0]!, rule: "other/rule" }] },
    ])
      await expect(review(target, options, withoutGit)).rejects.toThrow("Git is not to be asked.");
    const dismissed = await review(target, { dismissals: new Map([[fingerprint, "as it is"]]) });
    expect(dismissed.findings).toEqual([]);
    // A repository that is gone is not reviewed because another one was there.
    rmSync(path, { recursive: true });
    await expect(review(target)).rejects.toMatchObject({ code: "not-a-repository" });
  });

  test("with a model too, unless it left a question open, or is told something else", async () => {
    const path = createRepository(join(folder, "modelled"), [
      { message: "Begin", files: { "a.js": clean } },
      { message: "Two", files: { "a.js": bad } },
    ]);
    const reviewer = await startScriptedReviewer();
    const models = async (): Promise<ModelGateway> => gatewayBefore(reviewer);
    const asks = async (script: (asked: AskedReview) => ScriptedReply, title: string | null = null) => {
      reviewer.answer(script);
      const target = range("HEAD~1", "HEAD", path);
      const { model } = await review(target, { useModel: true }, { ...services, models }, title);
      return [model.state, model.summary, model.calls, reviewer.asked().length];
    };
    const say = ({ question }: AskedReview): ScriptedReply => ({
      say: question === "findings" ? { findings: [] } : { summary: "It stops.", files: [] },
    });
    const forget = (asked: AskedReview): ScriptedReply =>
      asked.question === "summary" ? { finish: "filter" } : say(asked);
    expect(await asks(forget)).toEqual(["done", null, 1, 2]);
    expect(await asks(say)).toEqual(["done", "It stops.", 1, 1]);
    expect(await asks(forget)).toEqual(["done", "It stops.", 0, 0]);
    expect(await asks(forget, "Another title")).toEqual(["done", null, 0, 1]);
    await reviewer.close();
  });

  test("what could not be read whole is read again", async () => {
    const origin = createRepository(join(folder, "deep"), [{ message: "Begin", files: { "a.js": clean } }]);
    const fork = git(origin, ["rev-parse", "HEAD"]).trim();
    const main = addCommit(origin, { message: "Main", files: { "b.js": clean } });
    git(origin, ["checkout", "--quiet", "-b", "feature", fork]);
    const feature = addCommit(origin, { message: "Feature", files: { "c.js": bad } });
    const path = join(folder, "deepened");
    git(folder, ["clone", "--quiet", "--depth=1", "--no-single-branch", `file://${origin}`, path]);
    expect(await review(range(main, feature, path))).toMatchObject({ base: main });
    git(path, ["fetch", "--quiet", "--unshallow"]);
    expect(await review(range(main, feature, path))).toMatchObject({ base: fork });
  });
});
