import { expect, test } from "vitest";
import { AppError } from "../../base/errors.ts";
import type { CallLedger } from "../../contracts/model-call.ts";
import type { Reviews } from "../../contracts/review.ts";
import { type Embeddings, storeOperations, type Stores } from "../../contracts/stores.ts";
import { createChannelStores } from "./channel-stores.ts";
import { performStore } from "./perform-store.ts";

const asked: unknown[] = [];
const stores: Stores = {
  calls: {
    cost: async (...given: unknown[]) => {
      asked.push(given);
      return [];
    },
    list: async () => {
      throw new AppError("request-invalid", "No.");
    },
    secret: async () => "never",
  } as unknown as CallLedger,
  records: { pull: async () => 0, push: async () => 0 },
  embeddings: {} as Embeddings,
  pulls: {} as Stores["pulls"],
  reviews: {} as Reviews,
};
const far = createChannelStores((request) => performStore(stores, structuredClone(request)));

test("an operation is done at the other end, with its arguments; what it throws comes back", async () => {
  expect(await far.calls.cost("day", 3)).toEqual([]);
  expect(asked).toEqual([["day", 3]]);
  await expect(far.calls.list({}, { limit: 1 })).rejects.toMatchObject({ code: "request-invalid" });
});

test("the far stores have the operations that are listed, and no others", () => {
  expect(Object.fromEntries(Object.entries(far).map(([name, store]) => [name, Object.keys(store)]))).toEqual(
    storeOperations,
  );
});

test.each([
  ["calls", "secret", []],
  ["calls", "constructor", []],
  ["constructor", "list", []],
  ["__proto__", "toString", []],
  ["calls", "cost", "x" as unknown as []],
])("%s.%s is refused", async (store, operation, args) => {
  await expect(performStore(stores, { store, operation, args })).rejects.toMatchObject({ code: "internal" });
});
