import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openIndex } from "../src/core/index/search/open-index.ts";
import { findPlaces } from "../src/features/ask/find-places.ts";
import { createServices, createThreads } from "../test/support/services.ts";
import { readQuestionSets } from "./question-set.ts";

/**
 * `node evals/ask-places.ts FOLDER …`: the hand-checked questions of `evals/questions` to `ask` without a model, on the clones
 * in the folders (each by its repository's name). A place counts when it overlaps one of the right ones; one of more than
 * 200 lines only when it is the definition that was meant, and not the class around it.
 */
const folders = process.argv.slice(2);
const dataDir = mkdtempSync(join(tmpdir(), "repowright-evals-"));
const scanner = createThreads();
const services = createServices(dataDir, scanner);
const { signal } = new AbortController();
const largest = 200;

interface Tally {
  asked: number;
  first: number;
  top3: number;
  fileInTop3: number;
}

const tallies = new Map<string, Tally>();
for (const [name, set] of readQuestionSets()) {
  const repository = set.repository.split("/")[1]!;
  const source = folders.map((folder) => join(folder, repository)).find(existsSync);
  if (source === undefined) {
    process.stdout.write(`${name}: there is no clone of ${set.repository}\n`);
    continue;
  }
  const opened = await openIndex(
    { source, revision: set.commit, cwd: dataDir, useCache: true, builds: true, signal, onProgress() {} },
    services,
  );
  const own: Tally = { asked: 0, first: 0, top3: 0, fileInTop3: 0 };
  for (const { question, places, split } of set.questions) {
    const found = (await findPlaces(opened, question, services, signal, () => {})).slice(0, 3);
    const rank = found.findIndex((hit) =>
      places.some(
        (place) =>
          place.path === hit.path &&
          hit.startLine <= place.endLine &&
          hit.endLine >= place.startLine &&
          (hit.endLine - hit.startLine < largest || hit.symbol?.split(".").at(-1) === place.symbol),
      ),
    );
    const hasFile = found.some((hit) => places.some((place) => place.path === hit.path));
    for (const tally of [own, tallyOf(split), tallyOf("all")]) {
      tally.asked++;
      if (rank === 0) tally.first++;
      if (rank >= 0) tally.top3++;
      if (hasFile) tally.fileInTop3++;
    }
  }
  print(name, own);
}
for (const [name, tally] of tallies) print(name, tally);
services.cache.close();
await scanner.close();
rmSync(dataDir, { recursive: true, force: true });

function tallyOf(name: string): Tally {
  let tally = tallies.get(name);
  if (tally === undefined) tallies.set(name, (tally = { asked: 0, first: 0, top3: 0, fileInTop3: 0 }));
  return tally;
}

function print(name: string, { asked, first, top3, fileInTop3 }: Tally): void {
  const percent = (count: number): string => `${Math.round((100 * count) / asked)} %`.padStart(5);
  process.stdout.write(
    `${name.padEnd(24)} ${String(asked).padStart(3)} questions: right place first ${percent(first)}, in the first three ${percent(top3)}, right file ${percent(fileInTop3)}\n`,
  );
}
