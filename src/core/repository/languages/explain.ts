import type { Detection, StrategyOutcome } from "./detect.ts";
import { traceDetection } from "./detect.ts";
import type { LanguageAttributes } from "./attributes.ts";
import { generatedContentRule, isMinified } from "./generated.ts";
import { countsInShare, type LanguageInfo, languageInfo } from "./language-info.ts";
import { matchingPathRule, type PathRuleKind } from "./path-traits.ts";
import { nameKey } from "./name-key.ts";

export interface TraitExplanation {
  readonly value: boolean;
  /** What decided: an attribute, the path expression or content rule that matched, or that none did. */
  readonly because: string;
}

export interface LanguageExplanation {
  readonly path: string;
  readonly nameKey: string;
  readonly detection: Detection;
  /** Every strategy that had something to say, in the order they ran. */
  readonly strategies: readonly StrategyOutcome[];
  readonly info: LanguageInfo | null;
  readonly vendored: TraitExplanation;
  readonly generated: TraitExplanation;
  readonly documentation: TraitExplanation;
  readonly minified: boolean;
  /** Whether the file counts in the language percentages, and why or why not. */
  readonly counted: TraitExplanation;
}

/** Why a file has its language and whether it counts, for `analyze --explain-language`. */
export function explainLanguage(
  path: string,
  bytes: Uint8Array,
  attributes: LanguageAttributes = {},
): LanguageExplanation {
  const { detection, trace } = traceDetection(path, bytes, attributes.language);
  const { language } = detection;
  const vendored = explainTrait("vendored", path, attributes.vendored);
  const documentation = explainTrait("documentation", path, attributes.documentation);
  const generated = explainGenerated(path, bytes, attributes.generated);
  const traits = {
    language,
    vendored: vendored.value,
    generated: generated.value,
    documentation: documentation.value,
    detectable: attributes.detectable,
  };
  const reasons = [
    language === null ? "it has no language" : "",
    vendored.value ? "it is vendored" : "",
    generated.value ? "it is generated" : "",
    documentation.value ? "it is documentation" : "",
  ].filter((reason) => reason !== "");
  const info = language === null ? null : languageInfo(language);
  if (reasons.length === 0 && info !== null) {
    const { detectable } = attributes;
    reasons.push(
      detectable === undefined ? `${language} is ${info.type}` : `linguist-detectable is ${detectable}`,
    );
  }
  return {
    path,
    nameKey: nameKey(path),
    detection,
    strategies: trace,
    info,
    vendored,
    generated,
    documentation,
    minified: isMinified(path, bytes),
    counted: { value: countsInShare(traits), because: reasons.join(", ") },
  };
}

function explainTrait(kind: PathRuleKind, path: string, attribute: boolean | undefined): TraitExplanation {
  if (attribute !== undefined) return { value: attribute, because: `.gitattributes: linguist-${kind}` };
  const rule = matchingPathRule(kind, path);
  return { value: rule !== null, because: rule === null ? "no rule matched" : `path rule ${rule}` };
}

function explainGenerated(path: string, bytes: Uint8Array, attribute: boolean | undefined): TraitExplanation {
  const byPath = explainTrait("generated", path, attribute);
  if (byPath.value || attribute !== undefined) return byPath;
  const rule = generatedContentRule(path, bytes);
  return rule === null ? byPath : { value: true, because: `content rule ${rule}` };
}
