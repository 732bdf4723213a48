import { PassThrough, Writable } from "node:stream";
import { expect, test } from "vitest";
import { AppError } from "../../base/errors.ts";
import type { Git } from "../../contracts/git.ts";
import { createNumstatLane } from "./history/numstat.ts";
import { readBlobs } from "./tree.ts";

/** A Git whose standard input breaks at the first write, and whose end tells of a cancel. */
function brokenGit(): Git {
  const stdin = new Writable({
    highWaterMark: 1,
    write(_piece, _encoding, done) {
      setTimeout(() => done(Object.assign(new Error("write EPIPE"), { code: "EPIPE" })), 5);
    },
  });
  // As the adapter does.
  stdin.on("error", () => {});
  const stdout = new PassThrough();
  setTimeout(() => stdout.end(), 30);
  const done = Promise.reject<void>(new AppError("cancelled", "Cancelled."));
  done.catch(() => {});
  return {
    stream: () => ({ stdin, stdout, done, stop() {} }),
    text: () => Promise.resolve(""),
    version: () => Promise.resolve([2, 50]),
  };
}

test.each([1, 5_000])(
  "a Git that goes away while %d contents are asked for ends with its own reason",
  async (count) => {
    const oids = Array.from({ length: count }, (_, index) => index.toString(16).padStart(40, "0"));
    const reading = readBlobs("/nowhere", oids, brokenGit(), new AbortController().signal, () => {});
    await expect(reading).rejects.toMatchObject({ code: "cancelled" });
  },
);

test("so does one that counts lines", async () => {
  const lane = createNumstatLane("/nowhere", brokenGit(), {
    attributes: null,
    signal: new AbortController().signal,
  });
  await expect(lane.count(["0".repeat(40)])).rejects.toMatchObject({ code: "cancelled" });
});

test("a Git that has gone before it was asked is not waited for", async () => {
  const git = brokenGit();
  git.stream(null, []).stdin.destroy();
  await new Promise((resolve) => setTimeout(resolve, 5));
  const reading = readBlobs("/nowhere", ["0".repeat(40)], git, new AbortController().signal, () => {});
  await expect(reading).rejects.toMatchObject({ code: "cancelled" });
});
