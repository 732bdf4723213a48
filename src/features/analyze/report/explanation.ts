import { printableLine } from "../../../base/text.ts";
import type { LanguageExplanation } from "../../../core/repository/languages/explain.ts";

/** The explanation as lines for a person. */
export function describeExplanation(explanation: LanguageExplanation): string[] {
  const { detection, info } = explanation;
  const yes = (trait: { readonly value: boolean; readonly because: string }): string =>
    `${trait.value ? "yes" : "no"} (${printableLine(trait.because)})`;
  return [
    `${printableLine(explanation.path)}: ${detection.language ?? "no language"}`,
    `  because        ${detection.reason.strategy}: ${printableLine(detection.reason.detail)}`,
    ...explanation.strategies.map(
      (step) =>
        `  ${step.strategy.padEnd(14)} ${printableLine(step.detail)}${step.candidates.length === 0 ? "" : `; left: ${step.candidates.join(", ")}`}`,
    ),
    ...(info === null
      ? []
      : [
          `  kind           ${info.type}${info.group === detection.language ? "" : `, counted as ${info.group}`}`,
        ]),
    `  vendored       ${yes(explanation.vendored)}`,
    `  generated      ${yes(explanation.generated)}`,
    `  documentation  ${yes(explanation.documentation)}`,
    `  in the shares  ${yes(explanation.counted)}`,
  ];
}
