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

const token = "glpat-fake0123456789";
const me = { id: 77, username: "repowright-bot" };

export interface FakeGitlab extends FakeCodeHost {
  /** Notes that nobody sees yet. */
  readonly drafts: {
    readonly id: number;
    readonly key: string;
    readonly note: string;
    readonly comment: FakeLineComment | null;
  }[];
}

/** GitLab as far as we use it, with what it refuses. */
export async function startFakeGitlab(): Promise<FakeGitlab> {
  const state = createFakeState();
  const drafts: FakeGitlab["drafts"] = [];
  let ids = 1_000;
  let isRevoked = false;
  const missing: FakeAnswer = { status: 404, body: { message: "404 Not found" } };
  const invalid = (message: string): FakeAnswer => ({ status: 400, body: { message } });
  const project = String.raw`/api/v4/projects/(?<project>[^/]+)`;
  const request = String.raw`${project}/merge_requests/(?<number>\d+)`;
  const to = (path: string): RegExp => new RegExp(`^${path}$`);
  const onPull =
    (handle: (pull: FakePull, request: FakeRequest) => FakeAnswer): FakeRoute[2] =>
    (each) => {
      const pull = state.pulls.get(`${each.params["project"]}#${each.params["number"]}`);
      return pull ? handle(pull, each) : missing;
    };

  const host = await startFakeHost(
    [
      ["GET", to("/api/v4/user"), () => ({ status: 200, body: me })],
      ["GET", to("/api/v4/projects"), (each) => paginate(() => host.url, each, projects())],
      [
        "GET",
        to(project),
        ({ params }) =>
          projects()
            .filter((each) => each.path_with_namespace === params["project"])
            .map((body) => ({ status: 200, body }))[0] ?? missing,
      ],
      [
        "GET",
        to(`${project}/merge_requests`),
        (each) =>
          paginate(
            () => host.url,
            each,
            [...state.pulls.values()]
              .filter((pull) => pull.isOpen && pull.repository === each.params["project"])
              .filter((pull) => each.query.get("wip") !== "no" || !pull.isDraft)
              .map(toBody),
          ),
      ],
      ["GET", to(request), onPull((pull) => ({ status: 200, body: toBody(pull) }))],
      [
        "GET",
        to(`${request}/diffs`),
        onPull((pull, each) => paginate(() => host.url, each, toDiffs(pull.patch))),
      ],
      [
        "GET",
        to(`${request}/discussions`),
        onPull((pull, each) => paginate(() => host.url, each, discussionsOf(pull))),
      ],
      [
        "POST",
        to(`${request}/notes`),
        onPull((pull, { body }) => {
          const text = textOf(body["body"]);
          if (text === "" || text.length > 1_000_000) return invalid("Note can't be blank");
          listOf(state.comments, keyOf(pull)).push({ id: ++ids, author: me.username, body: text });
          return { status: 201, body: { id: ids } };
        }),
      ],
      [
        "PUT",
        to(String.raw`${request}/notes/(?<id>\d+)`),
        onPull((pull, { params, body }) => {
          const found = listOf(state.comments, keyOf(pull)).find((each) => each.id === Number(params["id"]));
          if (!found) return missing;
          found.body = textOf(body["body"]);
          return { status: 200, body: { id: found.id } };
        }),
      ],
      [
        "GET",
        to(`${request}/draft_notes`),
        onPull((pull, each) =>
          paginate(
            () => host.url,
            each,
            drafts.filter(({ key }) => key === keyOf(pull)).map(({ id, note }) => ({ id, note })),
          ),
        ),
      ],
      ["POST", to(`${request}/draft_notes`), onPull(addDraft)],
      [
        "DELETE",
        to(String.raw`${request}/draft_notes/(?<id>\d+)`),
        ({ params }) => {
          const at = drafts.findIndex((each) => each.id === Number(params["id"]));
          if (at < 0) return missing;
          drafts.splice(at, 1);
          return { status: 204 };
        },
      ],
      [
        "POST",
        to(`${request}/draft_notes/bulk_publish`),
        onPull((pull) => {
          const own = drafts.filter(({ key }) => key === keyOf(pull));
          for (const each of own) {
            if (each.comment) listOf(state.lineComments, keyOf(pull)).push(each.comment);
            else listOf(state.reviews, keyOf(pull)).push({ id: each.id, body: each.note, commit: pull.head });
            drafts.splice(drafts.indexOf(each), 1);
          }
          return { status: 204 };
        }),
      ],
      [
        "PUT",
        to(String.raw`${request}/discussions/(?<id>\w+)`),
        onPull((pull, { params, body }) => {
          const found = listOf(state.lineComments, keyOf(pull)).find(
            (each) => each.threadId === params["id"],
          );
          if (!found) return missing;
          found.isResolved = body["resolved"] === true;
          return { status: 200, body: {} };
        }),
      ],
      [
        "POST",
        to(String.raw`${request}/discussions/(?<id>\w+)/notes`),
        onPull((pull, { params, body }) => {
          const found = listOf(state.lineComments, keyOf(pull)).find(
            (each) => each.threadId === params["id"],
          );
          if (!found) return missing;
          found.replies.push({ id: ++ids, author: me.username, body: textOf(body["body"]) });
          return { status: 201, body: {} };
        }),
      ],
      [
        "POST",
        to(String.raw`${project}/statuses/(?<commit>[0-9a-f]+)`),
        ({ params, body }) => {
          const commit = params["commit"]!;
          const next = textOf(body["state"]);
          const last = state.checks.findLast((each) => each.commit === commit);
          if (last?.state === next && next === "running")
            return invalid(
              'Cannot transition status via :run from :running (Reason(s): Status cannot transition via "run")',
            );
          state.checks.push({ commit, state: next, title: textOf(body["description"]), annotations: 0 });
          return { status: 201, body: {} };
        },
      ],
      [
        "GET",
        to(`${project}/members/all`),
        (each) =>
          paginate(
            () => host.url,
            each,
            [
              { username: "reader", access_level: 20 },
              ...[...state.writers].map((username) => ({ username, access_level: 30 })),
            ].filter(({ username }) => username.includes(each.query.get("query") ?? "")),
          ),
      ],
    ],
    ({ headers }) =>
      headers.authorization === `Bearer ${token}` && !isRevoked
        ? null
        : { status: 401, body: { message: "401 Unauthorized" } },
  );

  function projects() {
    return [...new Set([...state.pulls.values()].map((each) => each.repository))].map((name) => ({
      path_with_namespace: name,
      http_url_to_repo: `${host.url}/${name}.git`,
    }));
  }

  function refsOf(pull: FakePull) {
    return { base_sha: pull.base, start_sha: pull.base, head_sha: pull.head };
  }

  function toBody(pull: FakePull): object {
    return {
      iid: pull.number,
      title: pull.title,
      description: "",
      state: pull.isOpen ? "opened" : "closed",
      draft: pull.isDraft,
      author: { username: "monalisa" },
      sha: pull.head,
      diff_refs: refsOf(pull),
      target_branch: pull.baseBranch,
      web_url: `${host.url}/${pull.repository}/-/merge_requests/${pull.number}`,
      updated_at: pull.updatedAt,
    };
  }

  function discussionsOf(pull: FakePull): readonly object[] {
    const author = (name: string) => ({ id: name === me.username ? me.id : 5, username: name });
    return [
      ...listOf(state.comments, keyOf(pull)).map((each) => ({
        id: `d${each.id}`,
        notes: [{ id: each.id, type: null, body: each.body, author: author(each.author) }],
      })),
      ...listOf(state.lineComments, keyOf(pull)).map((each) => ({
        id: each.threadId,
        notes: [
          {
            id: each.id,
            type: "DiffNote",
            body: each.body,
            author: author(each.author),
            resolved: each.isResolved,
            position: { new_path: each.path },
          },
          ...each.replies.map((reply) => ({
            id: reply.id,
            type: "DiffNote",
            body: reply.body,
            author: author(reply.author),
          })),
        ],
      })),
    ];
  }

  function addDraft(pull: FakePull, { body }: FakeRequest): FakeAnswer {
    const note = textOf(body["note"]);
    if (note === "") return invalid("note is missing");
    const position = body["position"] as Record<string, unknown> | undefined;
    let comment: FakeLineComment | null = null;
    if (position) {
      const refs = refsOf(pull) as Record<string, string>;
      for (const [name, value] of Object.entries(refs))
        if (position[name] !== value) return invalid(`position ${name} is not of this merge request`);
      const file = readAnchors(pull.patch).get(textOf(position["new_path"]));
      const [oldLine, newLine] = [position["old_line"], position["new_line"]] as (number | undefined)[];
      // A line that did not change must be named by both of its numbers, any other by one.
      const isThere =
        file !== undefined &&
        (oldLine !== undefined && newLine !== undefined
          ? file.same.get(newLine) === oldLine
          : newLine !== undefined
            ? file.new.has(newLine) && !file.same.has(newLine)
            : oldLine !== undefined && file.old.has(oldLine) && ![...file.same.values()].includes(oldLine));
      if (!isThere) return invalid("line_code can't be blank, must be a valid line code");
      const range = position["line_range"] as { start: { new_line?: number; old_line?: number } } | undefined;
      comment = {
        id: ++ids,
        author: me.username,
        body: note,
        path: textOf(position["new_path"]),
        side: newLine === undefined ? "old" : "new",
        startLine:
          (newLine === undefined ? range?.start.old_line : range?.start.new_line) ?? newLine ?? oldLine!,
        line: newLine ?? oldLine!,
        review: 0,
        isResolved: false,
        threadId: `thread${ids}`,
        replies: [],
      };
    }
    drafts.push({ id: ++ids, key: keyOf(pull), note, comment });
    return { status: 201, body: { id: ids } };
  }

  return {
    ...host,
    state,
    drafts,
    token,
    settings: { "hosts.addresses": `gitlab=${host.url}`, "hosts.tokens": `gitlab=${token}` },
    addPull(pull) {
      const whole = toPullOf(pull);
      state.pulls.set(keyOf(whole), whole);
      return whole;
    },
    revoke: () => void (isRevoked = true),
  };
}

/** A patch as GitLab's API gives it: file by file, without headers. */
function toDiffs(patch: string): readonly object[] {
  return patch
    .split(/^(?=diff --git )/m)
    .filter((each) => each.startsWith("diff --git "))
    .map((each) => {
      const [, before] = /^--- (?:a\/)?(.*)$/m.exec(each) ?? [];
      const [, after] = /^\+\+\+ (?:b\/)?(.*)$/m.exec(each) ?? [];
      const path = after === "/dev/null" ? before : after;
      return {
        old_path: before === "/dev/null" ? path : before,
        new_path: path,
        diff: each.slice(Math.max(0, each.search(/^@@ /m))),
      };
    });
}
