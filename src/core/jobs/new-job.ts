import { createHash, randomBytes } from "node:crypto";
import { v7 as uuidv7 } from "uuid";
import { z } from "zod";
import { AppError } from "../../base/errors.ts";
import type { JobDefinition, JobDefinitions, StartContext, StartRequest } from "../../contracts/job.ts";
import { describeSource } from "../repositories/describe-source.ts";
import type { NewJob } from "./store-jobs.ts";

const maxRevLength = 1_000;
const maxKeyLength = 255;
/** In JSON text that `JSON.stringify` made. A backslash before it would itself be written twice. */
const unstorable = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/;

/** Checks a request against its kind. @throws AppError as `Jobs.start` */
export function toNewJob(
  request: StartRequest,
  context: StartContext,
  kinds: JobDefinitions,
  protocols: readonly string[],
): NewJob {
  const definition = kinds.get(request.kind);
  if (!definition)
    throw new AppError(
      "kind-unknown",
      `There is no kind of job ${JSON.stringify(request.kind).slice(0, 100)}; there are: ${[...kinds.keys()].join(", ")}.`,
    );
  const options = parseOptions(definition, request.options);
  const source = request.source ?? null;
  const rev = request.rev ?? null;
  if (definition.needsSource && source === null)
    throw new AppError("request-invalid", `A job of kind ${definition.kind} needs a source.`);
  if (rev !== null && (rev === "" || rev.length > maxRevLength))
    throw new AppError("request-invalid", `rev has ${rev.length} characters; it takes 1 to ${maxRevLength}.`);
  if (unstorable.test(JSON.stringify([rev, options])))
    throw new AppError("request-invalid", "NUL and half characters (lone surrogates) cannot be stored.");
  const key = context.delivery?.key;
  if (key !== undefined && (key === "" || key.length > maxKeyLength))
    throw new AppError("request-invalid", `An Idempotency-Key has 1 to ${maxKeyLength} characters.`);
  const described = source === null ? null : describeSource(source, { ...context, protocols });
  const plain = { source: described?.source ?? null, rev };
  return {
    id: uuidv7(),
    kind: definition.kind,
    caller: context.caller,
    repository: described && { id: uuidv7(), ...described },
    rev,
    options,
    dedupeKey: definition.dedupeKey(plain, options),
    priority: request.priority ?? definition.priority,
    maxAttempts: definition.attempts,
    requestId: context.requestId ?? null,
    // A job that no request asked for begins a trace of its own.
    traceParent: context.traceParent ?? createTraceParent(),
    delivery: context.delivery
      ? { ...context.delivery, bodyHash: hashRequest(definition.kind, plain, options, request.priority) }
      : null,
    delayMs: 0,
  };
}

function parseOptions(definition: JobDefinition, options: unknown): unknown {
  const parsed = definition.options.safeParse(options ?? {});
  if (parsed.success) return parsed.data;
  throw new AppError(
    "request-invalid",
    `The options do not fit ${definition.kind}: ${z.prettifyError(parsed.error).replaceAll(/\s*\n\s*/g, " ")}`,
  );
}

function hashRequest(...parts: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}

function createTraceParent(): string {
  return `00-${randomBytes(16).toString("hex")}-${randomBytes(8).toString("hex")}-00`;
}
