import { expect, test } from "vitest";
import { placesAsked } from "./facts/topics/owners.ts";

test.each([
  ["who knows src/server", ["src/server"]],
  ["who should review changes to the parser", ["the parser"]],
  ["where is the parser", []],
  ["who knows it", []],
])("%s asks about %j", (question, places) => {
  expect(placesAsked(question)).toEqual(places);
});
