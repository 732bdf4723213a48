/** Counters and durations of this process, for `/metrics`. Labels have few values: never ids, never addresses. */
export interface Metrics {
  count(name: CounterName, labels?: MetricLabels, by?: number): void;
  observe(name: DurationName, seconds: number, labels?: MetricLabels): void;
  set(name: GaugeName, value: number, labels?: MetricLabels): void;
  /** Prometheus text format. */
  text(): Promise<string>;
}

export type MetricLabels = Readonly<Record<string, string>>;

export const counters = {
  jobs_started_total: { help: "Attempts that workers began.", labels: ["kind"] },
  jobs_finished_total: { help: "Attempts by how they ended.", labels: ["kind", "outcome"] },
  jobs_accepted_total: { help: "Jobs that were stored.", labels: ["kind"] },
  requests_refused_total: { help: "Requests refused to protect the server.", labels: ["reason"] },
  llm_calls_total: {
    help: "Calls at models by how they ended.",
    labels: ["task", "provider", "model", "purpose", "outcome"],
  },
  llm_tokens_total: { help: "Tokens by kind.", labels: ["provider", "model", "kind"] },
  llm_cost_usd_total: { help: "Cost of the calls whose price is known.", labels: ["provider", "model"] },
  llm_cool_downs_total: { help: "Times that a model was left alone.", labels: ["provider", "model"] },
} as const;

export const durations = {
  job_duration_seconds: {
    help: "Time from an attempt's start to its end.",
    labels: ["kind", "outcome"],
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900, 3600],
  },
  job_wait_seconds: {
    help: "Time from a job's acceptance (or its back-off's end) to an attempt's start.",
    labels: ["kind"],
    buckets: [0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300, 1800],
  },
  http_request_duration_seconds: {
    help: "Time from a request's arrival to the end of its answer, streams aside.",
    labels: ["method", "route", "status"],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
  },
  llm_call_duration_seconds: {
    help: "Time of one call at a model.",
    labels: ["provider", "model"],
    buckets: [0.1, 0.5, 1, 2.5, 5, 10, 20, 40, 60, 120, 300, 600],
  },
  database_query_duration_seconds: {
    help: "Time of one statement, waiting for a connection included.",
    labels: [],
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5],
  },
} as const;

export const gauges = {
  jobs: { help: "Jobs by status.", labels: ["kind", "status"] },
  oldest_waiting_seconds: { help: "Age of the oldest job that could start.", labels: [] },
  workers: { help: "Workers that gave a sign of life.", labels: [] },
  streams: { help: "Event streams open in this process.", labels: [] },
} as const;

export type CounterName = keyof typeof counters;
export type DurationName = keyof typeof durations;
export type GaugeName = keyof typeof gauges;
