import { type ErrorCode, isAppError, toAppError } from "../../base/errors.ts";
import { type GatewayStatus, type ModelState, modelTasks } from "../../contracts/model-gateway.ts";
import type { Candidate } from "./connections.ts";
import { failureCodes, toFailure } from "./failure.ts";
import type { GatewayPorts } from "./gateway-ports.ts";
import type { ModelDirectory } from "./model-directory.ts";
import { chainOf, showModel } from "./model-names.ts";
import { withoutSecrets } from "./place-call.ts";

const probeTimeoutMs = 4_000;
const mostBody = 4_000;

/** Asks the provider of every configured model whether it is there. Costs nothing; takes a few seconds at most. */
export async function readStatus(
  ports: GatewayPorts,
  directory: ModelDirectory,
  signal: AbortSignal,
): Promise<GatewayStatus> {
  const { config } = ports;
  if (!config["llm.enabled"])
    return { status: "disabled", message: "Models are switched off (llm.enabled).", models: [] };
  const tasksOf = new Map<string, string[]>();
  for (const task of modelTasks)
    for (const model of namesOf(config["llm.models"], task))
      tasksOf.set(model, [...(tasksOf.get(model) ?? []), task]);
  if (tasksOf.size === 0)
    return {
      status: "not-configured",
      message: "No model is configured (llm.models). What needs no model still works.",
      models: [],
    };
  const cooling = await readCoolDowns(ports);
  const models = await Promise.all(
    [...tasksOf].map(async ([model, tasks]) => ({
      ...(await stateOf(ports, directory, model, cooling.get(model) ?? null, signal)),
      tasks,
    })),
  );
  const isAnswering = models.some((model) => model.isAnswering);
  return {
    status: isAnswering ? "answering" : "unavailable",
    message: isAnswering ? null : "No configured model can be reached.",
    models,
  };
}

/** Also what is misspelt is shown, as what it is. */
function namesOf(
  chains: Parameters<typeof chainOf>[0],
  task: (typeof modelTasks)[number],
): readonly string[] {
  try {
    return chainOf(chains, task).map(showModel);
  } catch {
    return chains[task] ?? chains["default"] ?? [];
  }
}

async function stateOf(
  ports: GatewayPorts,
  directory: ModelDirectory,
  model: string,
  coolingMs: number | null,
  signal: AbortSignal,
): Promise<Omit<ModelState, "tasks">> {
  const startedAt = performance.now();
  const state = (
    code: ErrorCode | null,
    message: string | null,
    contextWindow: number | null = null,
  ): Omit<ModelState, "tasks"> => ({
    model,
    isAnswering: code === null,
    code,
    message,
    contextWindow,
    durationMs: Math.round(performance.now() - startedAt),
  });
  try {
    const candidate = directory.chain("ask", model)[0]!;
    if (coolingMs !== null)
      return state(
        "model-overloaded",
        `Left alone for another ${Math.ceil(coolingMs / 1000)} s after failures.`,
      );
    const problem = await probe(
      ports,
      candidate,
      AbortSignal.any([signal, AbortSignal.timeout(probeTimeoutMs)]),
    );
    if (problem) return state(problem.code, problem.message);
    return state(null, null, await directory.windowOf(candidate));
  } catch (error) {
    const { code, message } = toAppError(error);
    return state(isAppError(error) ? code : "model-unavailable", message);
  }
}

async function probe(
  { now, secrets }: GatewayPorts,
  { provider, model, connection }: Candidate,
  signal: AbortSignal,
): Promise<{ readonly code: ErrorCode; readonly message: string } | null> {
  try {
    const response = await provider.probe(model.name, connection, signal);
    const responseBody = (await response.text()).slice(0, mostBody);
    if (response.ok) return null;
    const failure = withoutSecrets(
      toFailure({ name: "Probe", statusCode: response.status, responseBody }, now()),
      secrets,
    );
    return { code: failureCodes[failure.kind], message: failure.message };
  } catch (error) {
    if (signal.aborted)
      return { code: "model-unavailable", message: "The provider does not answer in time." };
    return { code: "model-unavailable", message: toFailure(error, now()).message };
  }
}

async function readCoolDowns({ ledger, log }: GatewayPorts): Promise<ReadonlyMap<string, number>> {
  try {
    const models = await (await ledger()).coolDowns();
    return new Map(models.map(({ provider, model, waitMs }) => [`${provider}/${model}`, waitMs]));
  } catch (error) {
    log.warn("it is not known which models are left alone", { error });
    return new Map();
  }
}
