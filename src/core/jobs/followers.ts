import type { Database } from "../../contracts/database.ts";
import type { JobEvent, JobStatus } from "../../contracts/job.ts";
import type { Broadcast } from "../../contracts/queue.ts";
import { isFinal } from "./job-row.ts";
import { readEvents, readStanding } from "./read-jobs.ts";

const pageSize = 500;
/** Hints can be lost; who follows looks by itself this often. */
const lookAnywayMs = 5_000;

/** Everybody who follows a job here shares one reader of its events. */
interface Tail {
  readonly listeners: Set<(events: readonly JobEvent[]) => void>;
  lastSeq: number;
  isReading: boolean;
  /** Whether another read is wanted after the one under way. */
  isStale: boolean;
  /** Nothing can follow `lastSeq` unless the job is tried again. */
  isOver: boolean;
}

export interface Followers {
  follow(id: string, after: number, signal: AbortSignal): AsyncIterable<JobEvent>;
  close(): void;
}

/** Hands stored events to everyone who follows a job, with one read for all of them when a hint comes. */
export function createFollowers(database: Database, broadcast: Broadcast): Followers {
  const tails = new Map<string, Tail>();
  const unsubscribe = broadcast.subscribe("events", (id) => {
    const ids = id === null ? [...tails.keys()] : [id];
    for (const each of ids) {
      const tail = tails.get(each);
      if (tail) void advance(each, tail);
    }
  });
  const timer = setInterval(() => {
    for (const [id, tail] of tails) void advance(id, tail);
  }, lookAnywayMs);
  timer.unref();

  async function advance(id: string, tail: Tail): Promise<void> {
    tail.isStale = true;
    if (tail.isReading) return;
    tail.isReading = true;
    try {
      while (tail.isStale) {
        tail.isStale = false;
        const events = await readEvents(database, id, tail.lastSeq, pageSize);
        if (events.length > 0) tail.lastSeq = events.at(-1)!.seq;
        // No events: it may have been deleted. Events after its end: it is tried again.
        tail.isOver =
          (events.length === 0 || isFinalState(events.at(-1)!)) && (await isOver(id, tail.lastSeq));
        for (const listener of tail.listeners) listener(events);
        if (events.length === pageSize) tail.isStale = true;
      }
    } catch {
      // The database is away; the timer tries again.
    } finally {
      tail.isReading = false;
    }
  }

  async function* follow(id: string, after: number, signal: AbortSignal): AsyncGenerator<JobEvent> {
    const inbox: JobEvent[] = [];
    let wake = (): void => {};
    const listener = (events: readonly JobEvent[]): void => {
      inbox.push(...events);
      wake();
    };
    const onAbort = (): void => wake();
    signal.addEventListener("abort", onAbort, { once: true });
    let tail: Tail | undefined;
    let seq = after;
    try {
      const standing = await readStanding(database, id);
      if (!standing) return;
      tail = tails.get(id) ?? {
        listeners: new Set(),
        lastSeq: standing.eventSeq,
        isReading: false,
        isStale: false,
        isOver: false,
      };
      tails.set(id, tail);
      // From here on the tail misses nothing after its own position, so what is read now closes the gap before it.
      tail.listeners.add(listener);
      for (;;) {
        const page = await readEvents(database, id, seq, pageSize);
        for (const event of page) {
          if (signal.aborted) return;
          seq = event.seq;
          yield event;
        }
        if (page.length < pageSize) break;
      }
      if (await isOver(id, seq)) return;
      for (;;) {
        const events = inbox.splice(0).filter((event) => event.seq > seq);
        for (const event of events) {
          if (signal.aborted) return;
          seq = event.seq;
          yield event;
        }
        if (signal.aborted || (inbox.length === 0 && tail.isOver && seq >= tail.lastSeq)) return;
        if (inbox.length === 0)
          await new Promise<void>((resolve) => {
            wake = resolve;
            if (inbox.length > 0 || signal.aborted) resolve();
          });
      }
    } finally {
      signal.removeEventListener("abort", onAbort);
      tail?.listeners.delete(listener);
      if (tail?.listeners.size === 0 && tails.get(id) === tail) tails.delete(id);
    }
  }

  async function isOver(id: string, seq: number): Promise<boolean> {
    const standing = await readStanding(database, id);
    return standing === null || (isFinal(standing.status) && seq >= standing.eventSeq);
  }

  return {
    follow,
    close() {
      clearInterval(timer);
      unsubscribe();
    },
  };
}

function isFinalState(event: JobEvent): boolean {
  return event.type === "state" && isFinal(event.data["status"] as JobStatus);
}
