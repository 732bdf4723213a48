import { join } from "node:path";
import type { Analysis } from "../../src/contracts/analysis.ts";
import { analyzeRepository } from "../../src/core/analysis/analyze.ts";
import type { AnalysisPart, AnalyzeRequest } from "../../src/core/analysis/request.ts";
import { createSampleRepository } from "./sample-repository.ts";
import { createServices, createThreads } from "./services.ts";

export function analyzeRequest(source: string, changes: Partial<AnalyzeRequest> = {}): AnalyzeRequest {
  return { source, revision: null, since: null, countsLines: true, useCache: true, cwd: "/", ...changes };
}

/** The report of the sample repository as it was streamed, the same on every machine. */
export async function sampleReport(folder: string): Promise<{ report: Analysis; parts: AnalysisPart[] }> {
  const source = createSampleRepository(join(folder, "sample"));
  const scanner = createThreads();
  const services = createServices(join(folder, "data"), scanner);
  try {
    const parts: AnalysisPart[] = [];
    const observer = { onProgress: () => {}, onPart: (part: AnalysisPart) => void parts.push(part) };
    const report = await analyzeRepository(
      analyzeRequest(source),
      services,
      observer,
      new AbortController().signal,
    );
    const repository = { ...report.repository, source: "/home/ada/sample" };
    return {
      report: { ...report, repository, timings: { totalMs: 1234 } },
      parts: [{ ...parts[0], repository }, ...parts.slice(1)],
    };
  } finally {
    services.cache.close();
    await scanner.close();
  }
}
