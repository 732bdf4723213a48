import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { type CommitSpec, createRepository, temporaryFolder } from "../../../../test/support/repositories.ts";
import { openTestIndex } from "../../../../test/support/search.ts";
import { createServices, createThreads } from "../../../../test/support/services.ts";
import { searchFiles, searchUnits } from "./search.ts";
import type { SignalName } from "./signals.ts";

/** For every signal a repository where it decides: without it the other file came first, by its path or by name. */
const scanner = createThreads(2);
afterAll(() => scanner.close());

const signal = new AbortController().signal;
const filler = "def run(state):\n    return state\n";
const edit = (path: string, count: number): CommitSpec[] =>
  Array.from({ length: count }, (_, at) => ({
    message: `Go on ${at}`,
    files: { [path]: `${filler}throttle = ${at}\n` },
  }));

interface Case {
  readonly commits: readonly CommitSpec[];
  readonly query: string;
  readonly first: string;
  /** What only follows from the first, and so is the only other one. */
  readonly second?: string;
  readonly signal: SignalName;
}

const start = (files: CommitSpec["files"]): CommitSpec => ({ message: "Start", files });
const cases: Readonly<Record<string, Case>> = {
  "what a file says": {
    commits: [start({ "a.py": filler, "z.py": `${filler}throttle = 1\n` })],
    query: "throttle uploads",
    first: "z.py",
    signal: "body",
  },
  "what it is called": {
    commits: [start({ "a/x.py": filler, "z/throttle.py": filler })],
    query: "throttle uploads",
    first: "z/throttle.py",
    signal: "path",
  },
  "what commits said about it": {
    commits: [
      start({ "a.py": filler, "z.py": filler }),
      { message: "Throttle uploads", files: { "z.py": `${filler}1\n` } },
      { message: "Sort names", files: { "a.py": `${filler}2\n` } },
    ],
    query: "throttle uploads",
    first: "z.py",
    signal: "messages",
  },
  "the commits most like the query": {
    commits: [
      start({ "a.py": filler, "z.py": filler }),
      { message: "Throttle uploads", files: { "z.py": `${filler}1\n` } },
      {
        message: "Throttle one thing, name another, sort a third, and count all uploads of last year",
        files: { "a.py": `${filler}2\n` },
      },
    ],
    query: "throttle uploads",
    first: "z.py",
    signal: "similar",
  },
  "how often it is changed": {
    commits: [
      start({ "a.py": `${filler}throttle = 1\n`, "z.py": `${filler}throttle = 1\n` }),
      ...edit("z.py", 4),
      ...edit("a.py", 1),
    ],
    query: "throttle uploads",
    first: "z.py",
    signal: "churn",
  },
  "when it was changed last": {
    commits: [
      start({ "a.py": `${filler}throttle = 1\n`, "z.py": `${filler}throttle = 1\n` }),
      ...edit("a.py", 1),
      ...edit("other.md", 8).map((commit) => ({ ...commit, files: { "other.md": `${commit.message}\n` } })),
      ...edit("z.py", 1),
    ],
    query: "throttle uploads",
    first: "z.py",
    signal: "recent",
  },
  "that the query names it": {
    commits: [start({ "a.py": `${filler}zeta = 1\n`, "lib/zeta.py": filler })],
    query: "throttle in zeta.py",
    first: "lib/zeta.py",
    signal: "mention",
  },
  "words that stand in one place": {
    commits: [
      start({
        "a.py": "def one():\n    throttle()\n\n\ndef two():\n    uploads()\n",
        "z.py": "def one():\n    throttle(uploads)\n\n\ndef two():\n    pass\n",
      }),
    ],
    query: "throttle uploads",
    first: "z.py",
    signal: "unit",
  },
  "what is changed together with it": {
    commits: [
      start({ "a.py": `${filler}throttle = 1\n` }),
      start({ "y.py": filler }),
      start({ "z.py": filler }),
      ...Array.from({ length: 3 }, (_, at) => ({
        message: "Go on",
        files: { "a.py": `${filler}throttle = ${at + 2}\n`, "z.py": `${filler}${at}\n` },
      })),
      { message: "Alone", files: { "y.py": `${filler}9\n` } },
    ],
    query: "throttle",
    first: "a.py",
    second: "z.py",
    signal: "cochange",
  },
  "what has the name of a likely file": {
    commits: [
      start({ "a.py": filler }),
      start({ "lib/zeta.py": `${filler}throttle = 1\n` }),
      start({ "t/test_zeta.py": filler }),
    ],
    query: "throttle",
    first: "lib/zeta.py",
    second: "t/test_zeta.py",
    signal: "pair",
  },
};

test.each(Object.entries(cases))("%s", async (_, { commits, query, first, second, signal: name }) => {
  const folder = temporaryFolder();
  const services = createServices(join(folder, "data"), scanner);
  const opened = await openTestIndex(services, createRepository(join(folder, "r"), commits));
  const { files } = await searchFiles(opened, { query, limit: 10, signal }, services.git);
  const paths = files.map(({ path }) => path);
  expect(second === undefined ? paths.slice(0, 1) : paths).toEqual(
    second === undefined ? [first] : [first, second],
  );
  expect(files[second === undefined ? 0 : 1]!.signals[name]).toBeGreaterThan(0);
  services.cache.close();
});

const routes = `def route_request(request):\n    """Routes a request to its handler."""\n    return handlers[request.path]\n`;

test("tests, documents, data and other people's code stand back, unless they are asked for", async () => {
  const folder = temporaryFolder();
  const services = createServices(join(folder, "data"), scanner);
  const opened = await openTestIndex(
    services,
    createRepository(join(folder, "r"), [
      start({
        "a/docs/route.md":
          "# route request\n\nRoutes a request to its handler. route_request route_request\n",
        "a/gen.py": `# Code generated by tool. DO NOT EDIT.\n${routes}`,
        "a/route.json": '{ "route_request": "Routes a request to its handler" }\n',
        "a/tests/test_route.py": routes.replace("route_request", "test_route_request"),
        "a/vendor/lib/route.py": routes,
        "z/src/route.py": routes,
      }),
    ]),
  );
  const best = async (query: string): Promise<string> =>
    (await searchUnits(opened, { query, limit: 20, signal }, services.git)).hits[0]!.path;
  const bestFile = async (query: string): Promise<string> =>
    (await searchFiles(opened, { query, limit: 20, signal }, services.git)).files[0]!.path;
  for (const query of ["where is a request routed to its handler?", "route request handler"])
    expect(await best(query), query).toBe("z/src/route.py");
  expect(await bestFile("where is a request routed to its handler?")).toBe("z/src/route.py");
  expect(await best("which test routes a request to its handler?")).toBe("a/tests/test_route.py");
  expect(await bestFile("docs: how a request is routed")).toBe("a/docs/route.md");
  expect(await bestFile("test: route a request")).toBe("a/tests/test_route.py");
  services.cache.close();
});

test("a question finds what says the same in other words; words of a change do not", async () => {
  const folder = temporaryFolder();
  const services = createServices(join(folder, "data"), scanner);
  const opened = await openTestIndex(
    services,
    createRepository(join(folder, "r"), [
      start({ "a.py": "def list_rows():\n    return 1\n", "z.py": "def remove_rows():\n    return 2\n" }),
    ]),
  );
  const find = async (query: string): Promise<readonly (string | null)[]> =>
    (await searchUnits(opened, { query, limit: 5, signal }, services.git)).hits.map(({ symbol }) => symbol);
  expect(await find("where are rows deleted?")).toEqual(["remove_rows", "list_rows"]);
  expect(await find("where is something deleted?")).toEqual(["remove_rows"]);
  expect(await find("fix: something deleted")).toEqual([]);
  services.cache.close();
});

test("a question goes by what is said, a change by what is changed", async () => {
  const folder = temporaryFolder();
  const services = createServices(join(folder, "data"), scanner);
  const opened = await openTestIndex(
    services,
    createRepository(join(folder, "r"), [
      start({
        "often.py": `${filler}throttle = 0\n`,
        "seldom.py": "def throttle(uploads):\n    return uploads\n",
      }),
      ...edit("often.py", 9),
    ]),
  );
  const first = async (query: string): Promise<string> =>
    (await searchFiles(opened, { query, limit: 5, signal }, services.git)).files[0]!.path;
  expect(await first("where is the throttle?")).toBe("seldom.py");
  expect(await first("change the throttle")).toBe("often.py");
  services.cache.close();
});
