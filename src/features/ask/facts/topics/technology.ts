import type { Analysis } from "../../../../contracts/analysis.ts";
import { languageInfo, resolveAlias } from "../../../../core/repository/languages/language-info.ts";
import { createTechnologyTable } from "../../../../core/repository/stack/technologies.ts";
import { describeDependency, keyOf } from "../describe-dependency.ts";
import type { Fact, FactTopic } from "../fact-topic.ts";
import { plural } from "../wording.ts";

/** Names that people use for what the report calls otherwise, as `keyOf` writes them. */
const otherNames: Readonly<Record<string, string>> = {
  postgres: "PostgreSQL",
  postgresql: "PostgreSQL",
  psql: "PostgreSQL",
  mongo: "MongoDB",
  mongodb: "MongoDB",
  mysql: "MySQL",
  sqlite: "SQLite",
  redis: "Redis",
  rabbitmq: "RabbitMQ",
  kafka: "Kafka",
  elasticsearch: "Elasticsearch",
  k8s: "Kubernetes",
  kubernetes: "Kubernetes",
  docker: "Docker",
  terraform: "Terraform",
  react: "React",
  vue: "Vue",
  angular: "Angular",
  svelte: "Svelte",
  next: "Next.js",
  rails: "Ruby on Rails",
  django: "Django",
  flask: "Flask",
  spring: "Spring Boot",
  springboot: "Spring Boot",
  jest: "Jest",
  vitest: "Vitest",
  pytest: "pytest",
  webpack: "webpack",
  githubactions: "GitHub Actions",
  sentry: "Sentry",
  efcore: "Entity Framework Core",
};
const name = String.raw`(?<name>@?[\w.+#/-]+(?: [\w.+#-]+){0,2})`;
const usesIt: readonly RegExp[] = [
  new RegExp(
    `^(?:does|do) (?:it|we|they) (?:already )?(?:use|need|require|depend on|rely on|have a dependency on) ${name}$`,
    "i",
  ),
  new RegExp(
    `^is ${name} (?:used|a dependency|one of (?:its|the) dependencies)(?: (?:in|by|of|here)(?: it)?)?$`,
    "i",
  ),
];
const inUse =
  "(?:does it (?:use|need|require|depend on)|is (?:used|installed|locked|required|needed)|do we use|are we on)(?: (?:in|by|here)(?: it)?)?";
const whichVersion: readonly RegExp[] = [
  new RegExp(`^(?:what|which) version of ${name} ${inUse}$`, "i"),
  new RegExp(`^(?:what|which) ${name} version ${inUse}$`, "i"),
  new RegExp(`^(?:what|which) version of ${name}$`, "i"),
];
/** `which protocol version` may be about anything, so here the name must be that of a part of the stack. */
const bareVersion = [new RegExp(`^(?:what|which) ${name} version(?: is (?:it|this))?$`, "i")];

export const technology: FactTopic = {
  id: "technology",
  examples: {
    answered: [
      "Does it use React?",
      "does this project use postgres?",
      "Which version of react does it use?",
      "what express version is used?",
      "which react version?",
      "Is lodash a dependency?",
      "Does it use Kubernetes?",
      "does it depend on @acme/logger",
      "Does it use TypeScript?",
    ],
    left: [
      "Does it use dependency injection?",
      "Does it use a cache for tokens?",
      "How does it use Redis?",
      "Where is express configured?",
      "Is the password used again?",
      "Which version of the protocol does it send?",
      "Does it use it?",
      "What version of the logger is used?",
      "Which schema version is this?",
    ],
  },
  find(question, analysis) {
    const version = firstName(whichVersion, question.text);
    if (version !== null) return isRuntime(version, analysis) ? null : describeNamed(version, analysis);
    const bare = firstName(bareVersion, question.text);
    if (bare !== null)
      return isInStack(bare, analysis) && !isRuntime(bare, analysis) ? describeNamed(bare, analysis) : null;
    const used = firstName(usesIt, question.text);
    if (used === null) return null;
    return describeNamed(used, analysis) ?? languageUse(used, analysis) ?? absence(used, analysis);
  },
};

function firstName(patterns: readonly RegExp[], text: string): string | null {
  for (const pattern of patterns) {
    const found = pattern.exec(text)?.groups?.["name"]?.replace(/^an? /i, "");
    // A word of two letters is a pronoun or an article more often than a package.
    // `the API` is a thing of the code, and no name of a package.
    if (found !== undefined && found.length > 2) return /^the /i.test(found) ? null : found;
  }
  return null;
}

/** The version that is needed is not the one that is used, and another topic tells it. */
function isRuntime(asked: string, { stack }: Analysis): boolean {
  return stack.some((item) => item.category === "language-runtime" && isNamed(item, asked));
}

function isInStack(asked: string, { stack }: Analysis): boolean {
  return stack.some((item) => isNamed(item, otherNames[keyOf(asked)] ?? asked));
}

function isNamed(item: Analysis["stack"][number], asked: string): boolean {
  return [keyOf(asked), `${keyOf(asked)}js`].includes(keyOf(item.name));
}

function describeNamed(asked: string, analysis: Analysis): Fact | null {
  return describeDependency(asked, otherNames[keyOf(asked)] ?? asked, analysis);
}

function languageUse(asked: string, analysis: Analysis): Fact | null {
  const known = resolveAlias(asked);
  const language = known && analysis.languages.find((candidate) => candidate.name === known);
  if (!language || !/^(programming|markup)$/.test(languageInfo(language.name).type)) return null;
  return {
    statement: `It has ${plural(language.files, "file")} of ${language.name}, ${language.share}% of its own code by bytes.`,
    evidence: [],
    confidence: "certain",
  };
}

/** That something is not there can be said only of what would have been recognised, and only where manifests are. */
function absence(asked: string, analysis: Analysis): Fact | null {
  const known = otherNames[keyOf(asked)];
  if (known === undefined || analysis.dependencies.length === 0) return null;
  if (createTechnologyTable().named(known) === undefined) return null;
  const key = keyOf(asked);
  if (analysis.dependencies.some((one) => keyOf(one.name).includes(key))) return null;
  return {
    statement: `Nothing in its manifests, images and configuration files shows ${known}.`,
    evidence: [...new Set(analysis.dependencies.map((one) => one.manifest))]
      .slice(0, 3)
      .map((path) => ({ path, note: "manifest without it" })),
    confidence: "likely",
  };
}
