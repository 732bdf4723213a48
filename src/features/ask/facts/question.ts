/** A question with politeness, quotes and spellings taken away; its case is kept, for names. */
export interface Question {
  readonly text: string;
  /** Lower-case words of `text`. */
  readonly words: readonly string[];
}

/** Longer ones are about more than one fact. */
const maxCharacters = 240;
const maxWords = 24;

const courtesies: readonly RegExp[] = [
  /^(hi|hello|hey|please|so|ok|okay|well|and|also|quick question)[,:! ]+/i,
  /^(can|could|would|will) you (please )?(tell|show|give|list|name|say)( to)?( me| us)?( about)? /i,
  /^(tell|show|give|list|name) (me|us)( about)? /i,
  /^(i|we)( would|'d)? (want|need|like|have) to know /i,
  /^(i|we)( am| are|'m|'re) (wondering|curious)( about)? /i,
  /^(do you know|any idea|i wonder) /i,
  /[, ]+(please|thanks|thank you)$/i,
];
const contractions: readonly (readonly [RegExp, string])[] = [
  [/\b(what|which|who|where|when|how|it|that|there)'s\b/gi, "$1 is"],
  [/\b(what|which|who|where|when|how)'re\b/gi, "$1 are"],
];
/** The thing that was analysed. `package` and `module` only with `this`, because `the package` may be any. */
const subject =
  /\b(?:(?:this|the|your|our|that|my) (?:(?:whole|entire|git|github) )?(?:repo|repository|project|codebase|code base|application|app|software|program|source code|source tree|source|code)|this (?:package|library|module|crate|gem|framework|tool|plugin|server|service|product))(?:'s)?(?! manag)\b/gi;
const spellings: readonly (readonly [RegExp, string])[] = [
  [/\bli(?:c|s|sc|cs)en[cs](e[ds]?|ing|able)\b/gi, "licenc$1"],
  [/\bdepend[ae]nc(y|ies)\b/gi, "dependenc$1"],
  [/\benv(?:iro(?:n|nm|m)ent(?:al)?)?[ -]?var(?:iable)?(s?)\b/gi, "environment variable$1"],
  [/\bread ?me(?!\.)\b/gi, "readme"],
  [/\bchange ?log(?!\.)\b/gi, "changelog"],
  [/\bentry ?-?points?\b/gi, "entrypoint"],
  [/\bmono-?repo(sitory)?\b/gi, "monorepo"],
  [/\bbus ?-?factor\b/gi, "busfactor"],
];

/** Null for what is too long to be about one fact. `name` is the repository's own, which is as good as `it`. */
export function readQuestion(asked: string, name: string): Question | null {
  if (asked.length > maxCharacters) return null;
  let text = asked
    .normalize("NFKC")
    .replace(/[\u2018\u2019\u00b4]/g, "'")
    .replace(/["`\u201c\u201d\u00ab\u00bb]|(?<=\s|^)'|'(?=[\s?!.,]|$)/g, "")
    .replace(/\s+/g, " ")
    .replace(/[ ?!.:;,]+$/, "")
    .trim();
  for (const [pattern, to] of contractions) text = text.replace(pattern, to);
  for (let before = ""; before !== text;) {
    before = text;
    for (const pattern of courtesies) text = text.replace(pattern, "");
  }
  text = text.replace(subject, "it");
  if (name !== "") text = replaceName(text, name);
  for (const [pattern, to] of spellings) text = text.replace(pattern, to);
  const words = text
    .toLowerCase()
    .split(/[\s,;:()?!]+|\.(?=\s)/)
    .filter((word) => word !== "");
  return words.length === 0 || words.length > maxWords ? null : { text, words };
}

function replaceName(text: string, name: string): string {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return text.replace(new RegExp(`(?<=^|[\\s])${escaped}(?:'s)?(?=$|[\\s,])(?! versions?\\b)`, "gi"), "it");
}

/** Words that change nothing about what is asked. `how`, `why`, `where`, `when` and `who` are none of them. */
const filler = new Set(
  (
    "a an the of in on at for to from by with as is are was were be been being do does did can could may might should " +
    "would will i we you me us my our your one it its this that these those here there have has had and or any some " +
    "all what which list show tell give name about currently now right today exactly actually really overall " +
    "altogether total whole entire please also own used use uses using"
  ).split(" "),
);

/**
 * Whether every word of the question is filler or understood. This is what keeps questions about code out: `where is
 * the licence header checked?` has words that a question about the licence has not.
 */
export function isOnlyAbout(question: Question, understood: RegExp): boolean {
  return question.words.every((word) => filler.has(word) || understood.test(word));
}

/** A pattern of whole words, for `isOnlyAbout`. */
export function wordsOf(...words: readonly string[]): RegExp {
  return new RegExp(`^(?:${words.join(" ").trim().split(/\s+/).join("|")})$`);
}
