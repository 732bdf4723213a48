import { expect, test } from "vitest";
import { AppError } from "../../base/errors.ts";
import type { Services } from "../../contracts/services.ts";
import type { Stores } from "../../contracts/stores.ts";
import { askDismissals } from "./ask-dismissals.ts";

interface Case {
  readonly what: string;
  readonly serverStores: Services["serverStores"];
  readonly found: readonly (readonly [string, string])[];
  readonly said: readonly string[];
}

function server(dismissals: (source: string) => Promise<unknown>): Services["serverStores"] {
  return async () => ({ reviews: { dismissals } }) as unknown as Stores;
}

const away = new AppError("server-unreachable", "The server at http://h does not answer.");
const cases: readonly Case[] = [
  { what: "no server", serverStores: async () => null, found: [], said: [] },
  {
    what: "a server",
    serverStores: server(async (source) => [{ fingerprint: "f", reason: source }]),
    found: [["f", "/r"]],
    said: [],
  },
  {
    what: "one that does not answer",
    serverStores: server(() => Promise.reject(away)),
    found: [],
    said: ["What was dismissed on the server is not known: The server at http://h does not answer."],
  },
];

test.each(cases)("dismissals with $what", async ({ serverStores, found, said }) => {
  const notes: string[] = [];
  const dismissals = await askDismissals("/r", { serverStores }, (message) => notes.push(message));
  expect([...dismissals]).toEqual(found);
  expect(notes).toEqual(said);
});
