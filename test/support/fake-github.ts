import { createVerify, generateKeyPairSync } from "node:crypto";
import {
  createFakeState,
  type FakeAnswer,
  type FakeCodeHost,
  type FakeLineComment,
  type FakePull,
  type FakeRequest,
  type FakeRoute,
  keyOf,
  listOf,
  paginate,
  readAnchors,
  startFakeHost,
  textOf,
  toPullOf,
} from "./fake-host.ts";

export interface FakeDelivery {
  readonly id: number;
  readonly guid: string;
  readonly status_code: number;
  readonly delivered_at: string;
}

export interface FakeGithub extends FakeCodeHost {
  readonly deliveries: FakeDelivery[];
  /** Ids of deliveries that were asked for again. */
  readonly redelivered: number[];
  /** Tokens of installations that were given out. */
  readonly issued: string[];
  /** Tokens given out so far are no good any more. */
  revokeIssued(): void;
  readonly checkRuns: FakeCheckRun[];
}

interface FakeCheckRun {
  readonly id: number;
  readonly head_sha: string;
  status: string;
  conclusion: string | null;
  annotations: unknown[];
  title: string;
}

const mostBody = 65_536;
const token = "ghp_fake0123456789abcdef";
const login = "repowright-bot";

/** GitHub as far as we use it, with what it refuses. As an App or with a token; below `/api/v3`, like an Enterprise server. */
export async function startFakeGithub(given: { readonly isApp?: boolean } = {}): Promise<FakeGithub> {
  const isApp = given.isApp ?? false;
  const { privateKey, publicKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
  });
  const state = createFakeState();
  const deliveries: FakeDelivery[] = [];
  const redelivered: number[] = [];
  const issued: string[] = [];
  const checkRuns: FakeCheckRun[] = [];
  const dead = new Set<string>();
  let ids = 1_000;

  const pullOf = ({ params }: FakeRequest): FakePull | undefined =>
    state.pulls.get(`${params["owner"]}/${params["name"]}#${params["number"]}`);
  const missing: FakeAnswer = { status: 404, body: { message: "Not Found" } };
  const invalid = (...errors: readonly string[]): FakeAnswer => ({
    status: 422,
    body: { message: "Unprocessable Entity", errors },
  });
  const repo = String.raw`/api/v3/repos/(?<owner>[^/]+)/(?<name>[^/]+)`;
  const to = (path: string): RegExp => new RegExp(`^${path}$`);
  const onPull =
    (handle: (pull: FakePull, request: FakeRequest) => FakeAnswer): FakeRoute[2] =>
    (request) => {
      const pull = pullOf(request);
      return pull ? handle(pull, request) : missing;
    };

  const host = await startFakeHost(
    [
      ["GET", to("/api/v3/user/repos"), (request) => paginate(() => host.url, request, repositories())],
      ["GET", to("/api/v3/app/installations"), (request) => paginate(() => host.url, request, [{ id: 42 }])],
      [
        "GET",
        to("/api/v3/installation/repositories"),
        (request) =>
          paginate(
            () => host.url,
            request,
            repositories(),
            (each) => ({ repositories: each }),
          ),
      ],
      [
        "POST",
        to(String.raw`/api/v3/app/installations/42/access_tokens`),
        () => {
          issued.push(`ghs_fake${issued.length}_0123456789`);
          const expires = new Date(Date.now() + 3_600_000).toISOString();
          return {
            status: 201,
            body: { token: issued.at(-1), expires_at: expires, permissions: {}, repository_selection: "all" },
          };
        },
      ],
      ["GET", to(`${repo}/installation`), () => ({ status: 200, body: { id: 42 } })],
      ["GET", to("/api/v3/app/hook/deliveries"), (request) => paginate(() => host.url, request, deliveries)],
      [
        "POST",
        to(String.raw`/api/v3/app/hook/deliveries/(?<id>\d+)/attempts`),
        ({ params }) => {
          redelivered.push(Number(params["id"]));
          return { status: 202, body: {} };
        },
      ],
      [
        "GET",
        to(String.raw`${repo}/pulls/(?<number>\d+)`),
        onPull((pull) => ({ status: 200, body: toBody(pull) })),
      ],
      [
        "GET",
        to(`${repo}/pulls`),
        (request) =>
          paginate(
            () => host.url,
            request,
            [...state.pulls.values()]
              .filter(
                (each) =>
                  each.isOpen && `${request.params["owner"]}/${request.params["name"]}` === each.repository,
              )
              .toSorted((a, b) => b.updatedAt.localeCompare(a.updatedAt))
              .map(toBody),
          ),
      ],
      ["POST", to(String.raw`${repo}/pulls/(?<number>\d+)/reviews`), onPull(postReview)],
      [
        "POST",
        to(String.raw`${repo}/pulls/(?<number>\d+)/comments/(?<id>\d+)/replies`),
        onPull((pull, { params, body }) => {
          const parent = listOf(state.lineComments, keyOf(pull)).find(
            (each) => each.id === Number(params["id"]),
          );
          if (!parent) return missing;
          parent.replies.push({ id: ++ids, author: login, body: textOf(body["body"]) });
          return { status: 201, body: { id: ids } };
        }),
      ],
      [
        "POST",
        to(String.raw`${repo}/issues/(?<number>\d+)/comments`),
        onPull((pull, { body }) => {
          const text = textOf(body["body"]);
          if (text === "" || text.length > mostBody)
            return invalid("body is too long (maximum is 65536 characters)");
          listOf(state.comments, keyOf(pull)).push({ id: ++ids, author: login, body: text });
          return { status: 201, body: { id: ids } };
        }),
      ],
      [
        "PATCH",
        to(String.raw`${repo}/issues/comments/(?<id>\d+)`),
        ({ params, body }) => {
          const found = [...state.comments.values()].flat().find((each) => each.id === Number(params["id"]));
          if (!found) return missing;
          found.body = textOf(body["body"]);
          return { status: 200, body: { id: found.id } };
        },
      ],
      [
        "GET",
        to(String.raw`${repo}/collaborators/(?<user>[^/]+)/permission`),
        ({ params }) => {
          const user = params["user"]!;
          if (user === "nobody") return missing;
          return { status: 200, body: { permission: state.writers.has(user) ? "write" : "read" } };
        },
      ],
      [
        "POST",
        to(String.raw`${repo}/statuses/(?<commit>[0-9a-f]+)`),
        ({ params, body }) => {
          const title = textOf(body["description"]);
          if (title.length > 140) return invalid("description is too long");
          state.checks.push({
            commit: params["commit"]!,
            state: textOf(body["state"]),
            title,
            annotations: 0,
          });
          return { status: 201, body: {} };
        },
      ],
      [
        "GET",
        to(String.raw`${repo}/commits/(?<commit>[0-9a-f]+)/check-runs`),
        ({ params }) => ({
          status: 200,
          body: { check_runs: checkRuns.filter((each) => each.head_sha === params["commit"]).slice(-1) },
        }),
      ],
      ["POST", to(`${repo}/check-runs`), ({ body }) => putRun(null, body)],
      [
        "PATCH",
        to(String.raw`${repo}/check-runs/(?<id>\d+)`),
        ({ params, body }) => putRun(Number(params["id"]), body),
      ],
      ["POST", to("/api/graphql"), answerGraph],
    ],
    (request) => {
      const bearer = /^Bearer (.+)$/i.exec(request.headers.authorization ?? "")?.[1] ?? "";
      const isAppRoute = /^\/api\/v3\/(app\/|repos\/[^/]+\/[^/]+\/installation$)/.test(request.path);
      const isKnown = isApp
        ? isAppRoute
          ? isSignedByApp(bearer)
          : issued.includes(bearer) && !dead.has(bearer)
        : bearer === token && !dead.has(token);
      if (!isKnown) return { status: 401, body: { message: "Bad credentials" } };
      if (!isApp && request.path.endsWith("/check-runs") && request.method === "POST")
        return { status: 403, body: { message: "You must authenticate via a GitHub App." } };
      return null;
    },
  );

  function isSignedByApp(jwt: string): boolean {
    const [head, claims, signature] = jwt.split(".");
    if (!head || !claims || !signature) return false;
    const { iss, exp } = JSON.parse(Buffer.from(claims, "base64url").toString()) as {
      iss: unknown;
      exp: number;
    };
    const isSigned = createVerify("RSA-SHA256")
      .update(`${head}.${claims}`)
      .verify(publicKey, Buffer.from(signature, "base64url"));
    return isSigned && String(iss) === "12345" && exp * 1_000 > Date.now();
  }

  function repositories(): readonly object[] {
    return [...new Set([...state.pulls.values()].map((each) => each.repository))].map((full_name) => ({
      full_name,
    }));
  }

  function toBody(pull: FakePull): object {
    return {
      number: pull.number,
      title: pull.title,
      body: "",
      state: pull.isOpen ? "open" : "closed",
      draft: pull.isDraft,
      user: { login: "monalisa" },
      head: { sha: pull.head, ref: "topic", repo: null },
      base: {
        sha: pull.base,
        ref: pull.baseBranch,
        repo: { clone_url: pull.cloneUrl ?? `${host.url}/${pull.repository}.git` },
      },
      html_url: `${host.url}/${pull.repository}/pull/${pull.number}`,
      updated_at: pull.updatedAt,
    };
  }

  /** All or nothing, as GitHub does it. */
  function postReview(pull: FakePull, { body }: FakeRequest): FakeAnswer {
    const { commit_id: commit, event, comments = [], body: text = "" } = body as Record<string, unknown>;
    if (event !== "COMMENT") return invalid("a review that is not submitted stays pending");
    if (textOf(text).length > mostBody) return invalid("body is too long (maximum is 65536 characters)");
    if (textOf(text) === "" && (comments as unknown[]).length === 0) return invalid("body can't be blank");
    if (commit !== pull.head) return invalid("commit_id is not part of the pull request");
    const anchors = readAnchors(pull.patch);
    const review = ++ids;
    const made: FakeLineComment[] = [];
    for (const each of comments as Record<string, unknown>[]) {
      const { path, line, side = "RIGHT", start_line: start, start_side: startSide = side } = each;
      const comment = textOf(each["body"]);
      if (comment === "" || comment.length > mostBody) return invalid("body can't be blank or too long");
      const file = anchors.get(textOf(path));
      if (!file) return invalid("Path could not be resolved");
      const sideOf = (name: unknown) => (name === "LEFT" ? file.old : file.new);
      const hunk = sideOf(side).get(Number(line));
      if (hunk === undefined) return invalid("Line could not be resolved");
      if (start !== undefined) {
        if (side === startSide && Number(start) >= Number(line))
          return invalid("start_line must precede the end line.");
        const startHunk = sideOf(startSide).get(Number(start));
        if (startHunk === undefined) return invalid("Start line could not be resolved");
        if (startHunk !== hunk) return invalid("start_line must be part of the same hunk as the line.");
      }
      made.push({
        id: ++ids,
        author: login,
        body: comment,
        path: textOf(path),
        side: side === "LEFT" ? "old" : "new",
        startLine: Number(start ?? line),
        line: Number(line),
        review,
        isResolved: false,
        threadId: `PRRT_${ids}`,
        replies: [],
      });
    }
    listOf(state.reviews, keyOf(pull)).push({ id: review, body: textOf(text), commit: pull.head });
    listOf(state.lineComments, keyOf(pull)).push(...made);
    return { status: 200, body: { id: review } };
  }

  function putRun(id: number | null, body: FakeRequest["body"]): FakeAnswer {
    const output = body["output"] as { title: string; summary: string; annotations?: unknown[] };
    const annotations = output.annotations ?? [];
    if (annotations.length > 50) return invalid("annotations: no more than 50");
    if (output.summary.length > 65_535) return invalid("summary is too long");
    for (const each of annotations as { start_line: number; end_line: number }[])
      if (each.end_line < each.start_line) return invalid("end_line must not be before start_line");
    let run = checkRuns.find((each) => each.id === id);
    if (id !== null && !run) return missing;
    if (!run) {
      run = {
        id: ++ids,
        head_sha: textOf(body["head_sha"]),
        status: "queued",
        conclusion: null,
        annotations: [],
        title: "",
      };
      checkRuns.push(run);
    }
    run.status = textOf(body["status"]);
    run.conclusion = (body["conclusion"] as string | undefined) ?? null;
    run.title = output.title;
    run.annotations.push(...annotations);
    const at = state.checks.findIndex((each) => each.commit === run.head_sha);
    const seen = {
      commit: run.head_sha,
      state: run.conclusion ?? run.status,
      title: run.title,
      annotations: run.annotations.length,
    };
    if (at < 0) state.checks.push(seen);
    else state.checks[at] = seen;
    return { status: id === null ? 201 : 200, body: { id: run.id } };
  }

  function answerGraph({ body }: FakeRequest): FakeAnswer {
    const query = textOf(body["query"]);
    const variables = body["variables"] as Record<string, unknown>;
    const fail = (type: string, message: string): FakeAnswer => ({
      status: 200,
      body: { data: null, errors: [{ type, message }] },
    });
    if (query.includes("resolveReviewThread")) {
      const found = [...state.lineComments.values()]
        .flat()
        .find((each) => each.threadId === variables["threadId"]);
      if (!found) return fail("NOT_FOUND", "Could not resolve to a node with that id.");
      found.isResolved = true;
      return { status: 200, body: { data: {} } };
    }
    const key = `${textOf(variables["owner"])}/${textOf(variables["name"])}#${Number(variables["number"])}`;
    if (!state.pulls.has(key)) return fail("NOT_FOUND", "Could not resolve to a PullRequest.");
    const from = Number(variables["after"] ?? 0);
    const all: readonly object[] = query.includes("reviewThreads")
      ? listOf(state.lineComments, key).map((each) => ({
          id: each.threadId,
          isResolved: each.isResolved,
          path: each.path,
          comments: { nodes: [toNode(each)] },
        }))
      : listOf(state.comments, key).map(toNode);
    const page = {
      nodes: all.slice(from, from + 100),
      pageInfo: { hasNextPage: from + 100 < all.length, endCursor: String(from + 100) },
    };
    return { status: 200, body: { data: { repository: { pullRequest: { page } } } } };
  }

  const toNode = (each: { id: number; body: string; author: string }) => ({
    databaseId: each.id,
    body: each.body,
    viewerDidAuthor: each.author === login,
  });

  return {
    ...host,
    state,
    deliveries,
    redelivered,
    issued,
    checkRuns,
    token,
    settings: {
      "hosts.addresses": `github=${host.url}`,
      ...(isApp
        ? { "hosts.github_app_id": "12345", "hosts.github_private_key": privateKey }
        : { "hosts.tokens": `github=${token}` }),
    },
    addPull(pull) {
      const whole = toPullOf(pull);
      state.pulls.set(keyOf(whole), whole);
      return whole;
    },
    revoke() {
      dead.add(token);
      for (const each of issued) dead.add(each);
    },
    revokeIssued() {
      for (const each of issued) dead.add(each);
    },
  };
}
