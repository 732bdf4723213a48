import { AppError } from "../../../base/errors.ts";

/** What of a query is meant letter by letter. */
export interface ExactParts {
  /** The whole query is an expression between slashes. */
  readonly expression: { readonly source: string; readonly ignoresCase: boolean } | null;
  /** Texts in quotation marks or backticks. */
  readonly literals: readonly string[];
  /** Lines of files that the query names, as stack traces do. */
  readonly places: readonly { readonly path: string; readonly line: number }[];
  /** Words that look like names in code. */
  readonly identifiers: readonly string[];
}

const maxLiterals = 4;
const maxPlaces = 20;
const maxExpressionLength = 500;
const quoted = /`([^`\n]{0,200})`|"([^"\n]{0,200})"|(?<![\p{L}\p{N}])'([^'\n]{0,200})'(?![\p{L}\p{N}])/gu;
/** `a/b.py:12`, `b.go:12:3`, `File "a/b.py", line 12`, `b.rb:12:in`, `B.java:12)`, `b.cs:line 12`. */
const place =
  /(?:File "([^"\n]+)", line (\d{1,7})\b)|(?<![\p{L}\p{N}_.@/\\+$-])([\p{L}\p{N}_.@/\\+$-]+\.[A-Za-z][A-Za-z\d]{0,9})(?::line |:)(\d{1,7})(?!\w|\.\d)/gu;
const identifier = /[\p{L}_$][\p{L}\p{N}_$]*(?:(?:::|\.|->|#)[\p{L}_$][\p{L}\p{N}_$]*)*/gu;

/**
 * `mayBeMessage` false: words of a change are not looked for as a program's message.
 * @throws AppError `usage` for an expression that is too long or empty
 */
export function readExactParts(query: string, mayBeMessage = true): ExactParts {
  const text = query.trim();
  const between = /^\/(.+)\/(i?)$/su.exec(text);
  // `/etc/nginx/` is a path, not an expression.
  if (between !== null && (!/^[\w./-]+$/.test(between[1]!) || between[2] === "i")) {
    if (between[1]!.length > maxExpressionLength)
      throw new AppError(
        "usage",
        `An expression may have ${maxExpressionLength} characters; this one has ${between[1]!.length}.`,
      );
    return {
      expression: { source: between[1]!, ignoresCase: between[2] === "i" },
      literals: [],
      places: [],
      identifiers: [],
    };
  }
  const fragments = mayBeMessage ? readMessage(text) : [];
  const literals: string[] = [];
  // What a message quotes is this user's own.
  if (fragments.length === 0)
    for (const match of text.matchAll(quoted)) {
      const literal = (match[1] ?? match[2] ?? match[3])!;
      if (literal.length >= (match[1] === undefined ? 3 : 2) && literal.trim() !== "") literals.push(literal);
    }
  const places: { path: string; line: number }[] = [];
  for (const match of text.matchAll(place))
    places.push({ path: (match[1] ?? match[3])!.replaceAll("\\", "/"), line: Number(match[2] ?? match[4]) });
  const identifiers = new Set<string>();
  for (const [word] of text.matchAll(identifier)) if (isName(word)) identifiers.add(lastPart(word));
  for (const literal of literals) if (/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(literal)) identifiers.add(literal);
  return {
    expression: null,
    literals: [...fragments, ...literals].slice(0, maxLiterals),
    places: places.slice(0, maxPlaces),
    identifiers: [...identifiers],
  };
}

const messageWords =
  /\b(?:errors?|exception|panic|fatal|fail(?:ed|ure)?|cannot|can't|could not|couldn't|unable|invalid|unexpected|unknown|must|not found|no such|already|missing|expected|denied|refused|deprecated|warning)\b/i;
/** What a program puts into its messages: quoted texts, numbers, paths, addresses. */
const variableText = /(?<![\p{L}\p{N}])[`"'][^`"'\n]*[`"'](?![\p{L}\p{N}])/gu;
const variableWord = /[\d/\\@{}<>%$]/;
const minFragment = 15;

/**
 * The fixed parts of an error message, longest first: runs of at least three words between what the program filled in.
 * Empty when the query does not look like a message.
 */
function readMessage(text: string): string[] {
  if (/\?\s*$/.test(text) || !messageWords.test(text) || text.split(/\s+/).length < 5) return [];
  if (/^\s*(?:fix|feat|chore|refactor|perf|docs?|tests?|add|remove|update)\b/i.test(text)) return [];
  return text
    .replace(variableText, "\n")
    .split(/(\s+)/)
    .map((word) => (variableWord.test(word) ? "\n" : word))
    .join("")
    .split(/\n|[.:;,]\s/)
    .map(trimMarks)
    .filter((part) => part.length >= minFragment && part.split(/\s+/).length >= 3)
    .toSorted((a, b) => b.length - a.length)
    .slice(0, 3);
}

/** A regular expression for the end would look at each run of marks once for every mark in it. */
function trimMarks(text: string): string {
  let end = text.length;
  while (end > 0 && /[\s.,:;()[\]]/.test(text[end - 1]!)) end--;
  return text.slice(0, end).replace(/^[\s.,:;()[\]]+/, "");
}

/** Not a word of a language: with an underscore, a capital inside, digits or a path of names. */
function isName(word: string): boolean {
  return /_|\p{Ll}\p{Lu}|::|->|#|\p{L}\d/u.test(word) || /^\p{Lu}\p{Ll}+\p{Lu}/u.test(word);
}

function lastPart(word: string): string {
  return word.split(/::|\.|->|#/).at(-1)!;
}
