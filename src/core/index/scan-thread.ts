import type { ContentFacts, SymbolFacts } from "../../contracts/file-facts.ts";
import type { ScanBatch, ScanReply, ScanTask } from "../../contracts/scanner.ts";
import { detectLanguage } from "../repository/languages/detect.ts";
import { isGeneratedContent, isMinified } from "../repository/languages/generated.ts";
import { countLines } from "../repository/languages/count-lines.ts";
import { buildRecord, toRecordInput } from "./records/build-record.ts";
import { createWordReader } from "./records/words.ts";
import type { SymbolLimits, SymbolReader } from "./symbols.ts";

const lfsHeader = Buffer.from("version https://git-lfs.github.com/spec/v1\n");

interface Queued {
  readonly task: ScanTask;
  readonly known: ContentFacts;
  readonly bytes: Uint8Array;
}

/**
 * The work of one scanning thread. Contents are looked at as soon as they arrive; parsing waits until the queue
 * of messages is empty, because languages and lines are shown first.
 */
export function createScanThread(
  reader: SymbolReader,
  limits: SymbolLimits,
  reply: (message: ScanReply) => void,
): (batch: ScanBatch) => void {
  const queue: Queued[] = [];
  const readWord = createWordReader();
  let isParsing = false;
  let isSpent = false;

  async function parseQueue(): Promise<void> {
    isParsing = true;
    for (;;) {
      // Messages that arrived meanwhile come first.
      await new Promise((resolve) => setImmediate(resolve));
      const next = queue.shift();
      if (!next) break;
      reply(await parse(next));
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

  async function parse({ task, known, bytes }: Queued): Promise<ScanReply> {
    const { language } = known;
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
    let facts: SymbolFacts | null = null;
    if (needsSymbols(task, known)) {
      await reader.load(language!);
      facts = reader.read(language!, text, limits);
    }
    // Whether an analysis has read the symbols of generated code must not show in its record.
    const symbols = known.generated ? [] : (facts?.symbols ?? task.knownSymbols ?? []);
    const record = task.wantsRecord ? buildRecord(toRecordInput(text, language, symbols), readWord) : null;
    return { kind: "parsed", key: task.key, facts, record };
  }

  function needsSymbols(task: ScanTask, { language, generated }: ContentFacts): boolean {
    return (
      (task.wantsSymbols || (task.wantsRecord && !generated && task.knownSymbols === undefined)) &&
      language !== null &&
      reader.supports(language)
    );
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
      const willParse =
        !known.binary &&
        !known.minified &&
        !known.lfsPointer &&
        (task.wantsRecord || needsSymbols(task, known));
      if (willParse) queue.push({ task, known, bytes });
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
