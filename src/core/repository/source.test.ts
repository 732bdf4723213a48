import * as fc from "fast-check";
import { expect, test } from "vitest";
import { isAppError } from "../../base/errors.ts";
import { parseSource, type RemoteSource, type Source } from "./source.ts";

const everything = ["https", "http", "ssh", "file"];

function parse(text: string, protocols: readonly string[] = everything): Source {
  return parseSource(text, { cwd: "/home/ada", protocols });
}

function remote(text: string): RemoteSource {
  const source = parse(text);
  if (source.kind !== "remote") throw new Error(`${text} is not remote`);
  return source;
}

/** Text that is like an address, more often than chance would make it. */
const piece = fc.oneof(
  fc.constantFrom(
    "-",
    "--",
    "-o",
    "https://",
    "HTTPS://",
    "ssh://",
    "file://",
    "ext::",
    "git@",
    "@",
    ":",
    "::",
    "/",
    "//",
    "\\",
    "..",
    "%2d",
    "%00",
    "%0a",
    "%",
    "?x=-y",
    "#",
    "[::1]",
    "[",
    "]",
    "C:",
    "~",
    ".git",
    "example.org",
    "xn--",
    "é",
    "\u0000",
    "\n",
    " ",
    ":99999",
    ":22",
  ),
  fc.string({ maxLength: 6, unit: "binary" }),
);
const address = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(""));

/** What comes out of `parse`, be it a source or a failure. */
function attempt(text: string, protocols?: readonly string[]): unknown {
  try {
    return parse(text, protocols);
  } catch (error) {
    return error;
  }
}

function isRefusal(result: unknown): result is Error {
  return isAppError(result, "source-invalid", "source-refused");
}

/** What is wrong with a result, or null. */
function problemOf(result: unknown, protocols: readonly string[]): string | null {
  if (isRefusal(result))
    return /[\u0000-\u001f\u007f]/.test(result.message) ? "control characters in the message" : null;
  if (result instanceof Error) return `not an error of ours: ${result.message}`;
  const source = result as Source;
  if (source.kind === "local")
    return source.path.startsWith("/") && !source.path.includes("\0") ? null : "a strange path";
  if (!protocols.includes(source.protocol)) return "a protocol that is not allowed";
  if ([source.url, source.host].some((part) => part.startsWith("-"))) return "a part that is an option";
  if (/[\u0000-\u001f\u007f]/.test(source.url)) return "control characters in the address";
  if (!/^[a-z0-9_.:-]+$/.test(source.host)) return "a host that a shell could read otherwise";
  return /^[0-9a-f]{16}$/.test(source.key) ? null : "a strange key";
}

test.each(["file:///a%00b", "file:///%zz", "https://a%zz@example.org/r", "https://a:%0a@example.org/r"])(
  "%s hides something behind percent signs, and is refused",
  (text) => expect(attempt(text, ["file", "https"])).toMatchObject({ code: "source-invalid" }),
);

test("no text makes it fail otherwise than by an error of ours, nor gives anything that is an option", () => {
  fc.assert(
    fc.property(address, fc.subarray(everything), (text, protocols) => {
      expect(problemOf(attempt(text, protocols), protocols)).toBeNull();
    }),
    { numRuns: 3_000 },
  );
});

test("no password stays in what Git is given or in what is shown", () => {
  const word = fc.stringMatching(/^[a-z0-9]{12,20}$/);
  const reveals = (result: unknown, secret: string): boolean => {
    if (isRefusal(result)) return result.message.includes(secret);
    const { credentials: _credentials, ...shown } = result as RemoteSource;
    return JSON.stringify(shown).includes(secret);
  };
  fc.assert(
    fc.property(
      word,
      fc.constantFrom("https", "http", "ssh", "ftp"),
      fc.constantFrom("/a/b.git", "/", ""),
      (secret, protocol, path) => {
        expect(reveals(attempt(`${protocol}://ada:${secret}@example.org${path}`), secret)).toBe(false);
        expect(reveals(attempt(`${protocol}://ada:x${secret}%40@example.org:99999999${path}`), secret)).toBe(
          false,
        );
      },
    ),
  );
  expect(remote("https://ada:word@example.org/a/b").credentials, "control").toBe("ada:word");
});

test.each([
  ["https://github.com/a/b", "https://github.com/a/b.git"],
  ["https://github.com/a/b", "https://github.com:443/a/b/"],
  ["https://github.com/a/b", "https://GitHub.com/a/b"],
  ["https://github.com/a/b", "https://token@github.com/a/b"],
  ["git@github.com:a/b", "git@github.com:a/b.git"],
  ["ssh://git@example.org/a/b", "git@example.org:/a/b.git"],
  ["ssh://git@example.org:22/a/b", "git@example.org:/a/b"],
])("%s and %s are the same", (a, b) => expect(remote(a).key).toBe(remote(b).key));

test.each([
  ["https://github.com/a/b", "https://github.com/a/c"],
  ["https://github.com/a/b", "https://github.org/a/b"],
  ["https://github.com/a/b", "https://github.com:8443/a/b"],
  ["https://github.com/a/b", "http://github.com/a/b"],
  ["ssh://git@example.org/a/b", "ssh://ada@example.org/a/b"],
  ["ssh://git@example.org/a/b", "git@example.org:a/b"],
])("%s and %s are not the same", (a, b) => expect(remote(a).key).not.toBe(remote(b).key));

test.each(["a/b", "./x:y", "/srv/git/a:b", "C:\\code\\a", "C:/code", "../x", "a b", "~ada"])(
  "%s is a path",
  (text) => expect(parse(text).kind).toBe("local"),
);

test.each(["$(id).example.org", "a;id", "`id`", "a'b", 'a"b', "a&b", "a|b", "$HOME", "]", "é.example"])(
  "a host named %s is refused: ssh's options pass through a shell",
  (host) => {
    for (const text of [`git@${host}:path`, `ssh://git@${host}/path`])
      expect(() => parse(text)).toThrowError(expect.objectContaining({ code: "source-invalid" }) as Error);
  },
);
