import { mkdirSync, readFileSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { parse, PGlite, types, type Results } from "@electric-sql/pglite";
import { vector } from "@electric-sql/pglite-pgvector";
import type {
  EngineFailure,
  EngineOptions,
  EngineReply,
  EngineRequest,
  EngineResult,
  Integers,
} from "./messages.ts";
import { createStatements } from "./statements.ts";

const gzip = "application/gzip";
/** The system keeps files in memory anyway; PostgreSQL's own default of 128 MB is memory that is never given back. */
const sharedBuffers = "16MB";

/** Opens the database that `workerData` names and answers the main thread, one request after the other. */
export async function runEngine(): Promise<void> {
  const port = parentPort!;
  const say = (reply: EngineReply): void => port.postMessage(reply);
  const options = workerData as EngineOptions;
  let database: PGlite;
  try {
    database = await open(options);
  } catch (error) {
    say({ kind: "broken", failure: describe(error) });
    return port.close();
  }
  database.onNotification((channel, payload) => say({ kind: "notification", channel, payload }));
  const { rows } = await database.query<{ version: string }>("select version()");
  say({ kind: "opened", version: toVersion(rows[0]!.version) });

  const statements = createStatements(() => performance.now());
  let last = Promise.resolve();
  port.on("message", (request: EngineRequest) => {
    last = last.then(async () => {
      try {
        await answer(request);
      } catch (error) {
        statements.forget();
        const failure = describe(error);
        // Whatever is no answer of the database is a crash inside it (a PANIC, a trap): it will answer nothing any more.
        const isAnswer = isSqlState(failure.code);
        if (isAnswer) say({ kind: "failed", id: request.id, failure });
        // After a PANIC or FATAL the next statement would run in circles inside PGlite without end.
        if (isAnswer && !/^(PANIC|FATAL)$/.test(failure.fields["severity"] ?? "")) return;
        say({ kind: "broken", failure });
        port.close();
      }
    });
  });

  async function answer(request: EngineRequest): Promise<void> {
    const { id } = request;
    if (request.kind === "query") {
      const message = statements.toMessages(request.sql, request.parameters);
      const results = await send(database, message, request.integers);
      say({ kind: "done", id, results });
    } else if (request.kind === "script") {
      statements.forget();
      const results = await database.exec(request.sql, { parsers: parsersOf(database, request.integers) });
      say({ kind: "done", id, results: results.map(toResult) });
    } else if (request.kind === "dump") {
      await database.exec("checkpoint");
      // Compressing takes ten times as long as reading, and others are waiting: the main thread's pool does that.
      const file = await database.dumpDataDir("none");
      const bytes = new Uint8Array(await file.arrayBuffer());
      port.postMessage({ kind: "dumped", id, bytes } satisfies EngineReply, [bytes.buffer]);
    } else {
      await database.exec("checkpoint");
      await database.close();
      say({ kind: "done", id, results: [] });
      port.close();
    }
  }
}

async function open(options: EngineOptions): Promise<PGlite> {
  mkdirSync(options.directory, { recursive: true });
  const dump = options.loadFrom === null ? null : new Blob([readFileSync(options.loadFrom)], { type: gzip });
  const database = await PGlite.create({
    dataDir: options.directory,
    extensions: { vector },
    startParams: [...PGlite.defaultStartParams, "-c", `shared_buffers=${sharedBuffers}`],
    ...(dump === null ? {} : { loadDataDir: dump }),
  });
  for (const schema of options.schemas) await database.exec(`create schema if not exists ${schema}`);
  await database.exec(`set search_path = ${options.searchPath}`);
  return database;
}

async function send(database: PGlite, message: Uint8Array, integers: Integers): Promise<EngineResult[]> {
  const { messages } = await database.execProtocol(message, { throwOnError: true });
  // PGlite swallows traps inside the engine; a statement that neither ended nor failed is one.
  if (!messages.some((part) => /^(commandComplete|emptyQuery)$/.test(part.name)))
    throw new Error("the engine stopped in the middle of a statement");
  return parse.parseResults(messages, parsersOf(database, integers)).map(toResult);
}

function parsersOf(database: PGlite, integers: Integers): PGlite["parsers"] {
  return { ...database.parsers, [types.INT8]: integers === "number" ? Number : String };
}

function toResult(result: Results): EngineResult {
  const { rows, command = "", rowCount = 0 } = result;
  return { rows, command, rowCount };
}

function describe(error: unknown): EngineFailure {
  if (isErrno(error)) {
    const code = errnoNames[error.errno] ?? null;
    return { message: code ?? `system error ${error.errno}`, code, fields: {} };
  }
  if (!(error instanceof Error)) return { message: String(error), code: null, fields: {} };
  const entries = Object.entries(error).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  );
  const { code = null, ...fields } = Object.fromEntries(entries);
  return { message: error.message, code, fields };
}

/** The WebAssembly file system's own numbers. */
const errnoNames: Readonly<Record<number, string>> = {
  2: "EACCES",
  19: "EDQUOT",
  29: "EIO",
  51: "ENOSPC",
  63: "EPERM",
  69: "EROFS",
};

/** What the WebAssembly file system throws, which is no Error and may carry no name. */
function isErrno(error: unknown): error is { readonly errno: number } {
  return (
    typeof error === "object" &&
    error !== null &&
    !("code" in error) &&
    "errno" in error &&
    typeof error.errno === "number"
  );
}

function isSqlState(code: string | null): boolean {
  return code !== null && /^[0-9A-Z]{5}$/.test(code) && !/^E[A-Z]{4}$/.test(code);
}

/** `PostgreSQL 18.6 (PGlite 0.5.14) on …` → `PGlite 0.5.14 (PostgreSQL 18.6)`. */
function toVersion(text: string): string {
  const match = /^(PostgreSQL \S+) \((PGlite [^)]+)\)/.exec(text);
  return match ? `${match[2]} (${match[1]})` : text;
}
