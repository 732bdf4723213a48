import { AppError } from "../../base/errors.ts";

export interface Address {
  /** With the search path in its options. */
  readonly url: string;
  /** For messages: without user and password. */
  readonly name: string;
}

/** @throws AppError `config-invalid`, which does not repeat the address: it may hold a password */
export function readAddress(url: string, searchPath: string): Address {
  const isOurs = /^postgres(ql)?:\/\//.test(url);
  if (!isOurs || !URL.canParse(url))
    throw new AppError(
      "config-invalid",
      "The address of the database (database.url) must be of the form postgres://user:password@host:port/name.",
    );
  const address = new URL(url);
  const options = [address.searchParams.get("options"), `-c search_path=${searchPath}`];
  address.searchParams.set("options", options.filter((part) => part !== null).join(" "));
  const host = address.host || address.searchParams.get("host") || "localhost";
  return {
    // `+` for a space is not understood everywhere.
    url: address.href.replace(/\?.*$/, (query) => query.replaceAll("+", "%20")),
    name: `PostgreSQL at ${host}${address.pathname}`,
  };
}
