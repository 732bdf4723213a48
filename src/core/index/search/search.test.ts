import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addCommit, createRepository, git, temporaryFolder } from "../../../../test/support/repositories.ts";
import { openTestIndex } from "../../../../test/support/search.ts";
import { createServices, createThreads } from "../../../../test/support/services.ts";
import { fileSearchResultSchema, type SearchResult, searchResultSchema } from "../../../contracts/search.ts";
import type { Services } from "../../../contracts/services.ts";
import type { OpenedIndex } from "./open-index.ts";
import { searchFiles, searchUnits } from "./search.ts";

const scanner = createThreads(2);
const signal = new AbortController().signal;
const folder = mkdtempSync(join(tmpdir(), "repowright-search-"));
const repository = join(folder, "r");
let services: Services;
let opened: OpenedIndex;

const hostile = ["-rf.py", "<img src=x>.py", "new\nline.py", "esc\u001b[31m.py", "a'b\"c.py", "tab\there.py"];
const limitFunction = `def limit_uploads(size):\n    # Refuses what is too large.\n    return size < 1000\n`;
const long = `def reach_far(x):\n${Array.from({ length: 200 }, (_, at) => `    x += ${at}  # step${at}\n`).join("")}    return x\n`;

/** Files of every kind that a repository may have. */
const zoo: Readonly<Record<string, string | Uint8Array>> = {
  "crlf.py": "import os\r\n\r\n\r\n# Winds.\r\ndef wind_back(crlf_name):\r\n    return crlf_name\r\n",
  "bom.ts": "\ufeffexport function bomFirst() {\n  return 1;\n}\n",
  "no-end.go": "package p\n\nfunc noEnd() {\n\tlastLine()\n}",
  "empty.py": "",
  "blank.py": "\n\n\n",
  "one.js": "function oneLiner(a) { return a + sameLine; } function otherLiner() { return 2; }",
  "latin.py": Buffer.from("def caf\xe9_open():\n    return 'na\xefve latin_marker'\n", "latin1"),
  "cyrillic.py": "def открытьФайл(имя):\n    return имя\n",
  "han.md": "# 設定\n\n設定ファイルを読み込む関数について。\n",
  "han.py": "def 読み込む(設定):\n    return 設定\n",
  "wide.json": `{ "wide": "${"x ".repeat(200_000)}" }\n`,
  "big.py": `${"# filler line of a big file\n".repeat(33_000)}def big_end():\n    pass\n`,
  "huge.md": `${"words of a huge file\n".repeat(60_000)}the hugest end\n`,
  "long.py": long,
  "limit.py": limitFunction,
  "etc/nginx/site.conf": "server { listen 80; }\n",
  "run.txt": `${"a".repeat(60)}!\n`,
  "logo.png": Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 3, 0, 255]),
  "model.bin": "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 12\n",
  "broken.ts": "export function half( {\n  const x = `never closed\n",
  ...Object.fromEntries(hostile.map((path) => [path, `def hostile_name():\n    return "hostile_text"\n`])),
};

beforeAll(async () => {
  createRepository(repository, [{ message: "Limit uploads", files: { "old.py": limitFunction } }]);
  symlinkSync("limit.py", join(repository, "link.py"));
  git(repository, ["update-index", "--add", "--cacheinfo", `160000,${"5".repeat(40)},lib/sub`]);
  git(repository, ["commit", "--quiet", "-m", "Add a submodule"]);
  addCommit(repository, { message: "Add the zoo", files: zoo, at: 1_700_200_000 });
  services = createServices(join(folder, "data"), scanner);
  opened = await openTestIndex(services, repository);
});
afterAll(async () => {
  services.cache.close();
  await scanner.close();
  rmSync(folder, { recursive: true, force: true });
});

async function search(query: string, limit = 10, at = opened): Promise<SearchResult> {
  const result = await searchUnits(at, { query, limit, signal }, services.git);
  expect(searchResultSchema.parse(result)).toEqual(result);
  expect(result.hits.length).toBeLessThanOrEqual(limit);
  return result;
}

/** `path:start-end symbol` of every hit. */
async function found(query: string, limit?: number): Promise<readonly string[]> {
  const { hits } = await search(query, limit);
  return hits.map(
    ({ path, startLine, endLine, symbol }) =>
      `${path}:${startLine}-${endLine}${symbol === null ? "" : ` ${symbol}`}`,
  );
}

const linesOf = (path: string, revision = "HEAD"): readonly string[] =>
  execFileSync("git", ["cat-file", "blob", `${revision}:${path}`], { cwd: repository, maxBuffer: 2 ** 28 })
    .toString("utf8")
    .split(/\r?\n/);

describe("places and their lines", () => {
  test.each([
    ["wind back", "crlf.py:4-6 wind_back"],
    ["`crlf_name`", "crlf.py:4-6 wind_back"],
    ["bomFirst", "bom.ts:1-3 bomFirst"],
    ["no end", "no-end.go:3-5 noEnd"],
    ['"lastLine()"', "no-end.go:3-5 noEnd"],
    ["latin_marker", "latin.py:1-2 _open"],
    ["открыть файл", "cyrillic.py:1-2 открытьФайл"],
    ["открытьФайл", "cyrillic.py:1-2 открытьФайл"],
    ["読み込む", "han.py:1-2 読み込む"],
    ["設定ファイル", "han.md:1-3"],
    ["big_end", "big.py:32951-33002 big_end"],
    ['"the hugest end"', "huge.md:60001-60001"],
    ["listen 80", "etc/nginx/site.conf:1-1"],
    ["/etc/nginx/", "etc/nginx/site.conf:1-1"],
    ['  File "/srv/app/crlf.py", line 6, in wind_back', "crlf.py:4-6 wind_back"],
    ["at x (/srv/no-end.go:4:2)", "no-end.go:3-5 noEnd"],
    ["limit.py:9999", "limit.py:1-3 limit_uploads"],
    ["limit.py:0", "limit.py:1-3 limit_uploads"],
    ["/return \\w+ < 1000/", "limit.py:1-3 limit_uploads"],
    ["/RETURN\\s+\\w+ < 1000/i", "limit.py:1-3 limit_uploads"],
    ["/открыть\\p{Lu}/", "cyrillic.py:1-2 открытьФайл"],
  ])("%j is at %s", async (query, place) => {
    expect((await found(query))[0]).toBe(place);
  });

  test("two definitions on one line are both found", async () => {
    expect(await found("oneLiner", 1)).toEqual(["one.js:1-1 oneLiner"]);
    expect(await found("otherLiner", 1)).toEqual(["one.js:1-1 otherLiner"]);
  });

  test("every text is the file's, however long its lines", async () => {
    for (const query of [
      "limit",
      "wide",
      "reach far",
      "step150",
      "hostile_text",
      "function",
      "設定",
      "return",
    ])
      for (const hit of (await search(query, 50)).hits) {
        const lines = linesOf(hit.path);
        const own = lines.slice(hit.startLine - 1, Math.min(hit.endLine, hit.startLine + 59)).join("\n");
        expect(hit.text, hit.path).toBe(own.slice(0, 20_000));
        expect(hit.endLine).toBeLessThanOrEqual(lines.length);
      }
  });

  test("what has no text is found by its name", async () => {
    const { files } = await searchFiles(opened, { query: "logo", limit: 3, signal }, services.git);
    expect(files[0]!.path).toBe("logo.png");
    expect(opened.index.files.find(({ path }) => path === "model.bin")!.record).toBeNull();
    expect(opened.index.files.filter(({ path }) => /link|sub/.test(path))).toEqual([]);
  });

  test("names that would do harm are names", async () => {
    const paths = (await search("/hostile_\\w+xt/", 20)).hits.map(({ path }) => path);
    expect(paths.toSorted()).toEqual(hostile.toSorted());
  });
});

describe("queries that ask for nothing, or for too much", () => {
  test.each(["", "   ", "?!.,;", "\0", "the of and where is it", '""', "''''", '"', "``", "//", "🙂", "__"])(
    "%j has no word",
    async (query) => {
      await expect(search(query)).rejects.toMatchObject({ code: "usage" });
    },
  );

  test.each([
    ["/[/", "usage", /missing terminating \]/],
    ["/(a+)+$/", "usage", /match limit/],
    ["/broken(/", "usage", /closing parenthesis/],
    ["/unable to open(/", "usage", /closing parenthesis/],
    [`/${"x+".repeat(300)}/`, "usage", /500 characters/],
  ])("%j is refused", async (query, code, message) => {
    await expect(search(query)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  test.each([
    ["marks in quotes", '"=> {"'],
    ["a NUL in quotes", '"a\0b" limit'],
    ["a NUL", "limit\0uploads"],
    ["20,000 characters", "limit ".repeat(3_333)],
    ["a long word", "x".repeat(20_000)],
    ["many quotes", `${"'".repeat(9_000)}limit`],
    ["many slashes", `${"/".repeat(9_000)}limit`],
    ["what looks like an option", "-e limit --help"],
    ["an option in quotes", '"-e"'],
    ["half of a character", "\ud800 limit"],
    ["what a shell would run", "limit $(id) `id` ; rm"],
  ])("%s is answered", async (_, query) => {
    const { hits } = await search(query);
    expect(hits.every(({ score }) => Number.isFinite(score))).toBe(true);
  });

  test("an expression that matches everywhere ends", async () => {
    const { hits } = await search("/.+/", 1_000);
    expect(hits.length).toBeGreaterThan(10);
  });
});

test("answers are the same each time, whatever was read first", async () => {
  const other = createServices(join(folder, "other"), scanner);
  const again = await openTestIndex(other, repository);
  for (const query of ["limit uploads", "where are uploads limited?", '"return"', "def", "設定"]) {
    const [one, two] = [await search(query, 100), await search(query, 100, again)];
    expect({ ...one, tookMs: 0 }).toEqual({ ...two, tookMs: 0 });
    const files = async (at: OpenedIndex): Promise<unknown> => ({
      ...(await searchFiles(at, { query, limit: 100, signal }, services.git)),
      tookMs: 0,
    });
    expect(await files(opened)).toEqual(await files(again));
  }
  other.cache.close();
});

test("files have the shape that is promised, and those that hold it as it stands come first", async () => {
  const result = await searchFiles(opened, { query: '"size < 1000"', limit: 3, signal }, services.git);
  expect(fileSearchResultSchema.parse(result)).toEqual(result);
  expect(
    result.files
      .slice(0, 2)
      .map(({ path, signals }) => `${path} ${signals["exact"]}`)
      .toSorted(),
  ).toEqual(["limit.py 1", "old.py 1"]);
  const matching = await searchFiles(opened, { query: "/size < \\d+/", limit: 9, signal }, services.git);
  expect(matching.files.map(({ path }) => path).toSorted()).toEqual(["limit.py", "old.py"]);
});

describe("an older commit", () => {
  test("knows nothing of what came later", async () => {
    const then = await openTestIndex(services, repository, "HEAD~1");
    expect(then.index.files.map(({ path }) => path)).toEqual(["old.py"]);
    expect(then.index.history.rows).toHaveLength(2);
    expect((await search("zoo", 10, then)).hits).toEqual([]);
    expect((await search('"hostile_text"', 10, then)).hits).toEqual([]);
    expect((await search("/hostile/", 10, then)).hits).toEqual([]);
    const { rev, hits } = await search("limit uploads", 10, then);
    expect(rev).toBe(git(repository, ["rev-parse", "HEAD~1"]).trim());
    expect(hits.map(({ path }) => path)).toEqual(["old.py"]);
  });

  test("that there is not is an error", async () => {
    await expect(openTestIndex(services, repository, "nothing")).rejects.toMatchObject({
      code: "revision-unknown",
    });
  });
});

describe("repositories of every kind", () => {
  test("with one commit, with none, shallow and bare", async () => {
    const own = temporaryFolder();
    const one = createRepository(join(own, "one"), [{ message: "Limit", files: { "a.py": limitFunction } }]);
    const here = await openTestIndex(services, one);
    expect((await search("limit uploads", 5, here)).hits).toHaveLength(1);
    git(own, ["init", "--quiet", "none"]);
    await expect(openTestIndex(services, join(own, "none"))).rejects.toMatchObject({
      code: "repository-empty",
    });
    git(own, ["clone", "--quiet", "--bare", repository, "bare"]);
    git(own, ["clone", "--quiet", "--depth=1", `file://${repository}`, "shallow"]);
    for (const name of ["bare", "shallow"]) {
      const other = await openTestIndex(services, join(own, name));
      const places = ({ hits }: SearchResult): unknown =>
        hits.map(({ path, startLine }) => `${path}:${startLine}`).toSorted();
      expect(places(await search('"size < 1000"', 5, other))).toEqual(
        places(await search('"size < 1000"', 5)),
      );
      expect(other.index.history.rows).toHaveLength(name === "bare" ? 3 : 1);
    }
  });

  test("whose only commit has no files", async () => {
    const own = temporaryFolder();
    const nothing = await openTestIndex(
      services,
      createRepository(join(own, "r"), [{ message: "Limit", files: {} }]),
    );
    expect((await search("limit", 5, nothing)).hits).toEqual([]);
    const { files } = await searchFiles(nothing, { query: "limit", limit: 5, signal }, services.git);
    expect(files).toEqual([]);
  });
});

test("a search that is given up ends", async () => {
  await expect(
    searchUnits(opened, { query: '"return"', limit: 5, signal: AbortSignal.abort() }, services.git),
  ).rejects.toMatchObject({ code: "cancelled" });
});
