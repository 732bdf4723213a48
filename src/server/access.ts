import { createHash, timingSafeEqual } from "node:crypto";
import { isIPv4 } from "node:net";
import { AppError } from "../base/errors.ts";
import type { Caller } from "../contracts/route.ts";

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface Access {
  /** Who carries this `Authorization` header; null when it is missing or wrong. Without tokens everybody is `local`. */
  readonly identify: (authorization: string | undefined) => Caller | null;
  readonly hasTokens: boolean;
}

/** Knows callers by their tokens: `token` is the one of `default`, `tokens` are by name. */
export function createAccess(token: string, tokens: Readonly<Record<string, string>>): Access {
  const known = [["default", token] as const, ...Object.entries(tokens)]
    .filter(([, secret]) => secret !== "")
    .map(([name, secret]) => ({ caller: { name }, hash: hashOf(secret) }));
  if (known.length === 0) return { identify: () => ({ name: "local" }), hasTokens: false };
  return {
    hasTokens: true,
    identify(authorization) {
      const given = /^Bearer +(\S+) *$/i.exec(authorization ?? "")?.[1];
      if (given === undefined) return null;
      const hash = hashOf(given);
      // Hashes of one length, and all of them every time: how long it takes tells nothing about any token.
      let found: Caller | null = null;
      for (const entry of known) if (timingSafeEqual(entry.hash, hash)) found = entry.caller;
      return found;
    },
  };
}

function hashOf(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

/** Whether an address or name of a host means this machine only. */
export function isLoopback(host: string): boolean {
  const name = host
    .replace(/^\[|\]$/g, "")
    .replace(/^::ffff:/i, "")
    .toLowerCase();
  return name === "localhost" || name === "::1" || (isIPv4(name) && name.startsWith("127."));
}

/** @throws AppError `bind-refused` for an address that others can reach while nobody needs a token. */
export function assertBindable(host: string, hasTokens: boolean): void {
  if (hasTokens || isLoopback(host)) return;
  throw new AppError(
    "bind-refused",
    `${host} can be reached from other machines, and no token is set: anybody could start jobs.`,
  );
}

/**
 * Without tokens, being on this machine is the permission, and a browser here carries the requests of any page it shows.
 * So the request must be meant for this machine (a page may have its own name resolve to 127.0.0.1) and come from no
 * page but ours.
 * @throws AppError `request-invalid` with HTTP status 403
 */
export function assertLocalRequest(headers: Headers): void {
  const host = String(headers["host"] ?? "");
  const name = URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : "";
  if (!isLoopback(name))
    throw new AppError(
      "request-invalid",
      `The Host header ${JSON.stringify(host)} is not this machine; without a token only requests to localhost are answered.`,
      { httpStatus: 403 },
    );
  const origin = headers["origin"];
  if (origin !== undefined && origin !== `http://${host}`)
    throw new AppError(
      "request-invalid",
      `The request comes from the page ${JSON.stringify(origin)}; without a token only our own pages may send requests.`,
      { httpStatus: 403 },
    );
}
