import { z } from "zod";
import { AppError } from "../../base/errors.ts";
import type { Finding } from "../../contracts/finding.ts";
import { describeMisfit } from "./describe-misfit.ts";

const baselineSchema = z.object({
  version: z.literal(1),
  findings: z.array(z.object({ fingerprint: z.string(), rule: z.string(), path: z.string() })),
});

/** Fingerprints of findings that were there before anybody looked, and are to be left alone. @throws AppError `config-invalid` */
export function parseBaseline(text: string, where: string): ReadonlySet<string> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new AppError("config-invalid", `The baseline ${where} is not JSON.`, {}, error);
  }
  const parsed = baselineSchema.safeParse(json);
  if (!parsed.success)
    throw new AppError(
      "config-invalid",
      `The baseline ${where} is not one that --write-baseline wrote: ${describeMisfit(parsed.error, 300)}`,
    );
  return new Set(parsed.data.findings.map(({ fingerprint }) => fingerprint));
}

/** Sorted, so that two branches that add to it merge. */
export function formatBaseline(findings: readonly Finding[]): string {
  const entries = findings
    .map(({ fingerprint, rule, path }) => ({ fingerprint, rule, path }))
    .sort((a, b) => (a.path + a.fingerprint < b.path + b.fingerprint ? -1 : 1));
  const lines = entries.map((entry) => `    ${JSON.stringify(entry)}`).join(",\n");
  return `{\n  "version": 1,\n  "findings": [${lines === "" ? "" : `\n${lines}\n  `}]\n}\n`;
}
