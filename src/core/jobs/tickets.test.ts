import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { eventually } from "../../../test/support/eventually.ts";
import { silentLog } from "../../../test/support/silent-log.ts";
import type { Dispatcher } from "../../contracts/queue.ts";
import { createTickets } from "./tickets.ts";

test("the first ticket is put at once; those that come while it is put, or right after, are put together", async () => {
  const added: (readonly [string, number])[] = [];
  let answer = (_failure?: Error): void => {};
  const dispatcher = {
    add(kind: string, count: number) {
      added.push([kind, count]);
      return new Promise<void>((resolve, reject) => {
        answer = (failure) => (failure ? reject(failure) : resolve());
      });
    },
  } as unknown as Dispatcher;
  const put = createTickets({ dispatcher, log: silentLog });
  const seen = (count: number) => eventually(`put ${count}`, 5_000, () => added.length === count);

  put("a");
  await seen(1);
  for (let index = 0; index < 10; index++) put("a");
  // So long that there is a rest to speak of.
  await sleep(30);
  answer();
  await nextTurn();
  for (let index = 0; index < 10; index++) put(index < 5 ? "a" : "b");
  await seen(2);
  answer(new Error("away"));
  await seen(3);
  answer();
  expect(added).toEqual([
    ["a", 1],
    ["a", 15],
    ["b", 5],
  ]);
  put("c");
  await seen(4);
});
