import { getCompileCacheDir } from "node:module";
import { dirname } from "node:path";
import { Worker } from "node:worker_threads";
import { AppError } from "../../base/errors.ts";
import type { ContentFacts } from "../../contracts/file-facts.ts";
import type { Scan, ScanHandlers, Scanner, ScanBatch, ScanReply, ScanTask } from "../../contracts/scanner.ts";

export interface ScannerOptions {
  /** Entry of the worker thread. */
  readonly workerUrl: URL;
  /** Handed to the worker as its `workerData`. */
  readonly workerData: unknown;
  readonly threads: number;
  readonly supportedLanguages: ReadonlySet<string>;
}

interface Thread {
  readonly worker: Worker;
  /** Tasks that are not finished. */
  readonly open: Map<string, { readonly sizeBytes: number; hasContent: boolean }>;
  openBytes: number;
  /** Gets no new work and is ended when the last of its work has come back. */
  isSpent: boolean;
}

/** For a file whose thread died before it had looked at it. */
const unread: ContentFacts = {
  language: null,
  reason: { strategy: "none", detail: "the thread that read it died" },
  binary: false,
  generated: false,
  minified: false,
  lfsPointer: false,
  lines: null,
};

const batchBytes = 256 * 1024;
/** Bytes waiting in all threads together at which the reader is asked to wait. */
const maxOpenBytes = 96 * 2 ** 20;

/** A pool of worker threads; they start with the first file and stay for the next scan. */
export function createScanner(options: ScannerOptions): Scanner {
  const cacheDir = getCompileCacheDir();
  const threads: Thread[] = [];
  let current: { reply(thread: Thread, message: ScanReply): void; died(thread: Thread): void } | null = null;

  function startThread(): Thread {
    const worker = new Worker(options.workerUrl, {
      workerData: options.workerData,
      resourceLimits: { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 8 },
      // Only so does the cache hold for the entry itself; without it every thread loads the whole TypeScript stripper.
      env: cacheDir === undefined ? {} : { NODE_COMPILE_CACHE: dirname(cacheDir) },
    });
    const thread: Thread = { worker, open: new Map(), openBytes: 0, isSpent: false };
    worker.on("message", (message: ScanReply) => {
      if (threads.includes(thread)) current?.reply(thread, message);
    });
    // What it said before it died may still be under way: Node hands it out before the exit.
    worker.on("error", () => (thread.isSpent = true));
    worker.on("exit", () => retire(thread));
    threads.push(thread);
    return thread;
  }

  function retire(thread: Thread): void {
    const at = threads.indexOf(thread);
    if (at < 0) return;
    threads.splice(at, 1);
    current?.died(thread);
    void thread.worker.terminate();
  }

  return {
    warm() {
      while (threads.length < options.threads) startThread();
    },
    supports: (language) => options.supportedLanguages.has(language),
    start(handlers, signal) {
      const scan = createScan(handlers, signal);
      current = scan;
      return scan;
    },
    async close() {
      current = null;
      await Promise.all(threads.splice(0).map((thread) => thread.worker.terminate()));
    },
  };

  function createScan(handlers: ScanHandlers, signal: AbortSignal): Scan & NonNullable<typeof current> {
    let batch = createBatch(batchBytes);
    let openContents = 0;
    let openTasks = 0;
    let parsedBytes = 0;
    /** Handed to a second thread after their content was known. */
    const redone = new Set<string>();
    const waiters: { isMet: () => boolean; resolve: () => void; reject: (error: unknown) => void }[] = [];
    const isBehind = (): boolean => threads.reduce((sum, thread) => sum + thread.openBytes, 0) > maxOpenBytes;

    signal.addEventListener(
      "abort",
      () => {
        for (const thread of threads.splice(0)) void thread.worker.terminate();
        for (const waiter of waiters.splice(0)) waiter.reject(new AppError("cancelled", "Cancelled."));
      },
      { once: true },
    );

    function settle(): void {
      for (let at = waiters.length - 1; at >= 0; at--)
        if (waiters[at]!.isMet()) waiters.splice(at, 1)[0]!.resolve();
    }

    function until(isMet: () => boolean): Promise<void> {
      if (signal.aborted) return Promise.reject(new AppError("cancelled", "Cancelled."));
      if (isMet()) return Promise.resolve();
      return new Promise((resolve, reject) => waiters.push({ isMet, resolve, reject }));
    }

    function flush(): void {
      const { tasks, buffer } = batch;
      if (tasks.length === 0) return;
      const usable = threads.filter((thread) => !thread.isSpent);
      // Fill the threads that were started, then start another, until all are there.
      const idle = usable.find((thread) => thread.open.size === 0);
      const thread =
        idle ??
        (usable.length < options.threads ? startThread() : undefined) ??
        usable.reduce((least, other) => (other.openBytes < least.openBytes ? other : least));
      for (const task of tasks) {
        thread.open.set(task.key, { sizeBytes: task.end - task.start, hasContent: false });
        thread.openBytes += task.end - task.start;
      }
      batch = createBatch(batchBytes);
      thread.worker.postMessage({ buffer, tasks } satisfies ScanBatch, [buffer]);
    }

    function hand(task: ScanTask, bytes: Uint8Array): void {
      openTasks++;
      if (batch.usedBytes + bytes.length > batch.buffer.byteLength) {
        flush();
        if (bytes.length > batchBytes) batch = createBatch(bytes.length);
      }
      const start = batch.usedBytes;
      new Uint8Array(batch.buffer).set(bytes, start);
      batch.usedBytes += bytes.length;
      batch.tasks.push({ ...task, start, end: batch.usedBytes });
    }

    function close(thread: Thread, key: string): number {
      const { sizeBytes } = thread.open.get(key)!;
      thread.open.delete(key);
      thread.openBytes -= sizeBytes;
      openTasks--;
      return sizeBytes;
    }

    function finish(thread: Thread, key: string): void {
      parsedBytes += close(thread, key);
      handlers.onProgress(parsedBytes);
    }

    return {
      add(task, bytes) {
        openContents++;
        hand(task, bytes);
        return isBehind() ? until(() => !isBehind()) : undefined;
      },
      contentsDone() {
        flush();
        return until(() => openContents === 0);
      },
      done() {
        flush();
        return until(() => openTasks === 0);
      },
      reply(thread, message) {
        if (message.kind === "contents") {
          for (const [key, facts, willParse] of message.facts) {
            const open = thread.open.get(key)!;
            if (!open.hasContent && !redone.has(key)) {
              openContents--;
              handlers.onContent(key, facts, true);
            }
            open.hasContent = true;
            if (!willParse) finish(thread, key);
          }
        } else if (message.kind === "parsed") {
          if (message.facts !== null) handlers.onSymbols(message.key, message.facts, true);
          if (message.record !== null) handlers.onRecord(message.key, message.record);
          finish(thread, message.key);
        } else {
          thread.isSpent = true;
          for (const { task, bytes } of message.left) {
            if (thread.open.get(task.key)!.hasContent) redone.add(task.key);
            close(thread, task.key);
            hand(task, bytes);
          }
          flush();
          if (thread.open.size === 0) retire(thread);
        }
        settle();
      },
      died(thread) {
        for (const [key, open] of Array.from(thread.open)) {
          if (!open.hasContent && !redone.has(key)) {
            openContents--;
            handlers.onContent(key, unread, false);
          }
          handlers.onSymbols(key, { symbols: [], environment: [], problem: "parse-failed" }, false);
          finish(thread, key);
        }
        settle();
      },
    };
  }
}

function createBatch(capacity: number): {
  readonly buffer: ArrayBuffer;
  readonly tasks: ScanBatch["tasks"][number][];
  usedBytes: number;
} {
  return { buffer: new ArrayBuffer(capacity), tasks: [], usedBytes: 0 };
}
