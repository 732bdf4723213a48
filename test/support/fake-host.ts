import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** A request to a host that we play. */
export interface FakeRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  /** Parsed JSON. */
  readonly body: Readonly<Record<string, unknown>>;
  /** Parts of the path that a route's pattern names. */
  readonly params: Readonly<Record<string, string>>;
}

export interface FakeAnswer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export type FakeRoute = readonly [method: string, path: RegExp, handle: (request: FakeRequest) => FakeAnswer];

/** What goes wrong, the next `times` that a request fits. */
export interface Fault {
  readonly method?: string;
  readonly path?: RegExp;
  readonly times?: number;
  /** `answer`: this instead. `reset`: nothing happens, the connection breaks. `reset-after`: it happens, then it breaks. `slow`: it happens, and is answered after `delayMs`. */
  readonly kind: "answer" | "reset" | "reset-after" | "hang" | "slow";
  readonly delayMs?: number;
  readonly answer?: FakeAnswer;
}

export interface FakeHost {
  readonly url: string;
  /** `METHOD path` of all that came, in order. */
  readonly requests: string[];
  /** Headers of all that came. */
  readonly seen: FakeRequest[];
  fail(fault: Fault): void;
  close(): Promise<void>;
}

/** Serves routes over real HTTP. What no route fits is 404; `check` may refuse before any. */
export async function startFakeHost(
  routes: readonly FakeRoute[],
  check: (request: FakeRequest) => FakeAnswer | null,
): Promise<FakeHost> {
  const requests: string[] = [];
  const seen: FakeRequest[] = [];
  let faults: { fault: Fault; left: number }[] = [];

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await read(incoming);
    requests.push(`${request.method} ${request.path}`);
    seen.push(request);
    const found = faults.find(
      ({ fault }) =>
        (fault.method ?? request.method) === request.method && (fault.path ?? /./).test(request.path),
    );
    if (found && --found.left === 0) faults = faults.filter((each) => each !== found);
    const kind = found?.fault.kind;
    if (kind === "reset") return void incoming.socket.destroy();
    if (kind === "hang") return;
    const answer = kind === "answer" ? found!.fault.answer! : (check(request) ?? route(request));
    if (kind === "reset-after") return void incoming.socket.destroy();
    if (kind === "slow") await sleep(found!.fault.delayMs ?? 0);
    response.writeHead(answer.status, { "content-type": "application/json", ...answer.headers });
    response.end(answer.body === undefined ? "" : JSON.stringify(answer.body));
  }

  function route(request: FakeRequest): FakeAnswer {
    for (const [method, path, answer] of routes) {
      const match = method === request.method ? path.exec(request.path) : null;
      if (match)
        return answer({
          ...request,
          params: Object.fromEntries(
            Object.entries(match.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)]),
          ),
        });
    }
    return { status: 404, body: { message: "Not Found" } };
  }

  const server = createServer((incoming, response) => void handle(incoming, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    requests,
    seen,
    fail: (fault) => void faults.push({ fault, left: fault.times ?? 1 }),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function read(incoming: IncomingMessage): Promise<FakeRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  const url = new URL(incoming.url!, "http://x");
  return {
    method: incoming.method!,
    path: url.pathname,
    query: url.searchParams,
    headers: incoming.headers,
    body: text === "" ? {} : (JSON.parse(text) as Record<string, unknown>),
    params: {},
  };
}

/** Text of a body; empty for anything else. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** One page of a list, with the `Link` header of all three hosts. */
export function paginate(
  url: () => string,
  request: FakeRequest,
  items: readonly unknown[],
  wrap: (items: readonly unknown[]) => unknown = (each) => each,
): FakeAnswer {
  const size = Number(request.query.get("per_page") ?? request.query.get("limit") ?? 30);
  const page = Number(request.query.get("page") ?? 1);
  const query = new URLSearchParams(request.query);
  query.set("page", String(page + 1));
  const link = `<${url()}${request.path}?${query.toString()}>; rel="next"`;
  return {
    status: 200,
    body: wrap(items.slice((page - 1) * size, page * size)),
    headers: page * size < items.length ? { link } : {},
  };
}

/** What a host knows of the lines of one file: where a comment may stand. */
export interface Anchors {
  /** Number of the hunk by line, on either side. */
  readonly old: ReadonlyMap<number, number>;
  readonly new: ReadonlyMap<number, number>;
  /** Lines that did not change: their number on the old side, by that on the new. */
  readonly same: ReadonlyMap<number, number>;
}

/** Reads a diff on its own, so that a mistake of the product's reader is not made twice. By path after the change. */
export function readAnchors(patch: string): ReadonlyMap<string, Anchors> {
  const files = new Map<
    string,
    { old: Map<number, number>; new: Map<number, number>; same: Map<number, number> }
  >();
  let file = {
    old: new Map<number, number>(),
    new: new Map<number, number>(),
    same: new Map<number, number>(),
  };
  let [hunk, oldLine, newLine, oldLeft, newLeft] = [0, 0, 0, 0, 0];
  let before = "";
  for (const line of patch.split("\n")) {
    if (oldLeft > 0 || newLeft > 0) {
      const sign = line[0] ?? " ";
      if (sign === "\\") continue;
      if (sign === " ") file.same.set(newLine, oldLine);
      if (sign !== "+") {
        file.old.set(oldLine++, hunk);
        oldLeft--;
      }
      if (sign !== "-") {
        file.new.set(newLine++, hunk);
        newLeft--;
      }
      continue;
    }
    const header = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(line);
    if (header) {
      hunk++;
      [oldLine, newLine] = [Number(header[1]), Number(header[3])];
      [oldLeft, newLeft] = [Number(header[2] ?? 1), Number(header[4] ?? 1)];
    } else if (line.startsWith("--- ")) before = line.slice("--- a/".length);
    else if (line.startsWith("+++ ")) {
      file = { old: new Map(), new: new Map(), same: new Map() };
      files.set(line === "+++ /dev/null" ? before : line.slice("+++ b/".length), file);
    }
  }
  return files;
}

/** A pull request as a test tells a host of it. */
export interface FakePull {
  readonly repository: string;
  readonly number: number;
  readonly head: string;
  readonly base: string;
  readonly baseBranch: string;
  readonly title: string;
  /** Unified diff. */
  readonly patch: string;
  readonly isDraft: boolean;
  readonly isOpen: boolean;
  readonly updatedAt: string;
  /** Null: below the fake itself, where there is no Git. */
  readonly cloneUrl: string | null;
}

export interface FakeComment {
  readonly id: number;
  readonly author: string;
  body: string;
}

export interface FakeLineComment extends FakeComment {
  readonly path: string;
  readonly side: "new" | "old";
  readonly startLine: number;
  readonly line: number;
  readonly review: number;
  isResolved: boolean;
  readonly threadId: string;
  readonly replies: FakeComment[];
}

/** The state that the three have in common, as tests look at it. */
export interface FakeState {
  /** By `repository#number`. */
  readonly pulls: Map<string, FakePull>;
  readonly comments: Map<string, FakeComment[]>;
  readonly lineComments: Map<string, FakeLineComment[]>;
  /** Bodies of reviews, by their ids. */
  readonly reviews: Map<string, { readonly id: number; readonly body: string; readonly commit: string }[]>;
  readonly checks: {
    readonly commit: string;
    readonly state: string;
    readonly title: string;
    annotations: number;
  }[];
  readonly writers: Set<string>;
}

export function createFakeState(): FakeState {
  return {
    pulls: new Map(),
    comments: new Map(),
    lineComments: new Map(),
    reviews: new Map(),
    checks: [],
    writers: new Set(["maintainer"]),
  };
}

/** What every fake offers to the tests of all three. */
export interface FakeCodeHost extends FakeHost {
  readonly state: FakeState;
  /** Settings with which the product speaks to it. */
  readonly settings: Readonly<Record<string, string>>;
  readonly token: string;
  addPull(pull: Partial<FakePull> & { readonly number: number }): FakePull;
  /** No request is allowed any more. */
  revoke(): void;
}

export function toPullOf(given: Partial<FakePull> & { readonly number: number }): FakePull {
  return {
    repository: "octo-org/widgets",
    head: "a".repeat(40),
    base: "b".repeat(40),
    baseBranch: "main",
    title: `Pull ${given.number}`,
    patch: "",
    isDraft: false,
    isOpen: true,
    updatedAt: "2026-03-01T10:00:00Z",
    cloneUrl: null,
    ...given,
  };
}

export const keyOf = ({ repository, number }: { repository: string; number: number }): string =>
  `${repository}#${number}`;

/** The list under a key, made with its first use. */
export function listOf<T>(map: Map<string, T[]>, key: string): T[] {
  let list = map.get(key);
  if (!list) map.set(key, (list = []));
  return list;
}
