import type { ScriptedAnswer, ScriptedRequest, ScriptedUsage } from "../model-script.ts";

export interface ProtocolCall {
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** One way of speaking to models, as its provider documents it. */
export interface Protocol {
  /** First part of the path. */
  readonly name: string;
  readonly streamType: string;
  /** The key that was sent. */
  key(headers: Readonly<Record<string, string | string[] | undefined>>): string;
  /** Null: a probe, which is answered with 200 unless the model's name says otherwise. */
  read(call: ProtocolCall): ScriptedRequest | null;
  /** The model that a probe asks about. */
  probed(call: ProtocolCall): string;
  probeAnswer?(model: string): unknown;
  whole(answer: ScriptedAnswer): unknown;
  /** Frames of a stream, the last ones saying that it is over; `isEmpty` answers have no text at all. */
  frames(answer: ScriptedAnswer): readonly string[];
  /** Frames that belong to the end and are missing in a truncated stream. */
  readonly closingFrames: number;
  /** Says in the middle of a stream that something is wrong. */
  errorFrame(message: string): string;
  vectors(vectors: readonly (readonly number[])[], usage: ScriptedUsage | null): unknown;
  error(status: number, message: string, retryMs: number | null): unknown;
}

export function sse(data: unknown, event?: string): string {
  return `${event === undefined ? "" : `event: ${event}\n`}data: ${JSON.stringify(data)}\n\n`;
}

export function bearer(headers: Readonly<Record<string, string | string[] | undefined>>): string {
  return String(headers["authorization"] ?? "").replace(/^Bearer /, "");
}

/** In two pieces, so that there is a middle. */
export function pieces(text: string): readonly string[] {
  const middle = Math.ceil(text.length / 2);
  return [text.slice(0, middle), text.slice(middle)].filter((piece) => piece !== "");
}

/** Text of a message whose content is a string or a list of parts. */
export function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  return (content as readonly { readonly text?: string }[]).map((part) => part.text ?? "").join("");
}
