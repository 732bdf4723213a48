import { readPrompt } from "../../../core/llm/prompt.ts";
import { type ChangeUnit, formatDefinition, formatUnit, identifyUnit } from "./change-unit.ts";
import { type Fault, faultsSchema, keptFaultsSchema } from "./faults.ts";
import { fenceBlock } from "./fence.ts";
import { type LocatedQuote, locateQuote } from "./locate-quote.ts";
import type { ModelMemory } from "./model-memory.ts";
import { packUnits } from "./pack-units.ts";
import { type Budget, createQuestionKind, promptTokens } from "./prompt-budget.ts";
import type { Questions } from "./questions.ts";

/** Questions of one review; what they have no room for is not read. */
export const mostGroups = 8;
const mostFaults = 5;

export interface FaultSearch {
  readonly units: readonly ChangeUnit[];
  /** Ready to be shown; "" without. */
  readonly instructions: string;
  readonly budget: Budget;
  readonly secrets: readonly string[];
}

export interface FoundFault {
  readonly fault: Fault;
  readonly unit: ChangeUnit;
  /** Null: there is no such code in what was shown, or nobody knows which of several places is meant. */
  readonly located: LocatedQuote | null;
}

export interface FoundFaults {
  readonly faults: readonly FoundFault[];
  /** What no model read. */
  readonly unread: readonly ChangeUnit[];
  /** Of the first answer, also when it is an old one. */
  readonly model: string | null;
  /** Questions without a usable answer. */
  readonly failures: readonly string[];
}

function createFindingsKind() {
  return createQuestionKind(readPrompt(new URL("./prompts/findings.md", import.meta.url)), faultsSchema);
}

/** Tokens that blocks may take in one question. */
export function roomForUnits(budget: Budget, instructions: string, secrets: readonly string[]): number {
  return budget.promptTokens - promptTokens(createFindingsKind(), formatQuestion([], instructions), secrets);
}

/** Asks about what nobody asked about before; of the rest the old answers hold. */
export async function findFaults(
  { units, instructions, budget, secrets }: FaultSearch,
  memory: ModelMemory,
  questions: Questions,
  onGroup: (done: number, all: number) => void,
): Promise<FoundFaults> {
  const kind = createFindingsKind();
  const rules = [kind.system, kind.form.instruction, formatQuestion([], instructions)];
  const alike = new Map<string, number>();
  const keys = new Map(
    units.map((unit) => {
      const key = memory.keyOf(["findings", rules, identifyUnit(unit)]);
      const before = alike.get(key) ?? 0;
      alike.set(key, before + 1);
      // Two hunks may read the same, and each has its own answer.
      return [unit, before === 0 ? key : memory.keyOf([key, before])];
    }),
  );
  const faults: FoundFault[] = [];
  const fresh: ChangeUnit[] = [];
  const failures: string[] = [];
  let model: string | null = null;
  for (const unit of units) {
    const kept = memory.recall(keys.get(unit)!, keptFaultsSchema);
    if (kept === null) fresh.push(unit);
    else {
      model ??= kept.model;
      faults.push(...kept.faults.map((fault) => recallFault(fault, unit)));
    }
  }
  const room = roomForUnits(budget, instructions, secrets);
  const groups = packUnits(fresh, room);
  const unread = groups.slice(mostGroups).flat();
  const asked = groups.slice(0, mostGroups);
  for (const [at, group] of asked.entries()) {
    const user = formatQuestion(group, instructions);
    // What was packed fits; this holds whatever a later hand does to the packing.
    const reply =
      promptTokens(kind, user, secrets) > budget.promptTokens
        ? ({ kind: "failed", message: "The model's context window has no room for it." } as const)
        : await questions.ask(kind, user, budget);
    if (reply.kind === "answer") {
      model ??= reply.model;
      const found = assign(reply.object.findings, group);
      faults.push(...found);
      for (const unit of group) {
        const own = found.filter((one) => one.unit === unit);
        memory.keep(keys.get(unit)!, { model: reply.model, faults: own.map(toKept) });
      }
    } else {
      failures.push(reply.message);
      unread.push(...group);
    }
    onGroup(at + 1, asked.length);
  }
  return { faults, unread, model, failures };
}

function formatQuestion(units: readonly ChangeUnit[], instructions: string): string {
  const definitions = new Set(units.flatMap((unit) => unit.definitions.map(formatDefinition)));
  const more = [
    definitions.size === 0
      ? null
      : readPrompt(new URL("./prompts/definitions.md", import.meta.url), {
          blocks: [...definitions].join("\n\n"),
        }),
    instructions === ""
      ? null
      : readPrompt(new URL("./prompts/preferences.md", import.meta.url), {
          text: fenceBlock("Wishes", instructions),
        }),
  ];
  return readPrompt(new URL("./prompts/findings-question.md", import.meta.url), {
    blocks: units.map(formatUnit).join("\n\n"),
    more: more
      .filter((part) => part !== null)
      .map((part) => `${part}\n\n`)
      .join(""),
    most: String(mostFaults),
  });
}

/** Each to the unit that its quote stands in; what stands nowhere goes to one of them too, and is dropped each time again. */
function assign(faults: readonly Fault[], group: readonly ChangeUnit[]): readonly FoundFault[] {
  return faults.map((fault) => {
    const named = group.filter((unit) => isSamePath(fault.path, unit));
    // Long paths may look alike as they are shown.
    const places = [...new Set(named.map(({ path }) => path))].flatMap((path) => {
      const own = named.filter((unit) => unit.path === path);
      const located = locateQuote(
        fault.quote,
        fault.line,
        `${fault.message} ${fault.why}`,
        own.map(({ lines }) => lines),
      );
      const unit = own.find(({ lines }) => lines.some(({ line }) => line === located?.line));
      return located === null || unit === undefined ? [] : [{ fault, unit, located }];
    });
    return places.length === 1 ? places[0]! : { fault, unit: named[0] ?? group[0]!, located: null };
  });
}

/** Lines are kept as they stand in the unit: the same hunk may be further down the next time. */
function toKept({ fault, unit, located }: FoundFault): Fault {
  return located === null
    ? { ...fault, quote: "", line: null }
    : { ...fault, line: located.line - firstLineOf(unit) };
}

function recallFault(kept: Fault, unit: ChangeUnit): FoundFault {
  const line = kept.line === null ? null : kept.line + firstLineOf(unit);
  const fault = { ...kept, line };
  return { fault, unit, located: locateQuote(fault.quote, line, fault.message, [unit.lines]) };
}

function firstLineOf({ lines }: ChangeUnit): number {
  return lines.find(({ line }) => line !== null)?.line ?? 0;
}

/** Models copy the word before a path, or put `a/`, `b/` or `./` there. */
function isSamePath(given: string, { path, name }: ChangeUnit): boolean {
  const bare = given.trim().replace(/^(?:File |\.\/|[ab]\/)/, "");
  return [given, given.trim(), bare].some((one) => one === path || one === name);
}
