import { enableCompileCache } from "node:module";
import { parentPort, workerData } from "node:worker_threads";
import type { SymbolLimits } from "./core/index/symbols.ts";
import type { ScanBatch } from "./contracts/scanner.ts";

enableCompileCache();
// Only now, so that what they load comes from the compile cache.
const [{ createSymbolReader }, { createScanThread }, { languages }] = await Promise.all([
  import("./core/index/symbols.ts"),
  import("./core/index/scan-thread.ts"),
  import("./extensions/languages/registry.generated.ts"),
]);
const port = parentPort!;
const onBatch = createScanThread(createSymbolReader(languages), workerData as SymbolLimits, (message) => port.postMessage(message));
port.on("message", (batch: ScanBatch) => onBatch(batch));
