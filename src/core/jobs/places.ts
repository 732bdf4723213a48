import type { Database } from "../../contracts/database.ts";
import type { Job, QueuePlace } from "../../contracts/job.ts";

/** Jobs whose durations the estimate is made of. */
const sampledJobs = 50;
/** Places are counted up to this; further back they are of no use to anyone. */
const maxPlaces = 10_000;
/** Many who wait ask at once and often; a queue is looked at this often for all of them. */
const lookMs = 500;

interface Queue {
  readonly places: ReadonlyMap<string, number>;
  readonly slots: number;
  readonly running: number;
  readonly meanMs: number | null;
}

/** Why jobs wait, how many are before them, and how long that may take. */
export function createPlaces(database: Database): { of(job: Job): Promise<QueuePlace | null> } {
  const queues = new Map<string, { readonly at: number; readonly queue: Promise<Queue> }>();

  function lookAt(kind: string): Promise<Queue> {
    const known = queues.get(kind);
    if (known && performance.now() - known.at < lookMs) return known.queue;
    const queue = readQueue(database, kind);
    queues.set(kind, { at: performance.now(), queue });
    queue.catch(() => queues.delete(kind));
    return queue;
  }

  return {
    async of(job) {
      if (job.status === "waiting")
        return {
          reason: "approval",
          message: `Waits for approval: ${job.approval?.question ?? ""}`,
          place: null,
          estimateMs: null,
        };
      if (job.status !== "pending") return null;
      const waitMs = Date.parse(job.runAt) - Date.now();
      if (waitMs > 0 && job.attempt > 0)
        return {
          reason: "back-off",
          message: `Tries again in ${Math.ceil(waitMs / 1000)} s, after ${job.error?.code ?? "a failure"}.`,
          place: null,
          estimateMs: waitMs,
        };
      if (waitMs > 0)
        return {
          reason: "back-off",
          message: `Starts in ${Math.ceil(waitMs / 1000)} s, unless something newer replaces it.`,
          place: null,
          estimateMs: waitMs,
        };
      let queue = await lookAt(job.kind);
      if (!queue.places.has(job.id) && queue.places.size < maxPlaces) {
        // It came after the last look.
        queues.delete(job.kind);
        queue = await lookAt(job.kind);
      }
      return describePlace(job, queue);
    },
  };
}

function describePlace(job: Job, queue: Queue): QueuePlace {
  const place = queue.places.get(job.id) ?? null;
  if (queue.slots === 0)
    return {
      reason: "no-worker",
      message: `No worker takes jobs of kind ${job.kind} now.`,
      place,
      estimateMs: null,
    };
  const taken = `${queue.running} of ${queue.slots} places are taken.`;
  if (place === null)
    return {
      reason: "behind-others",
      message: `More than ${queue.places.size} jobs are before it; ${taken}`,
      place,
      estimateMs: null,
    };
  const rounds = Math.max(0, place + queue.running - queue.slots) / queue.slots;
  return {
    reason: place === 1 ? "next" : "behind-others",
    message:
      place === 1
        ? `The next of its kind; ${taken}`
        : `${place - 1} ${place === 2 ? "job is" : "jobs are"} before it; ${taken}`,
    place,
    estimateMs: queue.meanMs === null ? null : Math.ceil(rounds * queue.meanMs),
  };
}

async function readQueue(database: Database, kind: string): Promise<Queue> {
  const [waiting, [facts]] = await Promise.all([
    database.query<{ id: string }>(
      `select id from jobs where kind = $1 and status = 'pending' and run_at <= now()
       order by priority desc, turn, id limit ${maxPlaces}`,
      [kind],
    ),
    database.query<{ slots: number; running: number; mean_ms: number | null }>(
      `select
         (select coalesce(sum((kinds ->> $1)::int), 0)::int from workers where seen_at > now() - interval '15 seconds') as slots,
         (select count(*)::int from jobs where kind = $1 and status = 'processing') as running,
         (select avg(extract(epoch from finished_at - started_at) * 1000)::float8 from (
           select finished_at, started_at from jobs where kind = $1 and status = 'completed'
           order by id desc limit ${sampledJobs}) recent) as mean_ms`,
      [kind],
    ),
  ]);
  return {
    places: new Map(waiting.map((row, index) => [row.id, index + 1])),
    slots: facts?.slots ?? 0,
    running: facts?.running ?? 0,
    meanMs: facts?.mean_ms ?? null,
  };
}
