import { parentPort, workerData } from "node:worker_threads";
import type { ScanBatch } from "./contracts/scanner.ts";
import { createScanThread } from "./core/index/scan-thread.ts";
import { createSymbolReader, type SymbolLimits } from "./core/index/symbols.ts";
import { languages } from "./extensions/languages/registry.generated.ts";

/** The composition root of a scanning thread. */
const port = parentPort!;
const onBatch = createScanThread(createSymbolReader(languages), workerData as SymbolLimits, (message) =>
  port.postMessage(message),
);
port.on("message", (batch: ScanBatch) => onBatch(batch));
