import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createMemory } from "./memory.ts";

/** A memory whose makings are counted; the size is the value. */
function countedMemory(maxBytes: number) {
  const memory = createMemory(maxBytes);
  const made: string[] = [];
  return {
    made,
    memory,
    keep: (key: string, size = 10): Promise<number> =>
      memory.keep(
        key,
        async () => {
          made.push(key);
          return size;
        },
        (value) => value,
      ),
  };
}

test("a thing is made once, and what was wanted longest ago goes first", async () => {
  const { made, keep } = countedMemory(30);
  for (const key of ["a", "b", "c", "a", "d", "a", "c", "b"]) await keep(key);
  expect(made).toEqual(["a", "b", "c", "d", "b"]);
});

test("those who want the same at the same time share one making", async () => {
  const { made, keep } = countedMemory(30);
  expect(await Promise.all([keep("a"), keep("a"), keep("a")])).toEqual([10, 10, 10]);
  expect(made).toEqual(["a"]);
});

test("a failure is told to all who wait, and not kept", async () => {
  const memory = createMemory(30);
  let times = 0;
  const keep = (): Promise<number> =>
    memory.keep(
      "a",
      async () => {
        if (++times === 1) throw new Error("no");
        return times;
      },
      () => 10,
    );
  expect((await Promise.allSettled([keep(), keep()])).map(({ status }) => status)).toEqual([
    "rejected",
    "rejected",
  ]);
  expect(await keep()).toBe(2);
  expect(await keep()).toBe(2);
});

test("what is larger than all the room is given, and pushes nothing out", async () => {
  const { made, keep } = countedMemory(30);
  await keep("a");
  expect(await keep("huge", 31)).toBe(31);
  await keep("a");
  await keep("huge", 31);
  expect(made).toEqual(["a", "huge", "huge"]);
});

test("what is forgotten is made anew, also while it is being made", async () => {
  const { made, memory, keep } = countedMemory(30);
  await keep("a");
  memory.forget("a");
  memory.forget("never kept");
  await keep("a");
  const first = keep("b");
  memory.forget("b");
  await Promise.all([first, keep("b")]);
  await keep("b");
  expect(made).toEqual(["a", "a", "b", "b"]);
});

test("what is kept never takes more than the room, and nothing is lost while there is room", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.constantFrom(..."abcdefgh".split("")), fc.boolean()), { maxLength: 60 }),
      async (steps) => {
        const sizeOf = (key: string): number => key.charCodeAt(0) - 96;
        const { made, memory, keep } = countedMemory(12);
        /** Newest last. */
        let model: string[] = [];
        const expected: string[] = [];
        for (const [key, isWanted] of steps) {
          if (!isWanted) {
            memory.forget(key);
            model = model.filter((one) => one !== key);
            continue;
          }
          await keep(key, sizeOf(key));
          if (!model.includes(key)) expected.push(key);
          model = [...model.filter((one) => one !== key), key];
          while (model.reduce((sum, one) => sum + sizeOf(one), 0) > 12) model.shift();
        }
        expect(made).toEqual(expected);
      },
    ),
  );
});
