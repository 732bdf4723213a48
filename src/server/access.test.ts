import { describe, expect, test } from "vitest";
import { assertBindable, assertLocalRequest, createAccess, isLoopback } from "./access.ts";

describe("tokens", () => {
  test("without any, everybody is local", () => {
    const access = createAccess("", { team: "" });
    expect(access.hasTokens).toBe(false);
    expect(access.identify(undefined)).toEqual({ name: "local" });
  });

  test.each([
    ["Bearer one", "default"],
    ["bearer  two", "team"],
    ["Bearer three", "other"],
    ["Bearer on", null],
    ["Bearer one two", null],
    ["Basic one", null],
    ["one", null],
    ["Bearer ", null],
    [undefined, null],
  ])("%j is %j", (header, name) => {
    const access = createAccess("one", { team: "two", other: "three" });
    expect(access.identify(header)?.name ?? null).toBe(name);
  });
});

test.each(["127.0.0.1", "127.8.9.1", "::1", "[::1]", "localhost", "LOCALHOST", "::ffff:127.0.0.1"])(
  "%s is this machine only",
  (host) => {
    expect(isLoopback(host)).toBe(true);
    expect(() => assertBindable(host, false)).not.toThrow();
  },
);

test.each(["0.0.0.0", "::", "10.0.0.1", "127.evil.example", "localhost.evil.example", "", "1270.0.0.1"])(
  "%j is not, and needs a token",
  (host) => {
    expect(() => assertBindable(host, false)).toThrow(expect.objectContaining({ code: "bind-refused" }));
    expect(() => assertBindable(host, true)).not.toThrow();
  },
);

describe("requests to a server that trusts its machine", () => {
  test.each([
    { host: "localhost:4000" },
    { host: "127.0.0.1:4000", origin: "http://127.0.0.1:4000" },
    { host: "[::1]:4000" },
  ])("are answered: %j", (headers) => {
    expect(() => assertLocalRequest(headers)).not.toThrow();
  });

  test.each([
    {},
    { host: "" },
    { host: "evil.example" },
    { host: "localhost.evil.example:4000" },
    { host: "a b" },
    { host: "localhost:4000", origin: "https://evil.example" },
    { host: "localhost:4000", origin: "http://localhost:3000" },
    { host: "localhost:4000", origin: "null" },
  ])("are refused: %j", (headers) => {
    expect(() => assertLocalRequest(headers)).toThrow(expect.objectContaining({ code: "request-invalid" }));
  });
});
