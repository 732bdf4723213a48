import { AsyncLocalStorage } from "node:async_hooks";
import type { Span, SpanAttributes, TraceParent, Tracing } from "../../contracts/tracing.ts";
import { createRandomIds, parseTraceParent } from "./trace-parent.ts";

export interface CollectorOptions {
  /** Address of an OTLP collector. Empty: spans have ids, and go nowhere. */
  readonly endpoint: string;
  readonly service: string;
  readonly version: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Longest wait for a collector at the end. */
  readonly closeTimeoutMs?: number;
}

/** A span that was begun. */
export interface OpenSpan extends Span {
  /** With what went wrong, if something did. */
  end(error?: unknown): void;
}

/** Where spans go. */
export interface Recorder {
  start(name: string, parent: TraceParent | null, attributes: SpanAttributes): OpenSpan;
  close(): Promise<void>;
}

/**
 * Traces after W3C. Nothing global is touched; the span under way follows asynchronous calls.
 * OpenTelemetry is loaded only where a collector is configured: the command line starts without it.
 */
export async function createTracing(options: CollectorOptions): Promise<Tracing> {
  const recorder =
    options.endpoint === ""
      ? createIdsOnly()
      : (await import("./collector.ts")).createCollectorRecorder(options);
  const storage = new AsyncLocalStorage<Span>();

  return {
    async span(name, { parent, attributes = {} }, work) {
      const above = parent ?? storage.getStore()?.traceParent ?? null;
      const span = recorder.start(name, above, attributes);
      try {
        const result = await storage.run(span, () => work(span));
        span.end();
        return result;
      } catch (error) {
        span.end(error ?? new Error("rejected without a reason"));
        throw error;
      }
    },
    current: () => storage.getStore() ?? null,
    close: () => recorder.close(),
  };
}

function createIdsOnly(): Recorder {
  const randomId = createRandomIds();
  return {
    start(_name, parent) {
      const above = parent === null ? null : parseTraceParent(parent);
      const traceId = above?.traceId ?? randomId(16);
      const flags = above?.isSampled === false ? "00" : "01";
      return { traceId, traceParent: `00-${traceId}-${randomId(8)}-${flags}`, set() {}, end() {} };
    },
    async close() {},
  };
}
