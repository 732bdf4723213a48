/** Longer waits are taken for this: nobody waits a day for an answer. */
const mostMs = 60 * 60_000;

/** How long a provider asks us to wait, by a header or in the body of its refusal; null when it does not say. */
export function readRetryAfter(
  headers: Readonly<Record<string, string | undefined>>,
  body: string,
  now: number,
): number | null {
  const found =
    toMs(headers["retry-after-ms"], 1) ??
    toMs(headers["retry-after"], 1_000) ??
    untilDate(headers["retry-after"], now) ??
    inBody(body);
  return found === null ? null : Math.min(mostMs, Math.max(0, Math.ceil(found)));
}

function toMs(text: string | undefined, unitMs: number): number | null {
  return text !== undefined && /^\d+(\.\d+)?$/.test(text.trim()) ? Number(text) * unitMs : null;
}

function untilDate(text: string | undefined, now: number): number | null {
  const date = text === undefined ? NaN : Date.parse(text);
  return Number.isNaN(date) ? null : date - now;
}

/** Gemini: `"retryDelay": "17s"`; others: `"retry_after": 3`, `"retry_after_ms": 300`, or in words, `try again in 1.2s`. */
function inBody(body: string): number | null {
  const delay = /"retry_?delay"\s*:\s*"(\d+(?:\.\d+)?)s"/i.exec(body);
  if (delay) return Number(delay[1]) * 1_000;
  const field = /"retry_after(_ms)?"\s*:\s*"?(\d+(?:\.\d+)?)/i.exec(body);
  if (field) return Number(field[2]) * (field[1] ? 1 : 1_000);
  const words = /\b(?:try again|retry) (?:in|after) (?:(\d+)m)?(\d+(?:\.\d+)?) ?(ms|s)\b/i.exec(body);
  if (!words) return null;
  return Number(words[1] ?? 0) * 60_000 + Number(words[2]) * (words[3] === "ms" ? 1 : 1_000);
}
