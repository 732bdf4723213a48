import { isAppError } from "../../base/errors.ts";
import type { Database } from "../../contracts/database.ts";
import type { AttemptHooks } from "../../contracts/job-runner.ts";
import type { Log } from "../../contracts/log.ts";
import type { Broadcast } from "../../contracts/queue.ts";
import { appendEvents, type NewEvent } from "./attempts.ts";

/** Progress that comes faster than this is thinned out: only the newest is kept. */
const flushMs = 150;
/** A job that talks without end fills no disk. */
const maxLogLines = 2_000;
const maxMessageLength = 2_000;

export interface EventWriter extends Pick<AttemptHooks, "progress" | "log"> {
  /** Writes what is left. */
  close(): Promise<void>;
}

/** Collects an attempt's progress and log lines and stores them together a few times a second. */
export function createEventWriter(options: {
  readonly database: Database;
  readonly broadcast: Broadcast;
  readonly log: Log;
  readonly id: string;
  readonly attempt: number;
}): EventWriter {
  const { database, broadcast, id, attempt } = options;
  let waiting: NewEvent[] = [];
  let lines = 0;
  let timer: NodeJS.Timeout | null = null;
  let writing: Promise<void> = Promise.resolve();

  function add(event: NewEvent): void {
    const last = waiting.at(-1);
    if (event.type === "progress" && last?.type === "progress") waiting.pop();
    waiting.push(event);
    timer ??= setTimeout(flush, flushMs);
  }

  function flush(): void {
    if (timer) clearTimeout(timer);
    timer = null;
    const events = waiting;
    waiting = [];
    if (events.length === 0) return;
    writing = writing.then(async () => {
      try {
        await appendEvents(database, id, attempt, events);
        broadcast.publish("events", id);
      } catch (error) {
        // They are for people to watch; the job does not wait for them.
        if (!isAppError(error, "job-superseded")) options.log.warn("events were not stored", { error });
      }
    });
  }

  return {
    progress(fraction, message) {
      add({ type: "progress", data: { fraction: clamp(fraction), message: shorten(message), attempt } });
    },
    log(level, message, fields) {
      lines++;
      if (lines > maxLogLines) return;
      const text = lines === maxLogLines ? "Further lines are only in the worker's log." : shorten(message);
      add({ type: "log", data: { level, message: text, ...(fields ? { fields } : {}), attempt } });
    },
    async close() {
      flush();
      await writing;
    },
  };
}

function clamp(fraction: number | null): number | null {
  return fraction === null || Number.isNaN(fraction) ? null : Math.min(1, Math.max(0, fraction));
}

/** PostgreSQL stores no NUL. */
function shorten(text: string): string {
  return text.replaceAll("\0", "").slice(0, maxMessageLength);
}
