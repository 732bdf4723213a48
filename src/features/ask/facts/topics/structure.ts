import type { Analysis } from "../../../../contracts/analysis.ts";
import { isMinorPath } from "../../../../core/repository/stack/minor-paths.ts";
import type { Fact, FactTopic } from "../fact-topic.ts";
import { isOnlyAbout, wordsOf } from "../question.ts";
import { enumerate, plural } from "../wording.ts";

const words = wordsOf(
  "monorepo workspace workspaces package packages modules crates subprojects projects how many how structured organised organized laid out layout structure folder folders directory directories top level top-level main code repository",
);
const aboutPackages =
  /\bmonorepo\b|\bworkspaces?\b|^(what|which|how many) (packages|modules|crates|subprojects|projects)( are there| does it have| are in it| does it contain| is it made of)?( in it)?$/i;
const aboutFolders =
  /^how (is|are) (it|the code|the repository) (structured|organi[sz]ed|laid out)$|\b(folder|directory|repository|code) (structure|layout)\b|^(what|which) (are the )?(top[ -]level |main )?(folders|directories)( are there)?( in it)?$|^what is (the|its) (structure|layout)( of it)?$/i;

export const structure: FactTopic = {
  id: "structure",
  examples: {
    answered: [
      "Is it a monorepo?",
      "What packages are there?",
      "How is the code organised?",
      "which folders are there?",
      "how many packages does it have",
    ],
    left: [
      "Which packages are vulnerable?",
      "How is a workspace resolved?",
      "Where are directories created?",
      "How is a request structured?",
      "Which modules does the loader skip?",
    ],
  },
  find(question, analysis) {
    const { text } = question;
    if (!isOnlyAbout(question, words)) return null;
    if (aboutPackages.test(text) && (!/\bhow\b/i.test(text) || /\bhow many\b/i.test(text)))
      return packages(text, analysis);
    return aboutFolders.test(text) ? folders(analysis) : null;
  },
};

function packages(text: string, { structure: { workspaces }, dependencies }: Analysis): Fact | null {
  if (workspaces.length === 0) {
    const all = dependencies
      .filter((one) => one.ecosystem !== "docker" && one.ecosystem !== "actions")
      .map((one) => one.manifest);
    const product = all.filter((path) => !isMinorPath(path));
    const places = new Set(product.length === 0 ? all : product);
    if (places.size < 2 && !/\b(monorepo|workspaces?)\b/i.test(text)) return null;
    return {
      statement: `It declares no workspace; dependencies are declared in ${plural(places.size, "manifest")}${places.size === 0 ? "" : `: ${enumerate([...places], 5)}`}.`,
      evidence: [...places].slice(0, 8).map((path) => ({ path, note: "manifest" })),
      confidence: "likely",
    };
  }
  const product = workspaces.filter((one) => !isMinorPath(`${one.path}/`));
  const shown = product.length === 0 ? workspaces : product;
  const rest = workspaces.length - shown.length;
  const named = shown.map((one) => (one.name === one.path ? one.name : `${one.name} (${one.path})`));
  const many = workspaces.length > 1 ? "It is a monorepo of" : "It declares";
  const beside = rest === 0 ? ":" : `, ${rest} of them for tests, examples and the like; the others are`;
  return {
    statement: `${many} ${plural(workspaces.length, "package")}${beside} ${enumerate(named, 12)}.`,
    evidence: shown
      .slice(0, 20)
      .map((one) => ({ path: one.path, note: `${one.ecosystem} package ${one.name}` })),
    confidence: "certain",
  };
}

function folders({ structure: { directories } }: Analysis): Fact | null {
  const top = directories.filter((one) => !one.path.includes("/")).toSorted((a, b) => b.files - a.files);
  if (top.length === 0) return null;
  return {
    statement: `Its folders at the top are ${enumerate(
      top.map((one) => `${one.path}/ (${plural(one.files, "file")})`),
      10,
    )}.`,
    evidence: top.slice(0, 12).map((one) => ({ path: one.path, note: plural(one.files, "file") })),
    confidence: "certain",
  };
}
