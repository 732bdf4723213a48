import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createBatch } from "./batch.ts";

const whole = new Error("away");

test("what comes meanwhile is flushed together, in order and within the limit; one that fails takes no other along", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ isBad: fc.boolean(), pause: fc.nat({ max: 3 }) }), {
        minLength: 1,
        maxLength: 40,
      }),
      fc.integer({ min: 1, max: 12 }),
      fc.boolean(),
      async (items, maxItems, isAway) => {
        const stored: number[] = [];
        let underWay = 0;
        const add = createBatch(
          { maxItems, concurrency: 1, mayBeOfOne: (error) => error !== whole },
          async (batch: readonly number[]) => {
            expect(++underWay).toBe(1);
            expect(batch.length).toBeLessThanOrEqual(maxItems);
            await new Promise((resolve) => setImmediate(resolve));
            underWay--;
            if (isAway) throw whole;
            const bad = batch.filter((item) => items[item]!.isBad);
            if (bad.length > 0) throw new Error(`bad: ${bad.join(" ")}`);
            stored.push(...batch);
            return batch.map((item) => item * 10);
          },
        );
        const calls: Promise<string | number>[] = [];
        for (const [item, { pause }] of items.entries()) {
          calls.push(add(item).catch((error: Error) => error.message));
          for (let turn = 0; turn < pause; turn++) await new Promise((resolve) => setImmediate(resolve));
        }
        expect(await Promise.all(calls)).toEqual(
          items.map(({ isBad }, item) => (isAway ? "away" : isBad ? `bad: ${item}` : item * 10)),
        );
        // Whatever was answered is stored, and nothing else, in the order of the calls.
        expect(stored).toEqual(isAway ? [] : [...items.keys()].filter((item) => !items[item]!.isBad));
      },
    ),
    { numRuns: 200 },
  );
});

test("alone, a call is flushed at once; without being told so, a failure is everybody's", async () => {
  const sizes: number[] = [];
  const add = createBatch({ maxItems: 100, concurrency: 1 }, async (batch: readonly string[]) => {
    sizes.push(batch.length);
    if (batch.includes("bad")) throw new Error("all");
    return batch;
  });
  expect(await add("first")).toBe("first");
  const both = await Promise.allSettled([add("good"), add("bad")]);
  expect(both.map((each) => each.status)).toEqual(["rejected", "rejected"]);
  expect(sizes).toEqual([1, 2]);
});
