import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { AppError } from "../../src/base/errors.ts";
import type { JobDefinitions } from "../../src/contracts/job.ts";
import { kindsOf, testKind, untilAborted } from "./job-kinds.ts";

/** Kinds for fault tests. They keep a ledger of their own, outside the product: one line for each thing that happened. */
export const faultKinds: JobDefinitions = kindsOf(
  /** Works in steps, each of which leaves a line; then has an effect on the outside that must happen once. */
  testKind(
    "work",
    async (context, options) => {
      const ledger = String(options["ledger"]);
      const note = (what: string): void =>
        appendFileSync(ledger, `${what} ${context.id} ${context.attempt}\n`);
      note("begin");
      for (let step = 0; step < Number(options["steps"] ?? 3); step++) {
        await context.step(`step-${step}`, async (signal) => {
          await sleep(Number(options["ms"] ?? 100), undefined, { signal });
          note(`step-${step}`);
        });
        context.progress((step + 1) / Number(options["steps"] ?? 3), `step ${step}`);
      }
      await context.step("effect", async () => note("effect"), {
        recover: async () =>
          existsSync(ledger) && readFileSync(ledger, "utf8").includes(`effect ${context.id} `)
            ? null!
            : undefined,
      });
      return { done: true };
    },
    { attempts: 5, concurrency: 4 },
  ),
  testKind("quick", async (_, options) => options["value"] ?? null, { concurrency: 4 }),
  testKind("die", async () => process.kill(process.pid, "SIGKILL"), { attempts: 10 }),
  testKind("exit", async () => process.exit(7), { attempts: 10 }),
  testKind(
    "loop",
    async () => {
      for (;;);
    },
    { timeoutMs: 700, attempts: 2 },
  ),
  testKind(
    "eat",
    async () => {
      const kept: Buffer[] = [];
      for (;;) {
        kept.push(Buffer.alloc(16 * 2 ** 20, 1));
        await sleep(5);
      }
    },
    { attempts: 3 },
  ),
  testKind("sleep", (context) => untilAborted(context.signal), { concurrency: 4 }),
  /** Ignores its signal. */
  testKind("deaf", () => sleep(60_000), { concurrency: 4 }),
  testKind(
    "full",
    async () => {
      throw new AppError("disk-full", "No room.");
    },
    { attempts: 1 },
  ),
  /** Starts a program through the door, in a process group of its own, and waits. */
  testKind("parent", async (context, options) => {
    const text = await context.services.git.text(null, [
      "-c",
      `alias.wait=!echo $$ >> '${String(options["ledger"])}'; sleep 300`,
      "wait",
    ]);
    return text;
  }),
);
