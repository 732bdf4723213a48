import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { until } from "../../../test/support/child-processes.ts";
import { startMode } from "../../../test/support/platforms.ts";
import { silentLog } from "../../../test/support/silent-log.ts";
import type { AppError } from "../../base/errors.ts";
import { defineJob } from "../../contracts/job.ts";
import { readTimetable, startScheduler } from "./scheduler.ts";

const kind = defineJob({
  kind: "sweep-floor",
  summary: "For tests",
  needsSource: false,
  options: z.strictObject({}).prefault({}),
  attempts: 1,
  backoff: { firstMs: 1, mostMs: 1 },
  timeoutMs: 1_000,
  concurrency: 1,
  priority: 0,
  dedupeKey: () => null,
  run: () => Promise.resolve(null),
});
const kinds = new Map([[kind.kind, kind]]) as never;

test("a timetable is kinds, sources and cron expressions", () => {
  expect(readTimetable({ "analyze  https://a.example/b": "0 3 * * *", clean: "@daily" })).toEqual([
    { kind: "analyze", source: "https://a.example/b", cron: "0 3 * * *" },
    { kind: "clean", source: null, cron: "@daily" },
  ]);
  for (const cron of ["daily", "61 * * * *", "0 3", ""])
    expect(() => readTimetable({ clean: cron })).toThrow(
      expect.objectContaining<Partial<AppError>>({
        code: "config-invalid",
        message: expect.stringContaining(`"${cron}"`) as string,
      }),
    );
});

test("what is due is started once, whoever looks; a first look starts nothing", async () => {
  const mode = await startMode("embedded");
  onTestFinished(() => mode.close());
  const platform = await mode.open(kinds);
  const { database, jobs } = platform;
  // Neither is due again while this test runs.
  const timetable = readTimetable({
    "sweep-floor": "0 0 1 1 *",
    "sweep-floor /x": "0 0 1 1 *",
    unknown: "0 0 1 1 *",
  });
  const schedule = async (): Promise<{ stop(): Promise<void> }> =>
    startScheduler(
      { ...platform, log: silentLog },
      { leaseMs: 1_000, finishedMs: 1e9, failedMs: 1e9, callsMs: 1e9, timetable, isAlone: true },
    );
  const names = async (): Promise<string[]> =>
    (await database.query<{ name: string }>("select name from schedules order by name")).map(
      ({ name }) => name,
    );
  const waitForLook = async (): Promise<void> => {
    let known: string[] = [];
    const end = performance.now() + 10_000;
    while (known.length < timetable.length && performance.now() < end) known = await names();
    expect(known).toHaveLength(timetable.length);
  };

  const first = await schedule();
  await waitForLook();
  await first.stop();
  expect((await jobs.list({}, { limit: 10 })).items).toEqual([]);

  // As if the program had been away for years: what was missed is one job, not one for each year.
  await database.query("update schedules set last_run_at = '2001-01-01' where name not like '%/x%'");
  const both = await Promise.all([schedule(), schedule()]);
  let count = 0;
  const poll = setInterval(
    () => void jobs.list({}, { limit: 10 }).then(({ items }) => (count = items.length)),
    20,
  );
  onTestFinished(() => clearInterval(poll));
  await until(() => count > 0, "the job is started");
  await Promise.all(both.map((each) => each.stop()));
  const { items } = await jobs.list({}, { limit: 10 });
  expect(items).toMatchObject([{ kind: "sweep-floor", source: null, caller: "schedule", status: "pending" }]);
  const rows = await database.query<{ name: string; last_run_at: Date }>(
    "select name, last_run_at from schedules order by name",
  );
  // A kind that is none is told in the log, and tried at its next time.
  expect(rows.map(({ last_run_at }) => last_run_at > new Date("2020-01-01"))).toEqual([true, true, true]);
});
