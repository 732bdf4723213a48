import type { ContentFacts } from "../../contracts/file-facts.ts";
import type { ScanBatch, ScanReply, ScanTask } from "../../contracts/scanner.ts";
import { detectLanguage } from "../repository/languages/detect.ts";
import { isGeneratedContent, isMinified } from "../repository/languages/generated.ts";
import { countLines } from "../repository/languages/count-lines.ts";
import type { SymbolLimits, SymbolReader } from "./symbols.ts";

const lfsHeader = Buffer.from("version https://git-lfs.github.com/spec/v1\n");

/**
 * The work of one scanning thread. Contents are looked at as soon as they arrive; parsing waits until the queue
 * of messages is empty, because languages and lines are shown first.
 */
export function createScanThread(
  reader: SymbolReader,
  limits: SymbolLimits,
  reply: (message: ScanReply) => void,
): (batch: ScanBatch) => void {
  const queue: { readonly task: ScanTask; readonly language: string; readonly bytes: Uint8Array }[] = [];
  let isParsing = false;
  let isSpent = false;

  async function parseQueue(): Promise<void> {
    isParsing = true;
    for (;;) {
      // Messages that arrived meanwhile come first.
      await new Promise((resolve) => setImmediate(resolve));
      const next = queue.shift();
      if (!next) break;
      await reader.load(next.language);
      const text = Buffer.from(next.bytes.buffer, next.bytes.byteOffset, next.bytes.byteLength).toString(
        "utf8",
      );
      reply({
        kind: "symbols",
        key: next.task.key,
        facts: reader.read(next.language, text, limits),
        sizeBytes: next.bytes.length,
      });
      if (reader.isSpent) {
        isSpent = true;
        reply({
          kind: "spent",
          left: queue.splice(0).map(({ task, bytes }) => ({ task, bytes: bytes.slice() })),
        });
        break;
      }
    }
    isParsing = false;
  }

  return (batch) => {
    if (isSpent) {
      reply({
        kind: "spent",
        left: batch.tasks.map((task) => ({
          task,
          bytes: new Uint8Array(batch.buffer.slice(task.start, task.end)),
        })),
      });
      return;
    }
    const facts = batch.tasks.map((task) => {
      const bytes = new Uint8Array(batch.buffer, task.start, task.end - task.start);
      const known = task.known ?? readContent(task, bytes);
      const { language } = known;
      const willParse =
        task.wantsSymbols &&
        language !== null &&
        !known.minified &&
        !known.lfsPointer &&
        reader.supports(language);
      if (willParse) queue.push({ task, language, bytes });
      return [task.key, known, willParse] as const;
    });
    reply({ kind: "contents", facts });
    if (!isParsing && queue.length > 0) void parseQueue();
  };
}

/** Language, nature and lines of one blob. */
function readContent(task: Pick<ScanTask, "path" | "forcedLanguage">, bytes: Uint8Array): ContentFacts {
  const detection = detectLanguage(task.path, bytes, task.forcedLanguage);
  return {
    ...detection,
    generated: !detection.binary && isGeneratedContent(task.path, bytes),
    minified: !detection.binary && isMinified(task.path, bytes),
    lfsPointer: bytes.length < 1024 && lfsHeader.equals(bytes.subarray(0, lfsHeader.length)),
    lines: detection.binary || detection.language === null ? null : countLines(bytes, detection.language),
  };
}
