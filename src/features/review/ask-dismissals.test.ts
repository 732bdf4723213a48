import { expect, test } from "vitest";
import { AppError } from "../../base/errors.ts";
import type { Stores } from "../../contracts/stores.ts";
import { askDismissals } from "./ask-dismissals.ts";

const server = (dismissals: (source: string) => Promise<unknown>) => async (): Promise<Stores> =>
  ({ reviews: { dismissals } }) as unknown as Stores;
const away = new AppError("server-unreachable", "The server at http://h does not answer.");

test.each([
  ["no server", async () => null, [], []],
  ["a server", server(async (source) => [{ fingerprint: "f", reason: source }]), [["f", "/r"]], []],
  [
    "one that does not answer",
    server(() => Promise.reject(away)),
    [],
    ["What was dismissed on the server is not known: The server at http://h does not answer."],
  ],
] as const)("dismissals with %s", async (_, serverStores, expected, notes) => {
  const said: string[] = [];
  const found = await askDismissals("/r", { serverStores }, (message) => said.push(message));
  expect([...found]).toEqual(expected);
  expect(said).toEqual(notes);
});
