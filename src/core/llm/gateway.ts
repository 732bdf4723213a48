import { AppError, isAppError } from "../../base/errors.ts";
import type {
  GatewayStatus,
  ModelAnswer,
  ModelCallOptions,
  ModelEvent,
  ModelGateway,
  ModelRequest,
} from "../../contracts/model-gateway.ts";
import { embedTexts } from "./embed.ts";
import type { GatewayPorts } from "./gateway-ports.ts";
import { generateAnswer } from "./generate.ts";
import { createModelDirectory } from "./model-directory.ts";
import { orAbort } from "./or-abort.ts";
import { createResponseCache } from "./response-cache.ts";
import { readStatus } from "./status.ts";

/** A probe's answer is good for so long: health checks come every few seconds from several sides. */
const statusAgeMs = 10_000;

/** The way to all models. */
export function createModelGateway(given: GatewayPorts): ModelGateway {
  const directory = createModelDirectory(given);
  const ports: GatewayPorts = { ...given, secrets: directory.secrets };
  const cache = createResponseCache(ports.cache, ports.config["llm.cache_age"], ports.now);
  let status: { readonly at: number; readonly answer: Promise<GatewayStatus> } | null = null;

  const generate = <T>(request: ModelRequest<T>, options: ModelCallOptions): Promise<ModelAnswer<T>> =>
    orCancelled(options.signal, generateAnswer(ports, directory, cache, request, options));

  return {
    availability: (task, modelOverride) => directory.availability(task, modelOverride),
    generate,
    stream: (request, options) =>
      toStream((onEvent, signal) => generate(request, { ...options, onEvent, signal }), options.signal),
    embed: (request, options) => orCancelled(options.signal, embedTexts(ports, directory, request, options)),
    contextWindow: async (task, signal, modelOverride) =>
      orCancelled(signal, orAbort(directory.windowOf(directory.chain(task, modelOverride)[0]!), signal)),
    status() {
      // Shared by all who ask meanwhile, so that none of them can end it for the others.
      if (status === null || ports.now() - status.at > statusAgeMs)
        status = { at: ports.now(), answer: readStatus(ports, directory, new AbortController().signal) };
      return status.answer;
    },
  };
}

/** A signal's reason may be anything; ours says what happened. */
async function orCancelled<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!signal.aborted || isAppError(error)) throw error;
    throw new AppError("cancelled", "The question to the model was cancelled.", {}, error);
  }
}

function toStream<T>(
  run: (onEvent: (event: ModelEvent) => void, signal: AbortSignal) => Promise<ModelAnswer<T>>,
  signal: AbortSignal,
): { readonly events: AsyncIterable<ModelEvent>; readonly result: Promise<ModelAnswer<T>> } {
  const waiting: ModelEvent[] = [];
  const leaving = new AbortController();
  let isOver = false;
  let wake = (): void => {};
  const result = run(
    (event) => {
      waiting.push(event);
      wake();
    },
    AbortSignal.any([signal, leaving.signal]),
  ).finally(() => {
    isOver = true;
    wake();
  });
  // Whoever reads only the events learns of a failure from `result`, whenever they look.
  result.catch(() => {});
  async function* read(): AsyncGenerator<ModelEvent> {
    try {
      for (;;) {
        yield* waiting.splice(0);
        if (waiting.length > 0) continue;
        if (isOver) return;
        await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      // Nobody listens any more: the model need not go on.
      if (!isOver) leaving.abort();
    }
  }
  return { events: read(), result };
}
