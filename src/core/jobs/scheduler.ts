import { CronExpressionParser } from "cron-parser";
import { AppError } from "../../base/errors.ts";
import type { Jobs } from "../../contracts/job.ts";
import { retain, sweep, type SweepDependencies } from "./sweep.ts";

export interface SchedulerSettings {
  /** How long a worker may be silent. */
  readonly leaseMs: number;
  readonly finishedMs: number;
  readonly failedMs: number;
  /** How long the ledger of calls at models is kept. */
  readonly callsMs: number;
  readonly timetable: readonly ScheduledJob[];
  /** True when no other process can have a worker on this database. */
  readonly isAlone: boolean;
  /** What else is to be put in order now and then. */
  readonly chores?: readonly Chore[];
}

export interface Chore {
  /** For the log. */
  readonly name: string;
  readonly everyMs: number;
  /** Several processes may do it at once. */
  readonly run: () => Promise<void>;
}

export interface ScheduledJob {
  readonly kind: string;
  readonly source: string | null;
  readonly cron: string;
}

export interface Scheduler {
  stop(): Promise<void>;
}

const sweepMs = 1_000;
const retainMs = 10 * 60_000;
const timetableMs = 15_000;
/** Five fields, six with seconds, or a name such as `@daily`. */
const wholeExpression = /^(@[a-z]+|\S+(\s+\S+){4,5})$/;

/** `analyze https://…` = `0 3 * * *`. @throws AppError `config-invalid` */
export function readTimetable(table: Readonly<Record<string, string>>): readonly ScheduledJob[] {
  return Object.entries(table).map(([name, cron]) => {
    const [kind, ...rest] = name.trim().split(/\s+/);
    try {
      // The parser fills up what is missing, so that nothing at all would be every minute.
      if (!wholeExpression.test(cron.trim())) throw new Error("expected five fields, e.g. 0 3 * * *");
      CronExpressionParser.parse(cron, { tz: "UTC" });
    } catch (error) {
      throw new AppError(
        "config-invalid",
        `Setting jobs.schedule: ${JSON.stringify(cron)} (for ${name}) is not a cron expression: ${error instanceof Error ? error.message : String(error)}.`,
        {},
        error,
      );
    }
    return { kind: kind!, source: rest.length > 0 ? rest.join(" ") : null, cron };
  });
}

/** Keeps order: sweeps, deletes what is old, starts what is due. Several may run at once. */
export async function startScheduler(
  dependencies: SweepDependencies & { readonly jobs: Jobs },
  settings: SchedulerSettings,
): Promise<Scheduler> {
  const { database, log } = dependencies;
  // Right after we could not look for a while, leases may have run out only because their owners could not write.
  let mayReclaimAt = settings.isAlone ? -Infinity : performance.now() + settings.leaseMs;
  const loops = [
    loop(sweepMs, async () => {
      try {
        await sweep(dependencies, { reclaims: performance.now() >= mayReclaimAt ? "expired" : "none" });
      } catch (error) {
        mayReclaimAt = performance.now() + settings.leaseMs;
        log.warn("sweep failed, will try again", { error });
      }
    }),
    loop(retainMs, async () => {
      const deleted = await retain(database, settings).catch((error: unknown) => {
        log.warn("old jobs were not deleted, will try again", { error });
        return 0;
      });
      if (deleted > 0) log.info("old jobs were deleted", { count: deleted });
    }),
    ...(settings.chores ?? []).map(({ name, everyMs, run }) =>
      loop(everyMs, () =>
        run().catch((error: unknown) => log.warn("a chore failed, will try again", { chore: name, error })),
      ),
    ),
    ...(settings.timetable.length === 0
      ? []
      : [
          loop(timetableMs, () =>
            startDue(dependencies, settings.timetable).catch((error: unknown) =>
              log.warn("the timetable was not read, will try again", { error }),
            ),
          ),
        ]),
  ];
  // Of workers that died with the last process on this database.
  if (settings.isAlone) await sweep(dependencies, { reclaims: "all" });
  return {
    async stop() {
      await Promise.all(loops.map((each) => each.stop()));
    },
  };
}

/** Starts each scheduled job once for each due time, whoever gets there first; what was missed is not made up for. */
async function startDue(
  { database, jobs, log }: SweepDependencies & { readonly jobs: Jobs },
  timetable: readonly ScheduledJob[],
): Promise<void> {
  for (const { kind, source, cron } of timetable) {
    const due = CronExpressionParser.parse(cron, { tz: "UTC" }).prev().toDate();
    const name = `${kind} ${source ?? ""} ${cron}`;
    const rows = await database.query(
      // The first time, only what comes from now on is due.
      `insert into schedules (name, last_run_at) values ($1, now())
       on conflict (name) do update set last_run_at = $2::timestamptz where schedules.last_run_at < $2::timestamptz
       returning (xmax = 0) as is_first`,
      [name, due.toISOString()],
    );
    if (rows.length === 0 || rows[0]!["is_first"] === true) continue;
    try {
      await jobs.start(
        { kind, source },
        {
          caller: "schedule",
          allowsLocalSources: true,
          delivery: { origin: `schedule:${name}`, key: due.toISOString() },
        },
      );
    } catch (error) {
      log.warn("a scheduled job was not started", { kind, source, error });
    }
  }
}

/** Runs `work` again and again with a pause between, never twice at once. */
function loop(pauseMs: number, work: () => Promise<void>): { stop(): Promise<void> } {
  let isStopped = false;
  let wake = (): void => {};
  const done = (async () => {
    while (!isStopped) {
      await work();
      await new Promise<void>((resolve) => {
        wake = resolve;
        setTimeout(resolve, pauseMs).unref();
        if (isStopped) resolve();
      });
    }
  })();
  return {
    stop() {
      isStopped = true;
      wake();
      return done;
    },
  };
}
