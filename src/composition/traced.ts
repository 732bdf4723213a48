import type { Database, Queryable } from "../contracts/database.ts";
import type { Git } from "../contracts/git.ts";
import type { SpanAttributes, Tracing } from "../contracts/tracing.ts";

const maxStatement = 200;

/** The same database, with a span for each statement that belongs to something under way. */
export function traceDatabase<D extends Database>(database: D, tracing: Tracing): D {
  const span = <T>(name: string, statement: string, work: () => Promise<T>): Promise<T> =>
    tracing.current() === null
      ? work()
      : tracing.span(
          name,
          { attributes: { "db.system": "postgresql", "db.query.text": shorten(statement) } },
          work,
        );
  const traced = (queryable: Queryable): Queryable => ({
    query: (sql, parameters) => span("database query", sql, () => queryable.query(sql, parameters)),
    script: (sql) => span("database script", sql, () => queryable.script(sql)),
  });
  return {
    ...database,
    ...traced(database),
    transaction: (work) =>
      span("database transaction", "", () => database.transaction((inner) => work(traced(inner)))),
  };
}

/** The same Git, with a span for each command: from its start to its end. Arguments are not told, they name what is private. */
export function traceGit(git: Git, tracing: Tracing): Git {
  const attributesOf = (args: readonly string[]): SpanAttributes => ({
    "process.executable.name": "git",
    "git.command": args.find((arg) => !arg.startsWith("-")) ?? "",
  });
  return {
    ...git,
    stream(gitDir, args, options) {
      const running = git.stream(gitDir, args, options);
      if (tracing.current() !== null)
        tracing.span("git", { attributes: attributesOf(args) }, () => running.done).catch(() => {});
      return running;
    },
    text: (gitDir, args, options) =>
      tracing.current() === null
        ? git.text(gitDir, args, options)
        : tracing.span("git", { attributes: attributesOf(args) }, () => git.text(gitDir, args, options)),
  };
}

/** Without line breaks; never with values, which are parameters. */
function shorten(statement: string): string {
  return statement.replaceAll(/\s+/g, " ").trim().slice(0, maxStatement);
}
