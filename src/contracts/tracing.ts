/** W3C trace context of something under way, e.g. `00-<32 hex>-<16 hex>-01`. */
export type TraceParent = string;

export interface Span {
  readonly traceId: string;
  readonly traceParent: TraceParent;
  set(attributes: SpanAttributes): void;
}

export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

/** Traces: always given ids, sent only where a collector is configured. */
export interface Tracing {
  /** Runs `work` inside a new span, below `parent` (else below the one under way here, else as a root). A rejection marks the span as failed. */
  span<T>(
    name: string,
    options: { readonly parent?: TraceParent | null; readonly attributes?: SpanAttributes },
    work: (span: Span) => Promise<T>,
  ): Promise<T>;
  /** The span under way where this is called. */
  current(): Span | null;
  close(): Promise<void>;
}
