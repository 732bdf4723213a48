import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createChat } from "./model-protocols/chat.ts";
import { type ScriptedRequest, usageOf } from "./model-script.ts";

/** Which of a review's questions is asked, by the words of its system prompt. */
export type ReviewQuestion = "findings" | "check" | "summary";

export interface ScriptedReply {
  /** An object is sent as JSON. */
  readonly say?: unknown;
  readonly status?: number;
  readonly finish?: "stop" | "length" | "filter";
  readonly isEmpty?: boolean;
  /** Never answers, or not before. */
  readonly hangs?: boolean;
  readonly delayMs?: number;
  readonly retryAfterSeconds?: number;
}

export interface AskedReview {
  readonly question: ReviewQuestion;
  readonly system: string;
  readonly user: string;
  /** How many tries of this answer were made before: 1 in the turn in which it is repaired. */
  readonly turn: number;
}

/** Answers each of a review's questions as a test says; real HTTP, the protocol of many servers. */
export async function startScriptedReviewer() {
  const plain = createChat("compatible", () => null);
  const priced = createChat("openrouter", ({ usage }) => (usage ? usage.output / 1_000 : null));
  const asked: AskedReview[] = [];
  let script: (asked: AskedReview) => ScriptedReply = () => ({ say: {} });
  const server = createServer((request, response) => {
    let text = "";
    request.setEncoding("utf8").on("data", (piece: string) => (text += piece));
    request.on("end", () => {
      const chat = request.url!.startsWith("/openrouter") ? priced : plain;
      const read = chat.read({
        path: request.url!,
        body: JSON.parse(text || "{}") as Record<string, unknown>,
      });
      const send = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): void => {
        response
          .writeHead(status, { "content-type": "application/json", ...headers })
          .end(JSON.stringify(body));
      };
      if (read === null) return send(200, { data: [] });
      const one = describeQuestion(read);
      asked.push(one);
      const { say = "", status = 200, finish = "stop", isEmpty = false, ...faults } = script(one);
      const { retryAfterSeconds: wait } = faults;
      if (faults.hangs) return;
      if (status !== 200)
        return send(
          status,
          chat.error(status, `It answers ${status}.`, null),
          wait === undefined ? {} : { "retry-after": String(wait) },
        );
      const answer = typeof say === "string" ? say : JSON.stringify(say);
      const usage = usageOf(read, answer);
      setTimeout(
        () => send(200, chat.whole({ model: read.model, text: answer, finish, usage, isEmpty })),
        faults.delayMs ?? 0,
      );
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    addresses: `compatible=${url}/compatible/v1,openrouter=${url}/openrouter/v1`,
    keys: "openrouter=any-key-0123456789",
    answer(next: (asked: AskedReview) => ScriptedReply): void {
      script = next;
      asked.length = 0;
    },
    asked: (): readonly AskedReview[] => asked,
    /** Breaks every connection, those that hang too. */
    drop: () => server.closeAllConnections(),
    async close(): Promise<void> {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

function describeQuestion({ system, messages }: ScriptedRequest): AskedReview {
  const question = system.startsWith("Another reviewer")
    ? "check"
    : system.startsWith("You describe")
      ? "summary"
      : "findings";
  const mine = messages.filter(({ role }) => role === "user");
  return { question, system, user: mine[0]!.text, turn: mine.length - 1 };
}
