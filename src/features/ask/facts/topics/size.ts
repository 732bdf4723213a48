import { formatBytes, formatCount } from "../../../../base/text.ts";
import type { Analysis } from "../../../../contracts/analysis.ts";
import { resolveAlias } from "../../../../core/repository/languages/language-info.ts";
import type { Fact, FactTopic } from "../fact-topic.ts";
import { isOnlyAbout, wordsOf } from "../question.ts";
import { enumerate, plural } from "../wording.ts";

const words = wordsOf(
  "how many much lines line code loc sloc files file functions methods classes types big large size long count number source comments comment",
);
const lines = /\b(lines?( of code)?|loc|sloc|comments?)\b/i;
const files = /^how many (source )?files (are|does|do|is|has)\b|^how many files$|\bnumber of files\b/i;
const symbols =
  /^how many (functions|methods|classes|types)\b|\bnumber of (functions|methods|classes|types)\b/i;
const whole =
  /^how (big|large) is (it|this)$|^(what is )?(the |its )?size( of it)?$|^what is the size of it$/i;
const ofLanguage =
  /^how (?:many|much) (?:lines(?: of code)? (?:of|in) |lines of )(?<name>[\w.+#-]+)(?: code)?(?: (?:are there|does it have|is there|in it|has it))?$/i;

export const size: FactTopic = {
  id: "size",
  examples: {
    answered: [
      "How many lines of code are there?",
      "how big is this repo?",
      "How many files are there?",
      "how many functions does it have",
      "What's the LOC count?",
      "How many lines of TypeScript are there?",
    ],
    left: [
      "How big can a request be?",
      "How many lines does the log keep?",
      "How many files can be uploaded at once?",
      "Where are lines counted?",
      "How are lines of code counted?",
      "What is the size of the thread pool?",
    ],
  },
  find(question, analysis) {
    const { text } = question;
    const named = ofLanguage.exec(text)?.groups?.["name"];
    const language = named === undefined || /^(code|it)$/i.test(named) ? null : resolveAlias(named);
    if (language !== null) return linesOf(language, analysis);
    const isCounting = /^how (many|much|big|large)\b|\b(loc|sloc|size|number of|line count)\b/i.test(text);
    if (!isCounting || !isOnlyAbout(question, words) || /\b(can|could|may|should)\b/i.test(text)) return null;
    if (symbols.test(text)) return countSymbols(analysis);
    if (files.test(text)) return countFiles(analysis);
    return lines.test(text) || whole.test(text) ? countLines(analysis) : null;
  },
};

const certain = (statement: string): Fact => ({ statement, evidence: [], confidence: "certain" });

function linesOf(name: string, { languages }: Analysis): Fact | null {
  const language = languages.find((one) => one.name === name);
  if (!language) return null;
  return certain(
    `${plural(language.code, "line")} of ${name} code in ${plural(language.files, "file")}, with ${formatCount(language.comments)} lines of comments and ${formatCount(language.blanks)} blank ones.`,
  );
}

function countSymbols({ symbols: found }: Analysis): Fact | null {
  if (found.filesParsed === 0) return null;
  return certain(
    `${plural(found.functions, "function")} and methods, ${plural(found.classes, "class", "classes")} and ${plural(found.types, "other type")} in ${plural(found.filesParsed, "parsed file")}.`,
  );
}

function countFiles({ structure }: Analysis): Fact {
  return certain(
    `${plural(structure.files, "file")} with ${formatBytes(structure.bytes)}; ${plural(structure.tests.files, "test file")} among them.`,
  );
}

/** Data such as JSON has lines too, but nobody who asks for lines of code means them. */
function countLines({ languages, structure }: Analysis): Fact | null {
  const counted = languages.filter((one) => one.share > 0).toSorted((a, b) => b.code - a.code);
  if (counted.length === 0) return null;
  const total = (pick: "code" | "comments" | "blanks"): number =>
    counted.reduce((sum, one) => sum + one[pick], 0);
  const named = counted.map((one) => `${one.name} ${formatCount(one.code)}`);
  return certain(
    `${plural(total("code"), "line")} of code (${enumerate(named, 4)}), with ${formatCount(total("comments"))} lines of comments and ${formatCount(total("blanks"))} blank ones; ${plural(structure.files, "file")} of all kinds have ${formatBytes(structure.bytes)}.`,
  );
}
