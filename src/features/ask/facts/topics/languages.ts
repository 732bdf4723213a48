import { formatCount } from "../../../../base/text.ts";
import type { Analysis } from "../../../../contracts/analysis.ts";
import { resolveAlias } from "../../../../core/repository/languages/language-info.ts";
import type { Fact, FactTopic } from "../fact-topic.ts";
import { isOnlyAbout, wordsOf } from "../question.ts";
import { enumerate, plural } from "../wording.ts";

const words = wordsOf(
  "language languages programming written coded implemented made programmed main primary mostly code in",
  "percentage percent share proportion much fraction part how",
);
const general =
  /\b(programming |main |primary )?languages?\b|\b(written|coded|programmed|implemented) in$|^what is it (written|coded) (in|with)\b/i;
const ofOne: readonly RegExp[] = [
  /^(?:is|was) (?:it|this) (?:written|coded|programmed|implemented|made|mostly written) in (?<name>[\w.+#-]+)$/i,
  /^(?:how much|what percentage|what percent|what share|what proportion|which part)(?: of (?:it|the code))?(?: is)?(?: written)?(?: in| of)? (?<name>[\w.+#-]+)(?: code)?$/i,
  /^is (?:it|this) an? (?<name>[\w.+#-]+) (?:repo|repository|project|codebase|app|application|library|program)$/i,
];

export const languages: FactTopic = {
  id: "languages",
  examples: {
    answered: [
      "What is it written in?",
      "Which programming languages are used?",
      "what language is this project",
      "Is it written in Go?",
      "How much of it is TypeScript?",
      "is this a TypeScript project?",
      "main language?",
    ],
    left: [
      "Which languages does it support?",
      "Where is the language of a file detected?",
      "How is the language of the user chosen?",
      "What language does the template engine compile to?",
      "how much of it is cached",
      "Is it written in one pass?",
    ],
  },
  find(question, analysis) {
    for (const pattern of ofOne) {
      const name = pattern.exec(question.text)?.groups?.["name"];
      const language = name === undefined ? null : resolveAlias(name);
      if (language !== null && !/^(it|code|text)$/i.test(name!)) return shareOf(language, analysis);
    }
    if (!general.test(question.text) || !isOnlyAbout(question, words) || /\bhow\b/i.test(question.text))
      return null;
    const counted = analysis.languages.filter((language) => language.share > 0).toSorted(byShare);
    if (counted.length === 0) return null;
    const named = counted.map((language) => `${language.name} (${language.share}%)`);
    return {
      statement: `${counted.length === 1 ? "It is written in" : "By bytes of code:"} ${enumerate(named, 6)}.`,
      evidence: [],
      confidence: "certain",
    };
  },
};

function shareOf(name: string, analysis: Analysis): Fact {
  const language = analysis.languages.find((candidate) => candidate.name === name);
  const main = analysis.languages.toSorted(byShare)[0];
  if (!language)
    return {
      statement: `No file of it is ${name}${main ? `; most of it is ${main.name} (${main.share}%)` : ""}.`,
      evidence: [],
      confidence: "certain",
    };
  const most = main && main !== language ? `; most of it is ${main.name} (${main.share}%)` : "";
  return {
    statement: `${name} is ${language.share}% of its code by bytes: ${plural(language.files, "file")} with ${formatCount(language.code)} lines of code${most}.`,
    evidence: [],
    confidence: "certain",
  };
}

function byShare(a: { readonly share: number }, b: { readonly share: number }): number {
  return b.share - a.share;
}
