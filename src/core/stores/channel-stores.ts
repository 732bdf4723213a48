import { storeOperations, type StoreRequest, type Stores } from "../../contracts/stores.ts";

/** Stores whose operations are done elsewhere: each call is sent, and its answer is what comes back. */
export function createChannelStores(send: (request: StoreRequest) => Promise<unknown>): Stores {
  const stores = Object.entries(storeOperations).map(([store, operations]) => [
    store,
    Object.fromEntries(
      operations.map((operation) => [
        operation,
        (...args: readonly unknown[]) => send({ store, operation, args }),
      ]),
    ),
  ]);
  return Object.fromEntries(stores) as Stores;
}
