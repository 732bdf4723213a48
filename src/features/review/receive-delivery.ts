import { AppError, isAppError } from "../../base/errors.ts";
import type { HostDefinition, HostEvent, HostId } from "../../contracts/code-host.ts";
import type { StartContext } from "../../contracts/job.ts";
import type { RouteRequest } from "../../contracts/route.ts";
import type { Services } from "../../contracts/services.ts";
import { parsePlainPayload, plainActions, toPatch } from "./plain-payload.ts";
import { readDeliveryBody } from "./read-delivery-body.ts";

/** What became of a delivery. */
export interface Receipt {
  /** Whether there is a job for it, new or not. */
  readonly accepted: boolean;
  readonly jobId: string | null;
  /** Why nothing new was started. */
  readonly reason: string | null;
}

/**
 * Takes in what a host sent to us: first whether it is signed, then what it says. When this resolves, what follows from
 * it is stored. @throws AppError `webhook-refused`, `webhook-invalid`, and those of `Jobs.start`
 */
export async function receiveDelivery(request: RouteRequest, expected: HostId | null): Promise<Receipt> {
  const { services, headers, rawBody } = request;
  const definitions = await services.codeHosts.definitions();
  const sender = definitions.find((each) => each.recognises(headers));
  const definition = expected === null ? sender : definitions.find((each) => each.id === expected)!;
  assertTrusted(request, definition);
  if (expected !== null && sender !== definition)
    throw new AppError(
      "webhook-invalid",
      `These are not the headers of a delivery of ${definition!.title}${sender ? `, but of ${sender.title}` : ""}.`,
    );
  const payload = readDeliveryBody(rawBody, headers["content-type"]);
  const context: StartContext = {
    caller: definition?.id ?? request.caller.name,
    requestId: request.requestId,
    traceParent: services.tracing.current()?.traceParent ?? null,
    allowsLocalSources: false,
  };
  if (definition === undefined) return startPlain(payload, context, services);
  const key = definition.deliveryKey(headers);
  const event = definition.read(headers, payload);
  try {
    return await follow(event, { definition, key, context, services });
  } catch (error) {
    // What no job can be made of will not be otherwise when the host sends it again.
    if (isAppError(error, "source-invalid", "source-refused", "request-invalid", "idempotency-mismatch"))
      return ignore(error.message);
    throw error;
  }
}

/** @throws AppError `webhook-refused` */
function assertTrusted(
  { services, headers, rawBody, caller, server }: RouteRequest,
  definition: HostDefinition | undefined,
): void {
  const secrets = definition ? services.codeHosts.secretsOf(definition.id) : [];
  if (definition && secrets.length > 0) {
    if (definition.verify({ headers, body: rawBody }, secrets)) return;
    throw new AppError(
      "webhook-refused",
      `The signature of the delivery is missing, or was not made with a secret of ${definition.title} (webhooks.secrets).`,
    );
  }
  if (server.trustsMachine || (!definition && caller.name !== "anonymous")) return;
  throw new AppError(
    "webhook-refused",
    definition
      ? `No secret of ${definition.title} is set (webhooks.secrets), so nobody can tell who sent this.`
      : "Without a host's signature this needs a token of this server.",
  );
}

async function follow(
  event: HostEvent,
  given: {
    readonly definition: HostDefinition;
    readonly key: string | null;
    readonly context: StartContext;
    readonly services: Services;
  },
): Promise<Receipt> {
  const { definition, key, context, services } = given;
  if (event.kind === "ping") return ignore("a ping; deliveries arrive");
  if (event.kind === "ignored") return ignore(event.reason);
  const platform = await services.platform();
  if (event.kind === "review" || event.kind === "end") {
    const news =
      event.kind === "end"
        ? event
        : { ...event, isForced: false, isPosted: services.codeHosts.isConfigured(definition.id) };
    const outcome = await platform.stores.pulls.receive(news, {
      deliveryKey: key,
      requestId: context.requestId ?? null,
      traceParent: context.traceParent ?? null,
    });
    return { accepted: outcome.jobId !== null, jobId: outcome.jobId, reason: outcome.reason };
  }
  const { kind, ...options } = event;
  const job = kind === "command" ? "review-command" : "review-thread";
  if (!(await services.jobKinds()).has(job)) return ignore("comments are not answered by this version");
  const { job: started, isNew } = await platform.jobs.start(
    { kind: job, options },
    { ...context, delivery: key === null ? undefined : { origin: definition.id, key } },
  );
  return { accepted: true, jobId: started.id, reason: isNew ? null : "this delivery came before" };
}

async function startPlain(payload: unknown, context: StartContext, services: Services): Promise<Receipt> {
  const { action = "opened", pull_request: pull } = parsePlainPayload(payload);
  if (!plainActions.has(action))
    return ignore(`${JSON.stringify(action)} of a pull request changes nothing in its code`);
  const patch = toPatch(pull.files);
  if (patch === "") return ignore("it names no files");
  const title = pull.title?.slice(0, 2_000).replaceAll("\0", "").toWellFormed() ?? null;
  const { jobs } = await services.platform();
  const { job } = await jobs.start({ kind: "review", options: { patch, title } }, context);
  return { accepted: true, jobId: job.id, reason: null };
}

function ignore(reason: string): Receipt {
  return { accepted: false, jobId: null, reason };
}
