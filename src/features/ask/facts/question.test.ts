import { describe, expect, test } from "vitest";
import { isOnlyAbout, readQuestion, wordsOf } from "./question.ts";

const textOf = (asked: string, name = "shop"): string | undefined => readQuestion(asked, name)?.text;

describe("a question is read without what says nothing", () => {
  test.each([
    ["Hi, could you please tell me what the licence is?", "what the licence is"],
    ["What's this project written in?", "what is it written in"],
    ["what license does the repo use, thanks!", "what licence does it use"],
    ["Which `DATABASE_URL` is read?", "Which DATABASE_URL is read"],
    ["is the package manager npm", "is the package manager npm"],
    ["How old is shop?", "How old is it"],
    ["which env vars are there", "which environment variables are there"],
    ["who knows src/shop.ts", "who knows src/shop.ts"],
    ["Which shop version is used?", "Which shop version is used"],
  ])("%s", (asked, expected) => {
    expect(textOf(asked)?.toLowerCase()).toBe(expected.toLowerCase());
  });

  test("a name with signs of regular expressions in it is only a name", () => {
    expect(textOf("what is c++(x) written in", "c++(x)")).toBe("what is it written in");
    expect(textOf("what is ( written in", "(")).toBe("what is it written in");
  });
});

test("what is empty or too long is no question about one fact", () => {
  expect(readQuestion(" ?? ", "shop")).toBeNull();
  expect(readQuestion(`which licence ${"x".repeat(240)}`, "shop")).toBeNull();
  expect(readQuestion("licence ".repeat(25), "shop")).toBeNull();
});

test("one word that is not understood makes it another question", () => {
  const words = wordsOf("licence where file");
  expect(isOnlyAbout(readQuestion("Where is the licence file?", "shop")!, words)).toBe(true);
  expect(isOnlyAbout(readQuestion("Where is the licence header?", "shop")!, words)).toBe(false);
  expect(isOnlyAbout(readQuestion("Why is the licence there?", "shop")!, words)).toBe(false);
  expect(isOnlyAbout(readQuestion("Where are licences filed?", "shop")!, words)).toBe(false);
});
