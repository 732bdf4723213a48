import { runEngine } from "./adapters/pglite/engine.ts";

/** The composition root of the embedded database's thread. */
await runEngine();
