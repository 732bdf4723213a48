/** How scripted models can fail. A model's name says how: `good~500` always, `good~500x1` the first time. */
export const faults = {
  "400-overflow": "400, the prompt is too long for the model",
  "400-other": "400, the request is wrong",
  "400-filter": "400, the prompt is held back by a filter",
  "401": "401, the key is wrong",
  "402": "402, no credit",
  "403": "403, the key may not",
  "404": "404, there is no such model",
  "408": "408",
  "413": "413, the request is too large",
  "422": "422",
  "429-header": "429, with Retry-After",
  "429-body": "429, with the wait in the JSON body",
  "429-none": "429, without a wait",
  "429-long": "429, with Retry-After of an hour",
  "429-quota": "429, the quota is used up",
  "500": "500",
  "502": "502",
  "503": "503",
  "529": "529, overloaded",
  "reset-before": "connection reset before the headers",
  "reset-mid": "connection reset in the middle",
  drip: "the answer comes in drips, without end",
  hang: "no answer at all",
  "hang-mid": "silence in the middle",
  truncated: "ends in the middle, politely",
  "error-mid": "says in the middle that it is overloaded",
  "bad-json": "a body that is no JSON",
  html: "200 with a page of HTML",
  "bad-line": "a line in the middle that is no JSON",
  empty: "no choices",
  blank: "an answer without a letter",
  "no-usage": "says nothing of tokens",
  length: "stops at the longest length",
  filter: "the answer is held back by a filter",
  redirect: "a redirect to another host",
  "malformed-object": "JSON that does not fit the schema",
  "half-object": "half a JSON value",
} as const;
export type Fault = keyof typeof faults;

/** Faults of vectors. */
export const vectorFaults = {
  "few-vectors": "one vector too few",
  "odd-vector": "a vector of another length",
  "no-numbers": "a vector of null",
} as const;
export type VectorFault = keyof typeof vectorFaults;

/** `good~500x1` → 500, 1 time. */
export function faultOf(model: string): { readonly fault: string; readonly times: number } | null {
  const match = /~([a-z0-9-]+?)(?:x(\d+))?(?:\.\d+)?$/.exec(model);
  return match ? { fault: match[1]!, times: match[2] === undefined ? Infinity : Number(match[2]) } : null;
}
