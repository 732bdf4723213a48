import { AppError } from "../../base/errors.ts";

/**
 * SQLSTATEs that say nothing about the statement: no connection (08), no resources (53), an operator or a time limit
 * stepped in (57), trouble below the server (58), a standby that took the primary's name (25006), a transaction that
 * idled too long (25P03).
 */
const passing = /^(08|53|57|58)...$|^25006$|^25P03$/;
/** The server is there, but not for us: wrong password, no such database, not allowed. */
const refusal = /^(28...|3D000|42501)$/;

/** What `pg` rejected with, as the ports promise it. `server` is named in messages and holds no password. */
export function toDatabaseError(error: unknown, server: string): unknown {
  if (!(error instanceof Error) || error instanceof AppError) return error;
  const code = codeOf(error);
  if (code === "53100")
    return new AppError("disk-full", `${server} cannot write: ${error.message}.`, {}, error);
  // The driver's own failures carry no SQLSTATE: a connection that broke, or did not come in time.
  const isDriver = !isSqlState(code) && !(error instanceof TypeError);
  if (isDriver || passing.test(code))
    return new AppError("database-unavailable", `${server} is not available: ${reasonOf(error)}.`, {}, error);
  return error;
}

/** As `toDatabaseError`, for the first contact: being refused is a matter of the configuration then. */
export function toOpeningError(error: unknown, server: string): unknown {
  if (error instanceof Error && refusal.test(codeOf(error)))
    return new AppError("database-invalid", `${server} refuses: ${error.message}.`, {}, error);
  return toDatabaseError(error, server);
}

function codeOf(error: Error): string {
  return "code" in error && typeof error.code === "string" ? error.code : "";
}

function isSqlState(code: string): boolean {
  return /^[0-9A-Z]{5}$/.test(code) && !/^E[A-Z]{4}$/.test(code);
}

/** Of several addresses tried, the first one's reason. */
function reasonOf(error: Error): string {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  return first instanceof Error ? first.message : error.message;
}
