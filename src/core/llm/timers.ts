import { ModelFailure } from "./failure.ts";

export interface CallTimeouts {
  readonly wholeMs: number;
  readonly firstTokenMs: number;
  readonly idleMs: number;
}

export interface CallTimers {
  /** Aborted by the caller's signal, and with a `ModelFailure` when a time-out has passed. */
  readonly signal: AbortSignal;
  /** Something of the answer has come. */
  heard(): void;
  stop(): void;
}

/** Watches one call. An answer that comes in one piece has only the whole time. */
export function startTimers(timeouts: CallTimeouts, isStreamed: boolean, signal: AbortSignal): CallTimers {
  const stopping = new AbortController();
  const after = (milliseconds: number, what: string): NodeJS.Timeout =>
    setTimeout(() => stopping.abort(timedOut(`${what} ${describeMs(milliseconds)}`)), milliseconds);
  const whole = after(timeouts.wholeMs, "no whole answer within");
  let silence = isStreamed ? after(timeouts.firstTokenMs, "nothing of the answer within") : null;
  return {
    signal: AbortSignal.any([signal, stopping.signal]),
    heard() {
      if (silence === null) return;
      clearTimeout(silence);
      silence = after(timeouts.idleMs, "silence in the middle of the answer for");
    },
    stop() {
      clearTimeout(whole);
      if (silence) clearTimeout(silence);
    },
  };
}

function timedOut(message: string): ModelFailure {
  return new ModelFailure({ kind: "timeout", status: null, retryAfterMs: null, message, mayCost: true });
}

function describeMs(milliseconds: number): string {
  return milliseconds < 10_000 ? `${milliseconds} ms` : `${Math.round(milliseconds / 1000)} s`;
}
