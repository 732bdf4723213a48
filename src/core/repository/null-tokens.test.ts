import { Readable } from "node:stream";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { readNullTokens } from "./null-tokens.ts";

/** `bytes` cut at the given places. */
function inPieces(bytes: Buffer, cuts: readonly number[]): Readable {
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].toSorted((a, b) => a - b);
  const ends = [...places, bytes.length];
  return Readable.from(
    ends
      .map((end, index) => bytes.subarray(index === 0 ? 0 : ends[index - 1], end))
      .filter((piece) => piece.length > 0),
  );
}

const token = fc
  .uint8Array({ max: 255, maxLength: 12 })
  .map((bytes) => Buffer.from(bytes.filter((byte) => byte !== 0)));

test("tokens come out as they went in, wherever the pieces are cut", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(token, { maxLength: 20 }),
      fc.array(fc.nat(), { maxLength: 30 }),
      fc.boolean(),
      async (tokens, cuts, hasEnd) => {
        const whole = Buffer.concat(tokens.flatMap((one) => [one, Buffer.from([0])]));
        const last = tokens.at(-1);
        const bytes = hasEnd || last === undefined || last.length === 0 ? whole : whole.subarray(0, -1);
        const found: string[] = [];
        expect(
          await readNullTokens(inPieces(bytes, cuts), (one) => void found.push(one.toString("latin1"))),
        ).toBe("end");
        expect(found).toEqual(tokens.map((one) => one.toString("latin1")));
      },
    ),
  );
});

test("reading ends where it is told to", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(token, { minLength: 1, maxLength: 20 }),
      fc.array(fc.nat()),
      fc.nat(),
      async (tokens, cuts, stop) => {
        const bytes = Buffer.concat(tokens.flatMap((one) => [one, Buffer.from([0])]));
        const last = stop % tokens.length;
        let seen = 0;
        expect(await readNullTokens(inPieces(bytes, cuts), () => seen++ < last)).toBe("stopped");
        expect(seen).toBe(last + 1);
      },
    ),
  );
});
