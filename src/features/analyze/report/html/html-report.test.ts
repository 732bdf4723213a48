import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { Analysis } from "../../../../contracts/analysis.ts";
import { htmlReport } from "./html-report.ts";
import { escapeText, hexColor, html } from "./markup.ts";
import { mergeIdentities } from "./sections/identities.ts";
import { withoutCredentials } from "./sections/overview.ts";
import { clip } from "./wording.ts";

const hostile = `<img src=x onerror=alert(1)>"'\`</script></title></style><script>alert(2)</script>&amp;\u202e\u001b[31m`;
const start = Date.UTC(2020, 0, 6);
const dayMs = 86_400_000;

function iso(days: number): string {
  return new Date(start + days * dayMs).toISOString().replace(".000", "");
}

function many<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

/** A report with every part filled: `text` goes wherever a repository can put text, `size` times. */
function sample(text: string, size: number): Analysis {
  const place = { path: `${text}/a.ts`, line: 3 };
  const function_ = (index: number) => ({
    path: place.path,
    name: text,
    line: 1,
    endLine: 9,
    lines: 9,
    complexity: index + 1,
  });
  const licence = { spdx: text, path: text, confidence: 0.9 };
  return {
    schema: "repowright.analysis/1",
    repository: {
      name: text,
      source: text,
      head: "0123456789abcdef",
      branch: text,
      shallow: true,
      since: text,
    },
    history: {
      commits: 900,
      merges: 10,
      firstCommitAt: iso(0),
      lastCommitAt: iso(700),
      linesAdded: 5000,
      linesDeleted: 400,
      linesUnknownCommits: 0,
      authors: many(size, (index) => ({
        name: text,
        email: "someone@mail.test",
        person: index,
        commits: size - index,
        linesAdded: index,
        linesDeleted: null,
        firstCommitAt: iso(index % 700),
        lastCommitAt: iso(700),
      })),
      activity: many(100, (index) => ({ week: iso(index * 7).slice(0, 10), commits: index % 9 })),
      weekdays: [1, 2, 3, 4, 5, 6, 7],
      hours: many(24, (hour) => hour),
      commitTypes: many(size, (index) => ({ type: text, commits: index + 1 })),
      hotspots: many(Math.min(50, size), (index) => ({
        path: `${text}/${index}.ts`,
        commits: 50 - index,
        lines: 900 - index,
        score: 0.5,
      })),
      coupling: many(Math.min(50, size), (index) => ({
        a: `${text}/${index}`,
        b: `${text}/${index + 1}`,
        together: 9,
        degree: 0.5,
      })),
      people: size,
      busFactor: 2,
      keyAuthors: many(size, () => ({ name: text, email: "someone@mail.test", files: 3 })),
      ownership: many(size, () => ({ path: text, commits: 9, owners: [{ name: text, share: 0.5 }] })),
      newAuthors: many(size, () => ({ name: text, commits: 2, firstCommitAt: iso(600) })),
      leavingAuthors: many(size, () => ({ name: text, commits: 20, lastCommitAt: iso(60) })),
      fileAges: [
        { age: "under a month", files: 3, lines: 40 },
        { age: text, files: 2, lines: 10 },
      ],
      tags: many(size, (index) => ({
        name: index % 2 === 0 ? text : `v${index}.0.0`,
        commit: "abcdef0123456",
        at: iso(700 - (index % 700)),
      })),
    },
    languages: many(size, (index) => ({
      name: text,
      files: 1,
      bytes: 100,
      code: 50,
      comments: 5,
      blanks: 5,
      share: 100 / size,
      color: index === 0 ? `red" onload="alert(3)` : "#3178c6",
    })),
    stack: many(size, (index) => ({
      name: text,
      category: index % 2 === 0 ? text : "build",
      version: text,
      evidence: [place, place, place],
    })),
    dependencies: many(size, (index) => ({
      ecosystem: index % 3 === 0 ? text : "npm",
      name: text,
      requirement: text,
      version: text,
      scope: index % 2 === 0 ? "runtime" : "test",
      manifest: place.path,
      line: index,
    })),
    structure: {
      files: 4,
      bytes: 4000,
      directories: many(size, () => ({ path: text.replaceAll("/", "|"), files: 2, bytes: 50 })),
      entryPoints: many(size, () => ({ path: text, line: 1, name: text, why: text })),
      scripts: many(size, () => ({ name: text, command: text, run: text, path: text, line: 1 })),
      tests: { files: 3, bytes: 300, paths: many(size, () => text) },
      docs: many(size, () => ({ path: text, kind: text })),
      licence,
      licences: many(size, () => licence),
      workspaces: many(size, () => ({ path: text, name: text, ecosystem: text })),
      largestFiles: many(size, () => ({ path: text, bytes: 99 })),
      environment: many(size, () => ({ name: text, uses: [place, place, place] })),
    },
    symbols: {
      functions: 3,
      classes: 2,
      types: 1,
      filesParsed: 3,
      mostComplex: many(Math.min(50, size), function_),
      largest: many(Math.min(50, size), function_),
      byLanguage: many(size, () => ({
        language: text,
        functions: 1,
        classes: 1,
        types: 1,
        meanComplexity: 2.5,
      })),
    },
    warnings: many(size, () => ({ code: text, message: text, path: text })),
    timings: { totalMs: 1234, [`${text}Ms`]: 12 },
  };
}

function empty(): Analysis {
  const full = sample("x", 1);
  return {
    ...full,
    repository: {
      name: "empty",
      source: "empty",
      head: "0123456789abcdef",
      branch: null,
      shallow: false,
      since: null,
    },
    history: {
      ...full.history,
      commits: 0,
      firstCommitAt: null,
      lastCommitAt: null,
      linesAdded: null,
      linesDeleted: null,
      authors: [],
      people: 0,
      activity: [],
      weekdays: many(7, () => 0),
      hours: many(24, () => 0),
      commitTypes: [],
      hotspots: [],
      coupling: [],
      keyAuthors: [],
      ownership: [],
      newAuthors: [],
      leavingAuthors: [],
      fileAges: [],
      tags: [],
      busFactor: 0,
    },
    languages: [],
    stack: [],
    dependencies: [],
    structure: {
      files: 0,
      bytes: 0,
      directories: [],
      entryPoints: [],
      scripts: [],
      tests: { files: 0, bytes: 0, paths: [] },
      docs: [],
      licence: null,
      licences: [],
      workspaces: [],
      largestFiles: [],
      environment: [],
    },
    symbols: {
      functions: 0,
      classes: 0,
      types: 0,
      filesParsed: 0,
      mostComplex: [],
      largest: [],
      byLanguage: [],
    },
    warnings: [],
    timings: {},
  };
}

const withoutEnd = new Set(["meta", "br", "wbr", "input", "link"]);

/** Every element is closed by its own end tag; attributes are quoted. Returns the names of all elements. */
function parse(page: string): { readonly elements: Set<string>; readonly attributes: Set<string> } {
  const open: string[] = [];
  const closed: [string | undefined, string | undefined][] = [];
  const elements = new Set<string>();
  const attributes = new Set<string>();
  const body = page.replace(/<(style|script)>[\s\S]*?<\/\1>/g, "<$1></$1>").replace(/^<!doctype html>/i, "");
  for (const [whole, end, name, rest] of body.matchAll(
    /<(\/?)([a-z][a-z0-9]*)((?:\s+[a-zA-Z0-9-]+(?:="[^"]*")?)*)\s*\/?>|</gi,
  )) {
    expect(name, `stray < before: ${whole}`).toBeDefined();
    elements.add(name!);
    for (const attribute of rest!.replace(/="[^"]*"/g, "=").matchAll(/\s([a-zA-Z0-9-]+)(?:=|\s|$)/g))
      attributes.add(attribute[1]!);
    if (end === "/") closed.push([open.pop(), name]);
    else if (!withoutEnd.has(name!) && !whole.endsWith("/>")) open.push(name!);
  }
  for (const [opened, name] of closed) expect(opened).toBe(name);
  expect(open).toEqual([]);
  return { elements, attributes };
}

describe("htmlReport", () => {
  const pages = {
    hostile: htmlReport(sample(hostile, 3)),
    ordinary: htmlReport(sample("src/plain", 30)),
    empty: htmlReport(empty()),
  };

  test.each(Object.entries(pages))("%s report: well formed, ids once, loads nothing", (_, page) => {
    const { elements, attributes } = parse(page);
    for (const name of [
      "img",
      "iframe",
      "object",
      "embed",
      "link",
      "base",
      "form",
      "image",
      "use",
      "foreignObject",
    ])
      expect(elements).not.toContain(name);
    for (const name of attributes) expect(name).not.toMatch(/^on|^src|^srcset|^action/);
    expect(page).not.toMatch(/https?:\/\/|@import|url\(/);
    const ids = [...page.matchAll(/\sid="([^"]+)"/g)].map((match) => match[1]!);
    expect(ids).toEqual([...new Set(ids)]);
    for (const target of page.matchAll(/(?:aria-labelledby|for)="([^"]+)"/g))
      for (const id of target[1]!.split(" ")) expect(ids).toContain(id);
    for (const link of page.matchAll(/href="([^"]*)"/g)) expect(ids).toContain(link[1]!.replace("#", ""));
    expect(page).not.toMatch(/NaN|undefined|Infinity|\[object/);
  });

  test("text of a repository stays text", () => {
    expect(pages.hostile).not.toContain("<img");
    expect(pages.hostile).not.toContain("\u202e");
    expect(pages.hostile).not.toContain("\u001b");
    expect(pages.hostile.match(/<script>/g)).toHaveLength(1);
    expect(pages.hostile).toContain("&#60;img src=x onerror=alert(1)&#62;");
    expect(pages.hostile).not.toContain(`fill="red`);
  });

  test("the policy names the one script by its hash", () => {
    const policy = /http-equiv="Content-Security-Policy"\s+content="([^"]*)"/
      .exec(pages.ordinary)![1]!
      .replaceAll("&#39;", "'");
    const script = /<script>([\s\S]*?)<\/script>/.exec(pages.ordinary)![1]!;
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain(`script-src 'sha256-${createHash("sha256").update(script).digest("base64")}'`);
    expect(pages.empty).not.toContain("<script");
    expect(pages.empty).toContain("script-src &#39;none&#39;");
  });

  test("mail addresses and passwords are left out", () => {
    expect(pages.ordinary).not.toContain("@mail.test");
    expect(withoutCredentials("https://user:secret@host.test/a@b")).toBe("https://host.test/a@b");
  });

  test("a huge report stays under half a megabyte and says what it left out", () => {
    const page = htmlReport(sample("packages/some-name/file", 10_000));
    expect(Buffer.byteLength(page)).toBeLessThan(500_000);
    expect(page).toContain("and 9,960 more");
  });

  test("no lines counted: no columns for them", () => {
    const full = sample("x", 3);
    const page = htmlReport({ ...full, history: { ...full.history, linesAdded: null, linesDeleted: null } });
    expect(page).toContain("changed lines were not counted");
    expect(page).not.toContain("Changed lines");
  });

  test("one commit", () => {
    const full = sample("x", 1);
    const page = htmlReport({
      ...full,
      history: {
        ...full.history,
        commits: 1,
        merges: 0,
        lastCommitAt: full.history.firstCommitAt,
        activity: [{ week: "2020-01-06", commits: 1 }],
        tags: [],
      },
    });
    expect(page).toContain("1 commit by 1 person in 1 day");
    expect(page).not.toMatch(/NaN|Infinity/);
  });
});

test("identities of one person are one row", () => {
  const identity = (person: number, commits: number, firstCommitAt: string) => ({
    name: `n${commits}`,
    email: "",
    person,
    commits,
    linesAdded: commits,
    linesDeleted: null,
    firstCommitAt,
    lastCommitAt: firstCommitAt,
  });
  expect(mergeIdentities([identity(1, 5, iso(3)), identity(2, 6, iso(0)), identity(1, 4, iso(1))])).toEqual([
    {
      name: "n5",
      identities: 2,
      commits: 9,
      linesAdded: 9,
      linesDeleted: null,
      firstCommitAt: iso(1),
      lastCommitAt: iso(3),
    },
    {
      name: "n6",
      identities: 1,
      commits: 6,
      linesAdded: 6,
      linesDeleted: null,
      firstCommitAt: iso(0),
      lastCommitAt: iso(0),
    },
  ]);
});

describe("markup", () => {
  test("values are escaped, markup is not, nothing is nothing", () => {
    expect(
      html`<b title="${`"><i>`}">${["a<", html`<i>${"&"}</i>`, null, false, undefined, 0]}</b>`.markup,
    ).toBe(`<b title="&#34;&#62;&#60;i&#62;">a&#60;<i>&#38;</i>0</b>`);
    expect(escapeText("a\nb\u202e")).toBe(String.raw`a\nb\u202e`);
  });

  test("colours are colours", () => {
    expect([
      hexColor("#AbCdEf"),
      hexColor("#fff"),
      hexColor("red"),
      hexColor("#12345g"),
      hexColor(`#123456"`),
      hexColor(null),
    ]).toEqual(["#abcdef", null, null, null, null, null]);
  });

  test("long text keeps both ends", () => {
    expect(clip("a".repeat(50) + "b".repeat(50), 11)).toBe("aaaaa…bbbbb");
    expect(Array.from(clip("😀".repeat(200), 21))).toHaveLength(21);
  });
});
