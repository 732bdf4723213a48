import {
  createFakeState,
  type FakeAnswer,
  type FakeCodeHost,
  type FakePull,
  type FakeRequest,
  type FakeRoute,
  keyOf,
  listOf,
  paginate,
  startFakeHost,
  textOf,
  toPullOf,
} from "./fake-host.ts";

const token = "gitea-fake-0123456789abcdef";
const login = "repowright-bot";

/** Gitea as far as we use it. It takes comments on any line, as the real one does. */
export async function startFakeGitea(): Promise<FakeCodeHost> {
  const state = createFakeState();
  let ids = 1_000;
  let isRevoked = false;
  const missing: FakeAnswer = { status: 404, body: { message: "The target couldn't be found." } };
  const repo = String.raw`/api/v1/repos/(?<owner>[^/]+)/(?<name>[^/]+)`;
  const to = (path: string): RegExp => new RegExp(`^${path}$`);
  const nameOf = ({ params }: FakeRequest): string => `${params["owner"]}/${params["name"]}`;
  const onPull =
    (handle: (pull: FakePull, request: FakeRequest) => FakeAnswer): FakeRoute[2] =>
    (request) => {
      const pull = state.pulls.get(`${nameOf(request)}#${request.params["number"]}`);
      return pull ? handle(pull, request) : missing;
    };

  const host = await startFakeHost(
    [
      ["GET", to("/api/v1/user"), () => ({ status: 200, body: { login } })],
      [
        "GET",
        to("/api/v1/user/repos"),
        (request) =>
          paginate(
            () => host.url,
            request,
            [...new Set([...state.pulls.values()].map((each) => each.repository))].map((full_name) => ({
              full_name,
            })),
          ),
      ],
      [
        "GET",
        to(`${repo}/pulls`),
        (request) =>
          paginate(
            () => host.url,
            request,
            [...state.pulls.values()]
              .filter((each) => each.isOpen && each.repository === nameOf(request))
              .map(toBody),
          ),
      ],
      [
        "GET",
        to(String.raw`${repo}/pulls/(?<number>\d+)`),
        onPull((pull) => ({ status: 200, body: toBody(pull) })),
      ],
      [
        "GET",
        to(String.raw`${repo}/pulls/(?<number>\d+)/reviews`),
        onPull((pull, request) =>
          paginate(
            () => host.url,
            request,
            listOf(state.reviews, keyOf(pull)).map(({ id, body }) => ({ id, body, user: { login } })),
          ),
        ),
      ],
      [
        "GET",
        to(String.raw`${repo}/pulls/(?<number>\d+)/reviews/(?<review>\d+)/comments`),
        onPull((pull, request) =>
          paginate(
            () => host.url,
            request,
            listOf(state.lineComments, keyOf(pull))
              .filter((each) => each.review === Number(request.params["review"]))
              .map((each) => ({
                id: each.id,
                body: each.body,
                path: each.path,
                user: { login: each.author },
                resolver: each.isResolved ? { login: "monalisa" } : null,
              })),
          ),
        ),
      ],
      [
        "POST",
        to(String.raw`${repo}/pulls/(?<number>\d+)/reviews`),
        onPull((pull, { body }) => {
          const comments = (body["comments"] ?? []) as Record<string, unknown>[];
          if (textOf(body["body"]) === "" && comments.length === 0)
            return { status: 422, body: { message: "review event COMMENT requires a body or a comment" } };
          if (body["commit_id"] !== pull.head)
            return { status: 422, body: { message: "commit_id is not the head of this pull request" } };
          const review = ++ids;
          listOf(state.reviews, keyOf(pull)).push({
            id: review,
            body: textOf(body["body"]),
            commit: pull.head,
          });
          for (const each of comments) {
            const line = Number(each["new_position"]) || Number(each["old_position"]);
            listOf(state.lineComments, keyOf(pull)).push({
              id: ++ids,
              author: login,
              body: textOf(each["body"]),
              path: textOf(each["path"]),
              side: Number(each["new_position"]) > 0 ? "new" : "old",
              startLine: line,
              line,
              review,
              isResolved: false,
              threadId: "",
              replies: [],
            });
          }
          return { status: 200, body: { id: review } };
        }),
      ],
      [
        "GET",
        to(String.raw`${repo}/issues/(?<number>\d+)/comments`),
        onPull((pull, request) =>
          paginate(
            () => host.url,
            request,
            listOf(state.comments, keyOf(pull)).map(({ id, body, author }) => ({
              id,
              body,
              user: { login: author },
            })),
          ),
        ),
      ],
      [
        "POST",
        to(String.raw`${repo}/issues/(?<number>\d+)/comments`),
        onPull((pull, { body }) => {
          listOf(state.comments, keyOf(pull)).push({ id: ++ids, author: login, body: textOf(body["body"]) });
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
        "POST",
        to(String.raw`${repo}/statuses/(?<commit>[0-9a-f]+)`),
        ({ params, body }) => {
          state.checks.push({
            commit: params["commit"]!,
            state: textOf(body["state"]),
            title: textOf(body["description"]),
            annotations: 0,
          });
          return { status: 201, body: {} };
        },
      ],
      [
        "GET",
        to(String.raw`${repo}/collaborators/(?<user>[^/]+)/permission`),
        ({ params }) =>
          params["user"] === "nobody"
            ? missing
            : { status: 200, body: { permission: state.writers.has(params["user"]!) ? "write" : "read" } },
      ],
    ],
    ({ headers }) =>
      headers.authorization === `token ${token}` && !isRevoked
        ? null
        : { status: 401, body: { message: "user does not exist [uid: 0, name: ]" } },
  );

  function toBody(pull: FakePull): object {
    return {
      number: pull.number,
      title: pull.title,
      body: "",
      state: pull.isOpen ? "open" : "closed",
      draft: pull.isDraft,
      user: { login: "monalisa" },
      head: { sha: pull.head, ref: "topic" },
      base: {
        sha: pull.base,
        ref: pull.baseBranch,
        repo: { clone_url: `${host.url}/${pull.repository}.git` },
      },
      html_url: `${host.url}/${pull.repository}/pulls/${pull.number}`,
      updated_at: pull.updatedAt,
    };
  }

  return {
    ...host,
    state,
    token,
    settings: { "hosts.addresses": `gitea=${host.url}`, "hosts.tokens": `gitea=${token}` },
    addPull(pull) {
      const whole = toPullOf(pull);
      state.pulls.set(keyOf(whole), whole);
      return whole;
    },
    revoke: () => void (isRevoked = true),
  };
}
