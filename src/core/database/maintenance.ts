import type { Database } from "../../contracts/database.ts";
import type { Ballast } from "./ballast.ts";

export interface MaintenanceOptions {
  readonly database: Pick<Database, "script">;
  readonly ballast: Ballast;
  readonly everyMs: number;
  readonly onError: (error: unknown) => void;
}

/** What PostgreSQL's background processes do elsewhere and the embedded engine has none for. */
export async function maintain(options: Pick<MaintenanceOptions, "database" | "ballast">): Promise<void> {
  const { database, ballast } = options;
  await database.script("vacuum (analyze)");
  // Bounds what opening has to read again after a crash, and lets the log be reused.
  await database.script("checkpoint");
  await ballast.make();
}

/** Maintains every `everyMs`; returns what stops it. */
export function scheduleMaintenance(options: MaintenanceOptions): () => void {
  let isBusy = false;
  const timer = setInterval(() => void run(), options.everyMs).unref();

  async function run(): Promise<void> {
    if (isBusy) return;
    isBusy = true;
    try {
      await maintain(options);
    } catch (error) {
      options.onError(error);
    } finally {
      isBusy = false;
    }
  }

  return () => clearInterval(timer);
}
