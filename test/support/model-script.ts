/** What a scripted model is asked and what it answers: the answer is a function of the request's content. */
export interface ScriptedRequest {
  readonly model: string;
  readonly system: string;
  readonly messages: readonly { readonly role: string; readonly text: string }[];
  readonly isStreamed: boolean;
  readonly maxTokens: number | null;
  /** Texts to be turned into vectors instead. */
  readonly inputs: readonly string[] | null;
}

export interface ScriptedUsage {
  readonly input: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly output: number;
}

export interface ScriptedAnswer {
  readonly model: string;
  readonly text: string;
  readonly finish: "stop" | "length" | "filter";
  /** Null: it is not told. */
  readonly usage: ScriptedUsage | null;
  readonly isEmpty: boolean;
}

/**
 * `echo: x` → x; `json: {…}` anywhere → that; `again: x` anywhere, in a second turn → x; else what was asked, so that a
 * wrong prompt shows.
 */
export function answerTo(request: ScriptedRequest): string {
  const said = request.messages.filter(({ role }) => role !== "assistant").map(({ text }) => text);
  const json = said.map((text) => /^json: (.*)$/m.exec(text)?.[1]).find((found) => found !== undefined);
  if (json !== undefined) return json;
  const last = said.at(-1) ?? "";
  const echo = /^echo: ([\s\S]*)$/m.exec(last)?.[1];
  const again = said.length > 1 ? /^again: (.*)$/m.exec(said.join("\n"))?.[1] : undefined;
  return echo ?? again ?? `asked ${last.split(/\s+/).length} words: ${last.slice(0, 60)}`;
}

/** Words for tokens. A system prompt with `[keep]` is written to the provider's cache, with `[kept]` it is read from there. */
export function usageOf(request: ScriptedRequest, answer: string): ScriptedUsage {
  const words = (text: string): number => text.split(/\s+/).filter((word) => word !== "").length;
  const system = words(request.system);
  const rest = request.messages.reduce((sum, { text }) => sum + words(text), 0);
  return {
    input: rest + (/\[keep\]|\[kept\]/.test(request.system) ? 0 : system),
    cacheRead: request.system.includes("[kept]") ? system : 0,
    cacheWrite: request.system.includes("[keep]") ? system : 0,
    output: words(answer),
  };
}

/** Of four dimensions: a function of the text. */
export function vectorOf(text: string): number[] {
  let sum = 7;
  for (const letter of text) sum = (sum * 31 + letter.codePointAt(0)!) % 9_973;
  return [text.length, sum / 9_973, (sum % 101) / 101, 1];
}
