import type { FactTopic } from "../fact-topic.ts";
import { isOnlyAbout, wordsOf } from "../question.ts";
import { enumerate } from "../wording.ts";

const words = wordsOf(
  "documentation docs doc documented documents guide guides readme changelog changelogs contributing contribution contribute",
  "guidelines code conduct security policy architecture governance roadmap upgrade upgrading migration notes release where how file find read learn more live lives located kept agents issue template report vulnerability vulnerabilities",
);
const kinds: readonly (readonly [RegExp, string, string])[] = [
  [/\breadme\b/i, "readme", "readme"],
  [/\bchangelogs?\b|\brelease notes\b/i, "changelog", "changelog"],
  [/\bcontribut(ing|ion|e)\b/i, "contributing", "contributing guide"],
  [/\bcode of conduct\b/i, "code-of-conduct", "code of conduct"],
  [/\bsecurity policy\b|\breport (a )?(security )?vulnerabilit/i, "security", "security policy"],
  [/\barchitecture\b/i, "architecture", "architecture document"],
  [/\bgovernance\b/i, "governance", "governance document"],
  [/\broadmap\b/i, "roadmap", "roadmap"],
  [/\b(upgrade|upgrading|migration) guide\b/i, "upgrading", "upgrade guide"],
];
const asks = /^(where|is|are|does|do|what|which|how (can|do|to)|how (i|we)|any)\b/i;

export const documentation: FactTopic = {
  id: "documentation",
  examples: {
    answered: [
      "Where is the documentation?",
      "Is there a contributing guide?",
      "where's the changelog?",
      "does it have a security policy",
      "How do I contribute?",
      "Where are the docs?",
    ],
    left: [
      "Where is the changelog generated?",
      "How are the docs built?",
      "Which document is saved first?",
      "How is the readme rendered?",
      "Where is the security check?",
      "Where are code blocks read?",
    ],
  },
  find(question, { structure: { docs } }) {
    const { text } = question;
    const kind = kinds.find(([pattern]) => pattern.test(text));
    const isGeneral = /\b(documentation|docs)\b|^is (it|this) documented$/i.test(text);
    if (!(kind || isGeneral) || !asks.test(text) || !isOnlyAbout(question, words)) return null;
    if (/^how (is|are)\b|^what does\b/i.test(text)) return null;
    if (kind) {
      const found = docs.filter((one) => one.kind === kind[1]);
      if (found.length === 0)
        return { statement: `No ${kind[2]} was recognised.`, evidence: [], confidence: "likely" };
      return {
        statement: `The ${kind[2]} is ${found[0]!.path}${found.length > 1 ? `; there ${found.length === 2 ? "is another" : `are ${found.length - 1} more`} of its kind, such as ${found[1]!.path}` : ""}.`,
        evidence: found.slice(0, 8).map((one) => ({ path: one.path, note: one.kind })),
        confidence: "certain",
      };
    }
    if (docs.length === 0)
      return { statement: "No documentation was recognised.", evidence: [], confidence: "likely" };
    const folders = docs.filter((one) => one.kind === "folder");
    const readme = docs.filter((one) => one.kind === "readme" && !one.path.includes("/"));
    const others = docs.filter((one) => !["folder", "readme", "issue-template"].includes(one.kind));
    const shown = [
      ...folders.map((one) => `${one.path}/`),
      ...readme.map((one) => one.path),
      ...others.map((one) => one.path),
    ];
    if (shown.length === 0) return null;
    return {
      statement: `Documentation is in ${enumerate(shown, 8)}.`,
      evidence: [...folders, ...readme, ...others]
        .slice(0, 10)
        .map((one) => ({ path: one.path, note: one.kind })),
      confidence: "certain",
    };
  },
};
