/** How one kind of failure is told to each of the three doors: HTTP, command line, worker. */
interface ErrorEntry {
  /** HTTP status of the problem+json answer. */
  readonly status: number;
  /** Process exit code: 1 failure, 2 wrong use. */
  readonly exitCode: 1 | 2 | 130;
  /** Whether the same call may succeed later without anything being changed. */
  readonly retry: boolean;
  /** What the reader should do now. */
  readonly help: string;
}

/** Every failure Repowright can report. Adding one is adding one line here. */
export const errorTable = {
  usage: {
    status: 400,
    exitCode: 2,
    retry: false,
    help: "Run the command with --help to see what it takes.",
  },
  "config-invalid": {
    status: 500,
    exitCode: 2,
    retry: false,
    help: "Correct the value, or remove it to use the default. `repowright config show` lists every setting.",
  },
  "source-invalid": {
    status: 400,
    exitCode: 2,
    retry: false,
    help: "Give a path to a Git repository, or an https://, ssh:// or git@host:path address.",
  },
  "source-refused": {
    status: 403,
    exitCode: 2,
    retry: false,
    help: "The configuration does not allow this source. See git.protocols, git.allow_private_hosts and, for paths given to a server, server.local_sources in `repowright config show`.",
  },
  "not-a-repository": {
    status: 404,
    exitCode: 1,
    retry: false,
    help: "Give the path of a folder inside a Git repository, or of a bare repository.",
  },
  "repository-empty": {
    status: 422,
    exitCode: 1,
    retry: false,
    help: "Make a first commit, then try again.",
  },
  "repository-damaged": {
    status: 422,
    exitCode: 1,
    retry: false,
    help: "Run `git fsck` in the repository to see what is broken.",
  },
  "repository-too-large": {
    status: 413,
    exitCode: 1,
    retry: false,
    help: "Raise the limit named in the message if you trust this repository.",
  },
  "revision-unknown": {
    status: 404,
    exitCode: 1,
    retry: false,
    help: "Give a branch, a tag or a commit id that exists in this repository.",
  },
  "path-unknown": {
    status: 404,
    exitCode: 1,
    retry: false,
    help: "Give a path as `git ls-files` prints it, relative to the top of the repository.",
  },
  "permission-denied": {
    status: 403,
    exitCode: 1,
    retry: false,
    help: "Run as a user who may read it, or change its permissions.",
  },
  "authentication-failed": {
    status: 401,
    exitCode: 1,
    retry: false,
    help: "Check that the address is right and, for a private repository, set git.tokens or use an SSH address with a key.",
  },
  "network-unreachable": {
    status: 502,
    exitCode: 1,
    retry: true,
    help: "Check the address and the network, then try again.",
  },
  "time-limit": {
    status: 504,
    exitCode: 1,
    retry: true,
    help: "Raise the limit named in the message, or try again when the machine is less busy.",
  },
  "memory-limit": {
    status: 507,
    exitCode: 1,
    retry: false,
    help: "Raise the limit named in the message if this machine has the memory and you trust the repository.",
  },
  "disk-full": {
    status: 507,
    exitCode: 1,
    retry: true,
    help: "Free some space, or point REPOWRIGHT_DATA_DIR at a larger disk.",
  },
  "git-missing": {
    status: 500,
    exitCode: 1,
    retry: false,
    help: "Install Git 2.37 or newer and make sure `git` is on the PATH.",
  },
  "git-failed": {
    status: 500,
    exitCode: 1,
    retry: false,
    help: "The message holds what Git said. Run again with --log-level debug for the whole command.",
  },
  "git-killed": {
    status: 500,
    exitCode: 1,
    retry: true,
    help: "Try again. If it happens each time, the machine is short of memory: look at the system's log, and lower limits.git_memory or worker.concurrency.",
  },
  "output-failed": {
    status: 500,
    exitCode: 1,
    retry: false,
    help: "Check that the folder exists and that you may write to it.",
  },
  "request-invalid": {
    status: 400,
    exitCode: 2,
    retry: false,
    help: "Correct what the message names. /openapi.json and /docs describe every request.",
  },
  "body-too-large": {
    status: 413,
    exitCode: 2,
    retry: false,
    help: "Send less, or raise server.body_bytes.",
  },
  "route-unknown": {
    status: 404,
    exitCode: 2,
    retry: false,
    help: "GET / lists the entry points and /openapi.json every route.",
  },
  unauthorized: {
    status: 401,
    exitCode: 2,
    retry: false,
    help: "Send `Authorization: Bearer <token>` with a token of server.token or server.tokens.",
  },
  "kind-unknown": {
    status: 400,
    exitCode: 2,
    retry: false,
    help: "Use one of the kinds that the message lists.",
  },
  "job-unknown": {
    status: 404,
    exitCode: 1,
    retry: false,
    help: "See `repowright jobs list` or GET /v1/jobs for the jobs there are; old ones are deleted after jobs.retention.",
  },
  "job-state": {
    status: 409,
    exitCode: 1,
    retry: false,
    help: "Look at the job's status first: `repowright jobs show ID` or GET /v1/jobs/ID.",
  },
  "job-superseded": {
    status: 409,
    exitCode: 1,
    retry: false,
    help: "Nothing to do: another attempt of this job has taken over, or it was cancelled or deleted.",
  },
  "job-declined": {
    status: 409,
    exitCode: 1,
    retry: false,
    help: "A person declined what this job wanted to do. Start a new job if that has changed.",
  },
  "worker-lost": {
    status: 500,
    exitCode: 1,
    retry: true,
    help: "The process that ran this job died or stopped answering. Look at the worker's log; worker.memory and the kind's time limit bound a job.",
  },
  "worker-missing": {
    status: 503,
    exitCode: 1,
    retry: true,
    help: "Start one with `repowright serve` (or `repowright serve --roles worker`). The job is stored and runs then.",
  },
  "repository-unknown": {
    status: 404,
    exitCode: 1,
    retry: false,
    help: "GET /v1/repositories lists the repositories that are known.",
  },
  "repository-unfetched": {
    status: 409,
    exitCode: 1,
    retry: true,
    help: "An `index` job fetches it; the answer to a search names the one that was started. Ask again when it is done.",
  },
  "analysis-unknown": {
    status: 404,
    exitCode: 1,
    retry: false,
    help: 'Start one: POST /v1/jobs {"kind":"analyze","source":"…"}.',
  },
  "history-too-short": {
    status: 422,
    exitCode: 1,
    retry: false,
    help: "Measure on a repository with a longer history, or let --max-files take in commits that change more files. In a shallow clone run `git fetch --unshallow` first.",
  },
  "idempotency-mismatch": {
    status: 422,
    exitCode: 1,
    retry: false,
    help: "Use a new Idempotency-Key for a new request.",
  },
  overloaded: {
    status: 503,
    exitCode: 1,
    retry: true,
    help: "Try again after the time in Retry-After, or add workers.",
  },
  "shutting-down": {
    status: 503,
    exitCode: 1,
    retry: true,
    help: "Try again in a moment, when the next process has taken over.",
  },
  "database-unavailable": {
    status: 503,
    exitCode: 1,
    retry: true,
    help: "Check that the database at database.url runs and can be reached. `repowright doctor` tells more.",
  },
  "database-invalid": {
    status: 500,
    exitCode: 1,
    retry: false,
    help: "Use PostgreSQL 15 or newer with a user who may create tables. `repowright doctor` tells more.",
  },
  "database-newer": {
    status: 500,
    exitCode: 1,
    retry: false,
    help: "Install the version of Repowright that wrote this database, or a newer one.",
  },
  "backup-invalid": {
    status: 422,
    exitCode: 1,
    retry: false,
    help: "Give a file that `repowright db backup` or the snapshot timer wrote.",
  },
  "queue-unavailable": {
    status: 503,
    exitCode: 1,
    retry: true,
    help: "Check that Redis at redis.url runs and can be reached. Accepted jobs are kept and start when it is back.",
  },
  "data-directory-locked": {
    status: 503,
    exitCode: 1,
    retry: true,
    help: "Stop that process, let it do the work (`repowright jobs …` talks to a running server), or use another data_dir.",
  },
  "port-in-use": {
    status: 500,
    exitCode: 1,
    retry: true,
    help: "Stop what listens there, or choose another port with --port.",
  },
  "bind-refused": {
    status: 500,
    exitCode: 2,
    retry: false,
    help: "Listen on a loopback address such as 127.0.0.1, or on another one of this machine with server.token (REPOWRIGHT_SERVER_TOKEN) set.",
  },
  "server-unreachable": {
    status: 502,
    exitCode: 1,
    retry: true,
    help: "Start it with `repowright serve`, or check server.url.",
  },
  "model-unconfigured": {
    status: 503,
    exitCode: 1,
    retry: false,
    help: 'Set llm.models, e.g. `[llm.models]` with `default = "ollama/qwen3:8b"`, and the provider\'s key; docs/guide/models.md says how. `repowright llm status` shows what is configured.',
  },
  "model-unknown": {
    status: 422,
    exitCode: 1,
    retry: false,
    help: "Name a model as provider/name, as its provider spells it; with Ollama, `ollama pull` it first. `repowright llm status` tries what is configured.",
  },
  "model-key-invalid": {
    status: 502,
    exitCode: 1,
    retry: false,
    help: "Give a key that may use this model, in llm.keys or in the provider's environment variable; `repowright llm status` tries it.",
  },
  "model-unavailable": {
    status: 502,
    exitCode: 1,
    retry: true,
    help: "Check that the provider works and its address (llm.addresses) is right, raise llm.timeout for a slow machine, or add a second model to the chain in llm.models.",
  },
  "model-overloaded": {
    status: 503,
    exitCode: 1,
    retry: true,
    help: "Try again later, lower llm.requests_per_minute or llm.concurrency, or add a second model to the chain in llm.models.",
  },
  "model-rejected": {
    status: 502,
    exitCode: 1,
    retry: false,
    help: "The message holds what the provider said against the request. Another model may take it: --model provider/name.",
  },
  "model-refused": {
    status: 422,
    exitCode: 1,
    retry: false,
    help: "The provider's content filter held the answer back. No other model was asked. Ask otherwise, or choose one with --model provider/name.",
  },
  "model-context-exceeded": {
    status: 422,
    exitCode: 1,
    retry: false,
    help: "Ask about less, or add a model with a larger context window to the chain in llm.models; llm.context_window sets it where it is unknown or too small.",
  },
  "model-output-invalid": {
    status: 502,
    exitCode: 1,
    retry: true,
    help: "The model did not keep to the form that was asked for. Try again, or choose a stronger one with --model provider/name.",
  },
  "model-budget-spent": {
    status: 429,
    exitCode: 1,
    retry: false,
    help: "Raise the budget that the message names if you want to spend more, or wait until the next day (UTC). `repowright llm cost` shows what was spent.",
  },
  "model-calls-at-server": {
    status: 409,
    exitCode: 1,
    retry: false,
    help: "Start the work as a job of that server (`repowright jobs start`), stop the server, or use another data_dir.",
  },
  "embedding-dimension": {
    status: 409,
    exitCode: 1,
    retry: false,
    help: "The model behind this name is another one than before. `repowright index --embed --no-cache` makes its vectors anew; or name the old model in llm.models again.",
  },
  "embeddings-unavailable": {
    status: 503,
    exitCode: 1,
    retry: false,
    help: "Install pgvector on the PostgreSQL server and run `repowright db migrate`, as a user who may create extensions; or leave search.embeddings off. Search works without.",
  },
  "review-unknown": {
    status: 404,
    exitCode: 1,
    retry: false,
    help: "List the reviews with GET /v1/reviews or `repowright jobs list --kind review`; they are deleted with age.",
  },
  "finding-unknown": {
    status: 404,
    exitCode: 1,
    retry: false,
    help: "Give a fingerprint as the review has it; its first 8 characters are enough where no other begins like that.",
  },
  "diff-invalid": {
    status: 422,
    exitCode: 2,
    retry: false,
    help: "Give a unified diff as `git diff`, `git format-patch` or `diff -u` prints it.",
  },
  "sarif-invalid": {
    status: 400,
    exitCode: 2,
    retry: false,
    help: "Give a SARIF 2.1.0 log as scanners write it, e.g. with `--format sarif`.",
  },
  "linter-failed": {
    status: 500,
    exitCode: 1,
    retry: false,
    help: "The review goes on without this tool. Run it by hand on the same files to see what it says.",
  },
  "webhook-refused": {
    status: 401,
    exitCode: 1,
    retry: false,
    help: "Set the same secret here (webhooks.secrets) and in the host's webhook settings.",
  },
  "webhook-invalid": {
    status: 400,
    exitCode: 1,
    retry: false,
    help: "Send what GitHub, GitLab or Gitea send, as application/json; examples/ has one of each.",
  },
  "host-unconfigured": {
    status: 422,
    exitCode: 2,
    retry: false,
    help: "Give access to the host: hosts.tokens, or for a GitHub App hosts.github_app_id and hosts.github_private_key.",
  },
  "host-unreachable": {
    status: 502,
    exitCode: 1,
    retry: true,
    help: "Check the network and the host's status page; the job is tried again by itself.",
  },
  "host-refused": {
    status: 502,
    exitCode: 1,
    retry: false,
    help: "The token or the App has no right to this. Check that it was not revoked and which permissions it has.",
  },
  "host-rate-limited": {
    status: 503,
    exitCode: 1,
    retry: true,
    help: "The host asks to wait; the job is tried again by itself.",
  },
  "host-rejected": {
    status: 502,
    exitCode: 1,
    retry: false,
    help: "The host did not accept what was sent; its words are in the message. Please report it if it is not a setting of the repository.",
  },
  "pull-unknown": {
    status: 404,
    exitCode: 1,
    retry: false,
    help: "Check the number, and whether the token may see the repository.",
  },
  cancelled: {
    status: 499,
    exitCode: 130,
    retry: false,
    help: "Start it again when you want the result; finished work was kept.",
  },
  internal: {
    status: 500,
    exitCode: 1,
    retry: false,
    help: "This is a bug in Repowright. Please report it with the output of the same command and --log-level debug.",
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof errorTable;

/**
 * The one error class. `message` says what happened, with which value, and what was expected;
 * what to do about it comes from the table.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: ErrorCode,
    message: string,
    details: Readonly<Record<string, unknown>> = {},
    cause?: unknown,
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "AppError";
    this.code = code;
    this.details = details;
  }

  get help(): string {
    return errorTable[this.code].help;
  }

  get exitCode(): number {
    return errorTable[this.code].exitCode;
  }
}

/** Whether `error` is ours, optionally with one of the given codes. */
export function isAppError(error: unknown, ...codes: readonly ErrorCode[]): error is AppError {
  return error instanceof AppError && (codes.length === 0 || codes.includes(error.code));
}

/** An unknown thrown value as ours: aborts become `cancelled`, the rest `internal` with its cause kept. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof Error && error.name === "AbortError")
    return new AppError("cancelled", "Cancelled.", {}, error);
  const message = error instanceof Error ? error.message : String(error);
  return new AppError("internal", `Unexpected failure: ${message}`, {}, error);
}
