import { AppError } from "../../base/errors.ts";

/** Opaque to callers, so that what is in it may change. */
export function toCursor(id: string): string {
  return Buffer.from(id).toString("base64url");
}

/** @throws AppError `request-invalid` */
export function fromCursor(cursor: string): string {
  const id = Buffer.from(cursor, "base64url").toString();
  if (/^[0-9a-f-]{36}$/.test(id) && toCursor(id) === cursor) return id;
  throw new AppError(
    "request-invalid",
    "The cursor is none that this server gave; leave it out to start at the beginning.",
  );
}
