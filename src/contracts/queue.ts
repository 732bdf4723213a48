/**
 * Tells workers that there is something to do. A ticket says only "a job of this kind may be waiting": which one, and
 * whether there is one, the jobs table says. So a ticket that is lost costs a moment (the sweeper writes a new one)
 * and one too many costs nothing.
 */
export interface Dispatcher {
  /** What carries the tickets, e.g. `bullmq on postgres`. */
  readonly engine: string;
  /** Puts `count` tickets. @throws AppError `queue-unavailable` */
  add(kind: string, count: number): Promise<void>;
  /** Tickets that nobody has taken yet. @throws AppError `queue-unavailable` */
  waiting(kind: string): Promise<number>;
  /** Calls `take` for each ticket, at most `concurrency` at once; a ticket counts as used up when `take` settles. */
  consume(kind: string, concurrency: number, take: () => Promise<void>): Promise<Consumer>;
  /** Whether tickets can be put and taken now. */
  isHealthy(): Promise<boolean>;
  close(): Promise<void>;
}

export interface Consumer {
  /** Takes no further tickets; resolves at once, while what was taken goes on. */
  pause(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Short messages to every process, at most once: hints that something changed, never the change itself. Who misses one
 * finds out by looking.
 */
export interface Broadcast {
  publish(topic: Topic, message: string): void;
  /** Also called with null after messages may have been missed. Returns what ends it. */
  subscribe(topic: Topic, onMessage: (message: string | null) => void): () => void;
  close(): Promise<void>;
}

/** `events`: a job's id, it has new events. `cancel`: a job's id, whoever runs it must stop. */
export type Topic = "events" | "cancel";

/** Results that any process may reuse, with an end of life. Losing all of it costs only time. */
export interface SharedCache {
  get(space: string, key: string): Promise<string | null>;
  put(space: string, key: string, value: string, lifeMs: number): Promise<void>;
}
