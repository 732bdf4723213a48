import * as fc from "fast-check";
import { expect, test } from "vitest";
import { amount, byteSize, chains, count, counts, duration, flag, list, table } from "./values.ts";

const kinds = {
  byteSize: byteSize(),
  duration: duration(),
  count: count(1),
  flag: flag(),
  list: list(),
  table: table(),
  counts: counts(1),
  chains: chains(),
};

test("no value makes a setting throw, and a number that is taken is a whole one that is not negative", () => {
  const value = fc.oneof(
    fc.anything(),
    fc.string(),
    fc.stringMatching(/^-?[0-9.]{0,20}(e[0-9]{1,3})?[a-zA-Z ]{0,3}$/),
    fc.double(),
  );
  fc.assert(
    fc.property(value, (raw) => {
      for (const [name, kind] of Object.entries(kinds)) {
        const parsed = kind.safeParse(raw);
        const isGood = parsed.success
          ? typeof parsed.data !== "number" || (Number.isSafeInteger(parsed.data) && parsed.data >= 0)
          : parsed.error.issues[0]!.message !== "";
        expect(isGood, `${name} ${JSON.stringify(parsed)}`).toBe(true);
      }
    }),
    { numRuns: 2_000 },
  );
});

test("sizes and durations are read in every unit", () => {
  const number = fc.integer({ min: 0, max: 100_000 });
  fc.assert(
    fc.property(number, fc.constantFrom("", "k", "K", "KB", "KiB", "kib"), (amount, unit) => {
      expect(kinds.byteSize.parse(`${amount}${unit}`)).toBe(amount * (unit === "" ? 1 : 1024));
    }),
  );
  fc.assert(
    fc.property(
      number,
      fc.constantFrom(["ms", 1], ["s", 1_000], ["m", 60_000], ["h", 3_600_000], ["d", 86_400_000], ["", 1]),
      (amount, [unit, factor]) => {
        expect(kinds.duration.parse(`${amount} ${unit}`)).toBe(amount * (factor as number));
      },
    ),
  );
});

test("a table holds the names it was given, and only those", () => {
  const name = fc.stringMatching(/^[a-z.]{1,12}$/);
  const secret = fc.stringMatching(/^[A-Za-z0-9_=]{0,12}$/);
  fc.assert(
    fc.property(fc.dictionary(name, secret, { noNullPrototype: true }), (pairs) => {
      const text = Object.entries(pairs)
        .map(([key, value]) => `${key}=${value}`)
        .join(" , ");
      expect(kinds.table.parse(text)).toEqual(pairs);
    }),
  );
  expect(Object.keys(kinds.table.parse("__proto__=x,a=b"))).toEqual(["__proto__", "a"]);
});

test("a table of numbers takes numbers only", () => {
  expect(counts(1).parse("ollama=1, default=4")).toEqual({ ollama: 1, default: 4 });
  expect(counts(1).parse({ ollama: 1, openai: "8" })).toEqual({ ollama: 1, openai: 8 });
  for (const wrong of ["ollama", "ollama=0", "ollama=x", { ollama: -1 }, { ollama: 1.5 }])
    expect(counts(1).safeParse(wrong).success, JSON.stringify(wrong)).toBe(false);
});

test("chains by name, as text, as a table of texts and of lists", () => {
  const expected = { default: ["a/1", "b/2"], embed: ["c/3"] };
  expect(chains().parse("a/1, b/2, embed=c/3")).toEqual(expected);
  expect(chains().parse("default=a/1,b/2,embed=c/3")).toEqual(expected);
  expect(chains().parse({ default: "a/1,b/2", embed: ["c/3"] })).toEqual(expected);
  expect(chains().parse("")).toEqual({});
  expect(chains().safeParse({ default: 1 }).success).toBe(false);
});

test("an amount is a number that is not negative", () => {
  expect(amount().parse("0.50")).toBe(0.5);
  expect(amount().parse(20)).toBe(20);
  for (const wrong of ["$5", "-1", "1,5", "", NaN, Infinity])
    expect(amount().safeParse(wrong).success, String(wrong)).toBe(false);
});
