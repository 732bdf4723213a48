import {
  ROOT_CONTEXT,
  type Span as ApiSpan,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
} from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { BatchSpanProcessor, TracerProvider, type TracerProviderOptions } from "@opentelemetry/sdk-trace";
import type { CollectorOptions, OpenSpan, Recorder } from "./tracing.ts";
import { parseTraceParent } from "./trace-parent.ts";

const exportTimeoutMs = 5_000;
const batchDelayMs = 2_000;
/** A collector that is down must not keep a process from ending. */
const closeTimeoutMs = 2_000;

/** Spans that go to an OpenTelemetry collector, in batches, from a queue that drops what is too much. */
export function createCollectorRecorder(options: CollectorOptions): Recorder {
  const exporter = new OTLPTraceExporter({
    url: tracesUrl(options.endpoint),
    headers: { ...options.headers },
    timeoutMillis: exportTimeoutMs,
  });
  const processor = new BatchSpanProcessor({
    exporter,
    scheduledDelayMillis: batchDelayMs,
    exportTimeoutMillis: exportTimeoutMs,
  });
  const provider = new TracerProvider({
    resource: describeResource(options),
    spanProcessors: [processor],
  });
  const tracer = provider.getTracer(options.service, options.version);
  return {
    start(name, parent, attributes) {
      const above = parent === null ? null : parseTraceParent(parent);
      const context =
        above === null
          ? ROOT_CONTEXT
          : trace.setSpanContext(ROOT_CONTEXT, {
              traceId: above.traceId,
              spanId: above.spanId,
              traceFlags: above.isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
              isRemote: true,
            });
      const kind = name.startsWith("HTTP ") ? SpanKind.SERVER : SpanKind.INTERNAL;
      return toOpenSpan(tracer.startSpan(name, { attributes: { ...attributes }, kind }, context));
    },
    async close() {
      await Promise.race([
        provider.shutdown().catch(() => {}),
        new Promise<void>((resolve) => {
          setTimeout(resolve, options.closeTimeoutMs ?? closeTimeoutMs).unref();
        }),
      ]);
    },
  };
}

function toOpenSpan(span: ApiSpan): OpenSpan {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return {
    traceId,
    traceParent: `00-${traceId}-${spanId}-0${traceFlags & TraceFlags.SAMPLED}`,
    set: (attributes) => void span.setAttributes({ ...attributes }),
    end(error) {
      if (error !== undefined) {
        const failure =
          error instanceof Error ? error : new Error("rejected with no Error", { cause: error });
        span.recordException(failure);
        span.setStatus({ code: SpanStatusCode.ERROR, message: failure.message });
      }
      span.end();
    },
  };
}

/** An address without a path is the collector's; the path is then the one of the OTLP specification. */
function tracesUrl(endpoint: string): string {
  const url = new URL(endpoint);
  if (url.pathname === "/") url.pathname = "/v1/traces";
  return url.href;
}

/** `@opentelemetry/resources` would be one more dependency, in a second version, for this. */
function describeResource(options: CollectorOptions): NonNullable<TracerProviderOptions["resource"]> {
  const attributes = { "service.name": options.service, "service.version": options.version };
  const resource: NonNullable<TracerProviderOptions["resource"]> = {
    attributes,
    merge: () => resource,
    getRawAttributes: () => Object.entries(attributes),
  };
  return resource;
}
