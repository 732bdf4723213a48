import { readFileSync } from "node:fs";
import { crc32 } from "node:zlib";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createTokenFinder } from "./find-tokens.ts";
import { tokenFormats } from "./token-formats.ts";

const find = createTokenFinder(tokenFormats);
const valuesEach = 60;

const small = "abcdefghijklmnopqrstuvwxyz";
const capitals = small.toUpperCase();
const digits = "0123456789";
const alphabets: Readonly<Record<string, string>> = {
  h: `${digits}abcdef`,
  H: `${digits}ABCDEF`,
  a: capitals + small + digits,
  u: `${capitals + small + digits}-_`,
  b: `${capitals + small + digits}+/`,
  U: capitals + digits,
  l: small + digits,
  z: capitals + small,
  d: digits,
  5: `${small}234567`,
  7: `${capitals}234567`,
  B: "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L",
};
let state = 20_251_120;
const next = (limit: number): number =>
  Math.floor(((state = (state * 48_271) % 2_147_483_647) / 2_147_483_647) * limit);
const draw = (alphabet: string, count: number): string =>
  Array.from({ length: count }, () => alphabet[next(alphabet.length)]).join("");

function checked(count: number): string {
  const body = draw(alphabets["a"]!, count - 6);
  const base = digits + capitals + small;
  let sum = "";
  for (let rest = crc32(body), place = 0; place < 6; place++, rest = Math.floor(rest / 62))
    sum = base[rest % 62]! + sum;
  return body + sum;
}

function make(template: string): string {
  const hex = alphabets["h"]!;
  return template
    .replaceAll(String.raw`\\n`, "\u0001")
    .replaceAll(String.raw`\n`, "\n")
    .replaceAll("\u0001", String.raw`\n`)
    .replace(
      /%([hHauUblzdCB57])x?(\d+)|%([gJP])/g,
      (_, kind: string | undefined, count: string, whole: string) => {
        if (kind === "C") return checked(Number(count));
        if (kind !== undefined) return draw(alphabets[kind]!, Number(count));
        if (whole === "g") return [8, 4, 4, 4, 12].map((length) => draw(hex, length)).join("-");
        if (whole === "P") return Buffer.from(`robot:${draw(alphabets["a"]!, 24)}`).toString("base64");
        const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
        return `${part({ alg: "HS256", typ: "JWT" })}.${part({ sub: draw(hex, 12), exp: 1_900_000_000 })}.${draw(alphabets["u"]!, 43)}`;
      },
    );
}

const linesOf = (name: string): string[] =>
  readFileSync(new URL(`fixtures/${name}`, import.meta.url), "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("# "));
const templates = linesOf("templates.txt").map((line): [string, string] => [
  line.slice(0, line.indexOf("|")),
  line.slice(line.indexOf("|") + 1),
]);

test("at least nine in ten values of each format are found, and named as what they are", () => {
  const bad: string[] = [];
  for (const [id, template] of templates) {
    let found = 0;
    const others = new Set<string>();
    for (let round = 0; round < valuesEach; round++) {
      const value = make(template);
      const text = [value, `const x = "${value}";`, `  key: ${value}\n`, `(${value}), and more`][round % 4]!;
      const tokens = find(text);
      if (tokens.some((token) => token.format.id === id)) found++;
      else for (const token of tokens) others.add(token.format.id);
    }
    if (found < valuesEach * 0.9)
      bad.push(`${template}: ${found} of ${valuesEach}; as others: ${[...others].join(", ")}`);
  }
  expect(bad).toEqual([]);
  expect(new Set(templates.map(([id]) => id)).size).toBeGreaterThan(250);
});

test("placeholders and documented examples are none", () => {
  const examples = linesOf("documented.txt").map((line) => line.replaceAll(String.raw`\n`, "\n"));
  const wrong = examples.filter((line) =>
    [line, `x: "${line}",`, `\tfoo(${line})`].some((text) => find(text).length > 0),
  );
  expect(wrong).toEqual([]);
  expect(examples.length).toBeGreaterThan(200);
});

test("formats are of one shape, and every format has a name of its own", () => {
  expect(new Set(tokenFormats.map(({ id }) => id)).size).toBe(tokenFormats.length);
  for (const format of tokenFormats) {
    expect(format.id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(
      format.anchors.every((anchor) => anchor.length >= 2),
      format.id,
    ).toBe(true);
    expect(format.pattern.source, format.id).toContain("(?<secret>");
    expect(
      format.pattern.source.replace(/\[[^\]]*\]/g, "").replaceAll(String.raw`\+`, ""),
      format.id,
    ).not.toMatch(/[*+](?!\?[\])])/);
  }
});

test("a wrong checksum makes it doubtful", () => {
  const right = `ghp_${checked(36)}`;
  expect(find(right)).toMatchObject([{ isDoubtful: false, start: 0, end: 40, secretStart: 4 }]);
  const last = right.at(-1) === "A" ? "B" : "A";
  expect(find(right.slice(0, -1) + last)).toMatchObject([{ isDoubtful: true }]);
});

test("hostile text costs no time", () => {
  const size = 400_000;
  const fill = (piece: string): string => piece.repeat(Math.ceil(size / piece.length));
  const evil = [...new Set(tokenFormats.flatMap(({ anchors }) => anchors))]
    .map((anchor) => `${anchor} `)
    .join("");
  for (const text of [
    ...[
      "a",
      "eyJ",
      "eyJa.",
      "sk-",
      "AZDO",
      "-us",
      ":AA",
      "-----BEGIN PRIVATE KEY-----\n",
      "postgres://a:",
      "Server=a;b=c;",
      "datadog_",
      "datadog_key",
      'key="',
      "JQQJ9",
      "Q~",
      "aws_",
      '"kty":"EC"',
      "PuTTY-User-Key-File-2: a\n",
    ].map(fill),
    fill(evil),
  ])
    expect(find(text).length).toBeGreaterThanOrEqual(0);
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 500 }), (text) => {
      for (const { start, end, secretStart, secretEnd } of find(text))
        expect(start <= secretStart && secretStart < secretEnd && secretEnd <= end).toBe(true);
    }),
  );
}, 60_000);
