import { AppError } from "../../base/errors.ts";
import { storeOperations, type StoreRequest, type Stores } from "../../contracts/stores.ts";

/** Does one operation for a job process. @throws AppError `internal` for one that is not listed */
export async function performStore(stores: Stores, request: StoreRequest): Promise<unknown> {
  const operations: Readonly<Record<string, readonly string[]>> = storeOperations;
  if (
    !Object.hasOwn(operations, request.store) ||
    !operations[request.store]!.includes(request.operation) ||
    !Array.isArray(request.args)
  )
    throw new AppError(
      "internal",
      `A job process asked for ${JSON.stringify(`${request.store}.${request.operation}`)}, which no store offers it.`,
    );
  const store = stores[request.store as keyof Stores] as unknown as Readonly<
    Record<string, (...args: readonly unknown[]) => Promise<unknown>>
  >;
  return store[request.operation]!(...request.args);
}
