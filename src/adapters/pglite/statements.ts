import { protocol } from "@electric-sql/pglite";

export interface Statements {
  /** The messages that run a statement; prepared when it came before, a moment ago. */
  toMessages(text: string, parameters: readonly (string | null)[]): Buffer;
  /** To be called whenever something failed, or tables changed. */
  forget(): void;
}

/** Nobody analyses tables that grow, so a plan is not believed for longer. */
const lifeMs = 5_000;
const mostPrepared = 100;

/**
 * Keeps plans of what is asked again and again: planning is most of the work of a short statement. PostgreSQL itself sees
 * after five executions whether one plan for all parameters will do.
 *
 * One statement is one message. PGlite's own `query` goes in and out of the engine six times, to learn the types of the
 * parameters; parameters in text format need no types.
 */
export function createStatements(now: () => number): Statements {
  const { serialize } = protocol;
  const names = new Map<string, string>();
  let bestBefore = 0;
  let isStale = false;

  return {
    toMessages(text, parameters) {
      const parts: Uint8Array[] = [];
      if (isStale || names.size >= mostPrepared || now() > bestBefore) {
        // Closing what was never prepared is no mistake.
        for (const name of names.values()) parts.push(serialize.close({ type: "S", name }));
        names.clear();
        isStale = false;
        bestBefore = now() + lifeMs;
      }
      let name = names.get(text);
      if (name === undefined) {
        name = `s${names.size}`;
        names.set(text, name);
        parts.push(serialize.close({ type: "S", name }), serialize.parse({ name, text }));
      }
      return Buffer.concat([
        ...parts,
        serialize.bind({ statement: name, values: [...parameters] }),
        serialize.describe({ type: "P" }),
        serialize.execute({}),
        serialize.sync(),
      ]);
    },
    forget() {
      isStale = true;
    },
  };
}
