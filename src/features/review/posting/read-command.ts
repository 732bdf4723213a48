import { shownDigits } from "./comment-body.ts";

/** What somebody wants of us. */
export type ReviewCommand =
  | { readonly name: "help" }
  | { readonly name: "review" }
  | { readonly name: "ask"; readonly question: string }
  /** `fingerprint` null: of the thread that the comment stands in. */
  | { readonly name: "dismiss"; readonly fingerprint: string | null; readonly reason: string }
  | { readonly name: "restore"; readonly fingerprint: string | null }
  | { readonly name: "unknown"; readonly word: string };

const command = /^\s*\/repowright(?![\w-])[^\S\n]*(?<word>[^\s]*)(?<rest>[\s\S]*)$/i;
/** Its beginning at least as long as we show it, so that few words pass for one. */
const fingerprintAndRest = new RegExp(
  `^[\`<]?(?<fingerprint>[0-9a-f]{${shownDigits},64})[\`>]?(?![\\w-])[:,]?`,
  "i",
);
const maxReason = 1_000;

/** Reads a comment that begins with `/repowright`; null for any other. Lines after the first belong to what it says. */
export function readCommand(text: string): ReviewCommand | null {
  const found = command.exec(text)?.groups;
  if (found === undefined) return null;
  const word = found["word"]!;
  const rest = found["rest"]!.trim();
  switch (word.toLowerCase()) {
    case "":
      // What stands below an empty command is a comment to others.
      return { name: "help" };
    case "help":
      return { name: "help" };
    case "review":
      return { name: "review" };
    case "ask":
      return { name: "ask", question: rest };
    case "dismiss": {
      const { fingerprint, after } = readFingerprint(rest);
      return {
        name: "dismiss",
        fingerprint,
        reason: after.replaceAll(/\s+/g, " ").slice(0, maxReason).toWellFormed(),
      };
    }
    case "restore":
      return { name: "restore", fingerprint: readFingerprint(rest).fingerprint };
    default:
      return { name: "unknown", word };
  }
}

function readFingerprint(text: string): { readonly fingerprint: string | null; readonly after: string } {
  const found = fingerprintAndRest.exec(text);
  if (found === null) return { fingerprint: null, after: text };
  return {
    fingerprint: found.groups!["fingerprint"]!.toLowerCase(),
    after: text.slice(found[0].length).trim(),
  };
}
