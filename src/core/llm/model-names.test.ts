import { expect, test } from "vitest";
import { chainOf, parseModel } from "./model-names.ts";

test("the first slash parts provider and name", () => {
  expect(parseModel("openrouter/meta/llama-3:free")).toEqual({
    provider: "openrouter",
    name: "meta/llama-3:free",
  });
});

test.each(["", "gpt", "/gpt", "openai/", "open ai/gpt"])("%j names no model", (text) => {
  expect(() => parseModel(text)).toThrow("provider/name");
});

test("a task has its chain, or the default; vectors have none by default", () => {
  const chains = { default: ["a/1", "b/2", "a/1"], review: ["c/3"] };
  const names = (...given: Parameters<typeof chainOf>): string[] => chainOf(...given).map(({ name }) => name);
  expect(names(chains, "ask")).toEqual(["1", "2"]);
  expect(names(chains, "review")).toEqual(["3"]);
  expect(names(chains, "embed")).toEqual([]);
  expect(names(chains, "review", "x/8, y/9")).toEqual(["8", "9"]);
  expect(names({}, "ask")).toEqual([]);
});
