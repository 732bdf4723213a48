import type { JobDefinition, JobDefinitions } from "./job.ts";

/** The kinds of a registry by name. @throws Error when two have the same */
export function collectJobs(modules: readonly { readonly default: unknown }[]): JobDefinitions {
  const kinds = new Map<string, JobDefinition>();
  for (const module of modules) {
    const definition = module.default as JobDefinition;
    if (kinds.has(definition.kind)) throw new Error(`Two jobs are of kind ${definition.kind}.`);
    kinds.set(definition.kind, definition);
  }
  return kinds;
}
