import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { faultOf } from "./model-faults.ts";
import { anthropic } from "./model-protocols/anthropic.ts";
import { createChat } from "./model-protocols/chat.ts";
import { gemini } from "./model-protocols/gemini.ts";
import { ollama } from "./model-protocols/ollama.ts";
import { pieces, type Protocol } from "./model-protocols/protocol.ts";
import { responses } from "./model-protocols/responses.ts";
import { answerTo, usageOf, vectorOf, type ScriptedAnswer, type ScriptedRequest } from "./model-script.ts";
import type { ServedCall } from "./model-server.ts";

/** Scripted models in a process of their own: five protocols, and a log of every call. */
const protocols: readonly Protocol[] = [
  ollama,
  createChat("compatible", () => null),
  createChat("openrouter", ({ usage }) => (usage ? usage.output / 1_000 : null)),
  responses,
  anthropic,
  gemini,
];
const goodKey = "good-key-0123456789";
const shortWaitMs = 30;
const log: ServedCall[] = [];
const counts = new Map<string, number>();

const server = createServer((request, response) => {
  void handle(request, response).catch((error: unknown) => response.destroy(error as Error));
});
server.listen(0, "127.0.0.1", () => process.send!({ port: (server.address() as AddressInfo).port }));
process.once("disconnect", () => process.exit(0));

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url!, "http://x");
  if (url.pathname === "/admin/log") return sendJson(response, 200, log);
  const protocol = protocols.find(({ name }) => url.pathname.startsWith(`/${name}/`));
  if (!protocol) return sendJson(response, 404, { error: "nobody speaks this" });
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += chunk;
  const call = { path: url.pathname, body: text === "" ? {} : (JSON.parse(text) as Record<string, unknown>) };
  const asked = protocol.read(call);
  const key = protocol.key(request.headers);
  if (
    key !== goodKey &&
    protocol.name !== "ollama" &&
    protocol.name !== "compatible" &&
    !url.pathname.endsWith("/endpoints")
  )
    return sendJson(response, 401, protocol.error(401, "Invalid key.", null));
  if (asked === null) return probe(protocol, protocol.probed(call), response);
  const entry: ServedCall = {
    protocol: protocol.name,
    model: asked.model,
    system: asked.system,
    messages: asked.messages,
    inputs: asked.inputs,
    isStreamed: asked.isStreamed,
    maxTokens: asked.maxTokens,
    body: call.body,
    usage: null,
  };
  log.push(entry);
  await new Answering(protocol, asked, entry, response, key).run();
}

function probe(protocol: Protocol, model: string, response: ServerResponse): void {
  const fault = faultOf(model)?.fault;
  if (fault === "silent") return;
  if (fault && /^\d{3}/.test(fault)) {
    const status = Number(fault.slice(0, 3));
    return sendJson(response, status, protocol.error(status, `It answers ${status}.`, null));
  }
  sendJson(response, 200, protocol.probeAnswer?.(model) ?? { name: model });
}

class Answering {
  readonly protocol: Protocol;
  readonly asked: ScriptedRequest;
  readonly entry: ServedCall;
  readonly response: ServerResponse;
  readonly fault: string;
  readonly key: string;

  constructor(
    protocol: Protocol,
    asked: ScriptedRequest,
    entry: ServedCall,
    response: ServerResponse,
    key: string,
  ) {
    this.protocol = protocol;
    this.asked = asked;
    this.entry = entry;
    this.response = response;
    this.key = key;
    const named = faultOf(asked.model);
    const counted = `${protocol.name}/${asked.model}`;
    const before = counts.get(counted) ?? 0;
    counts.set(counted, before + 1);
    this.fault = named && before < named.times ? named.fault : "";
  }

  async run(): Promise<void> {
    const { fault, response, protocol } = this;
    if (/^\d{3}/.test(fault)) return this.refuse(Number(fault.slice(0, 3)));
    if (fault === "reset-before") return void response.destroy();
    if (fault === "hang") return;
    if (fault === "redirect") return void response.writeHead(302, { location: "http://127.0.0.1:1/" }).end();
    if (fault === "html") return this.send(200, "text/html", "<!doctype html><title>Bad gateway</title>");
    if (fault === "bad-json") return this.send(200, this.type(), '{"half": ');
    if (this.asked.inputs) return this.sendVectors(this.asked.inputs);
    const answer = this.answer();
    const isTold = !["reset-mid", "drip", "hang-mid", "truncated", "error-mid", "bad-line"].includes(fault);
    if (isTold) this.entry.usage = answer.usage;
    if (!this.asked.isStreamed) return this.sendWhole(answer);
    const frames = protocol.frames(answer);
    response.writeHead(200, { "content-type": protocol.streamType });
    if (fault === "drip") {
      const drop = frames.findIndex((frame) =>
        frame.includes(JSON.stringify(pieces(answer.text)[0]).slice(1, -1)),
      );
      response.write(frames.slice(0, drop).join(""));
      return this.drip(frames[drop]!);
    }
    // The last but the closing ones: the middle of the answer.
    const middle = frames.length - protocol.closingFrames;
    const early = frames.slice(0, Math.max(1, middle));
    if (["reset-mid", "hang-mid", "truncated", "error-mid", "bad-line"].includes(fault)) {
      response.write(early.join(""));
      await sleep(20);
      if (fault === "reset-mid") response.destroy();
      else if (fault === "truncated") response.end();
      else if (fault === "error-mid") response.end(protocol.errorFrame("Overloaded"));
      else if (fault === "bad-line")
        response.end(protocol === ollama ? "{nonsense\n" : "data: {nonsense\n\n");
      return;
    }
    for (const frame of frames) {
      response.write(frame);
      await sleep(1);
    }
    response.end();
  }

  answer(): ScriptedAnswer {
    const { fault, asked } = this;
    const whole = answerTo(asked);
    const text =
      fault === "malformed-object"
        ? '{"other": true}'
        : fault === "half-object"
          ? whole.slice(0, Math.ceil(whole.length / 2))
          : fault === "blank"
            ? "  "
            : fault === "length"
              ? whole.slice(0, Math.ceil(whole.length / 2))
              : whole;
    return {
      model: asked.model,
      text,
      finish: fault === "length" ? "length" : fault === "filter" ? "filter" : "stop",
      usage: fault === "no-usage" ? null : usageOf(asked, text),
      isEmpty: fault === "empty",
    };
  }

  sendWhole(answer: ScriptedAnswer): void {
    const { fault, response } = this;
    const text = JSON.stringify(this.protocol.whole(answer));
    const half = text.slice(0, Math.floor(text.length / 2));
    if (["reset-mid", "hang-mid", "drip"].includes(fault)) {
      response.writeHead(200, { "content-type": "application/json" });
      response.write(half);
      if (fault === "reset-mid") setTimeout(() => response.destroy(), 20);
      if (fault === "drip") void this.drip(" ");
    } else if (fault === "truncated") this.send(200, "application/json", half);
    else if (fault === "bad-line") this.send(200, "application/json", `${half}}`);
    else if (fault === "error-mid")
      this.send(503, "application/json", JSON.stringify(this.protocol.error(503, "Overloaded", null)));
    else this.send(200, "application/json", text);
  }

  sendVectors(inputs: readonly string[]): void {
    const { fault, asked } = this;
    const vectors = inputs.map(vectorOf);
    if (fault === "few-vectors") vectors.pop();
    if (fault === "odd-vector") vectors.splice(0, 1, [1, 2, 3]);
    if (fault === "no-numbers") vectors.splice(0, 1, [null, null, null, null] as unknown as number[]);
    const usage =
      fault === "no-usage"
        ? null
        : {
            ...usageOf({ ...asked, messages: inputs.map((text) => ({ role: "user", text })) }, ""),
            output: 0,
          };
    this.entry.usage = this.protocol === gemini || fault !== "" ? null : usage;
    this.send(200, "application/json", JSON.stringify(this.protocol.vectors(vectors, usage)));
  }

  refuse(status: number): void {
    const { fault, protocol } = this;
    const what = fault.slice(4);
    const messages: Readonly<Record<string, string>> = {
      echo: `The key ${this.key} is not for this.`,
      overflow:
        "This model's maximum context length is 100 tokens. Please reduce the length of the messages.",
      filter: "The response was filtered due to the prompt triggering our content management policy.",
      quota: "You exceeded your current quota, please check your plan and billing details.",
    };
    const retryMs = what === "body" ? shortWaitMs : null;
    const headers: Record<string, string> =
      what === "header"
        ? { "retry-after": String(shortWaitMs / 1000) }
        : what === "long"
          ? { "retry-after": "3600" }
          : {};
    const body = protocol.error(status, messages[what] ?? `It answers ${status}.`, retryMs);
    this.send(status, "application/json", JSON.stringify(body), headers);
  }

  async drip(drop: string): Promise<void> {
    for (let drops = 0; drops < 400 && !this.response.destroyed; drops++) {
      this.response.write(drop);
      await sleep(25);
    }
  }

  type(): string {
    return this.asked.isStreamed ? this.protocol.streamType : "application/json";
  }

  send(status: number, type: string, text: string, headers: Readonly<Record<string, string>> = {}): void {
    this.response.writeHead(status, { "content-type": type, ...headers }).end(text);
  }
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
