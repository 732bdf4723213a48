import type { Analysis } from "../../../../contracts/analysis.ts";
import type { Fact, FactTopic } from "../fact-topic.ts";
import { isOnlyAbout, wordsOf } from "../question.ts";
import { enumerate, lineOf, stackEvidence } from "../wording.ts";

type Task = "install" | "build" | "test" | "lint" | "develop" | "run";

const asked: readonly (readonly [Task, RegExp])[] = [
  ["test", /\b(tests?|testing|test suite|unit tests|tested)\b/i],
  ["lint", /\b(lint|linter|format|formatter|linting)\b/i],
  ["install", /\b(install|installed|set ?up|setup|dependencies)\b/i],
  ["build", /\b(build|built|compile|compiled)\b/i],
  ["develop", /\b(dev|development|locally|local)\b/i],
  ["run", /\b(run|start|started|launch|execute|dev server|serve)\b/i],
];
const opening =
  /^(?:how (?:do|can|should|would|must|could) (?:i|we|you|one)|how to|how (?:is|are)|what is the (?:command|script|way) to|which (?:command|script)s?|what (?:command|script)s?|command to|where do i find how to)\b/i;
const words = wordsOf(
  "how test tests testing suite unit tested lint linter format formatter linting install installed set up setup",
  "dependencies build built compile compiled run runs running start started launch execute dev development server",
  "serve locally local machine computer laptop source scratch command commands script scripts way get going project find where",
);
/** Script names for a task, best first. */
const scriptNames: Readonly<Record<Task, readonly RegExp[]>> = {
  install: [/^(install|setup|bootstrap|deps)$/],
  build: [/^(build|compile|all|default|dist|assemble|package)$/, /^build[:_-]/],
  test: [/^(test|tests|check|spec)$/, /^(test|unit)([:_-]|$)/],
  lint: [/^(lint|format|fmt)$/, /^(lint|format|fmt)[:_-]/],
  develop: [/^(dev|develop|development|start[:_-]dev)$/, /^(serve|start|run|up|watch)$/, /^dev[:_-]/],
  run: [/^(start|serve|server|run)$/, /^(dev|up)$/, /^(start|dev)[:_-]/],
};
/** What a tool's users type when the repository has no script; only what needs no guess about names. */
const usual: Readonly<Record<string, Partial<Record<Task, string>>>> = {
  npm: { install: "npm install" },
  Yarn: { install: "yarn install" },
  pnpm: { install: "pnpm install" },
  Bun: { install: "bun install" },
  Cargo: { install: "cargo fetch", build: "cargo build", test: "cargo test", run: "cargo run" },
  "Go modules": { install: "go mod download", build: "go build ./...", test: "go test ./..." },
  Bundler: { install: "bundle install" },
  Composer: { install: "composer install" },
  Mix: { install: "mix deps.get", build: "mix compile", test: "mix test" },
  Maven: { install: "mvn dependency:resolve", build: "mvn package", test: "mvn test" },
  Gradle: { build: "gradle build", test: "gradle test" },
  NuGet: { install: "dotnet restore", build: "dotnet build", test: "dotnet test" },
  "Swift Package Manager": { install: "swift package resolve", build: "swift build", test: "swift test" },
  Poetry: { install: "poetry install" },
  uv: { install: "uv sync" },
  pytest: { test: "pytest" },
  RSpec: { test: "bundle exec rspec" },
  PHPUnit: { test: "vendor/bin/phpunit" },
};

export const commands: FactTopic = {
  id: "commands",
  examples: {
    answered: [
      "How do I run the tests?",
      "How to build it?",
      "how do I install the dependencies",
      "How can I start the dev server?",
      "Which command runs the test suite?",
      "How do I run this project locally?",
      "what's the command to lint",
    ],
    left: [
      "How does the build step work?",
      "How are tests discovered?",
      "How do I build a custom plugin?",
      "How do I run a migration?",
      "How is the server started in cluster mode?",
      "How does it run?",
      "How do I test a route handler?",
    ],
  },
  find(question, analysis) {
    if (!opening.test(question.text) || !isOnlyAbout(question, words)) return null;
    if (
      /^how (is|are)\b/i.test(question.text) &&
      !/^how (is|are) (it|the (unit )?tests) (built|run|tested|installed|compiled|started)$/i.test(
        question.text,
      )
    )
      return null;
    const task = asked.find(([, pattern]) => pattern.test(question.text))?.[0];
    return task === undefined ? null : describeTask(task, analysis);
  },
};

function describeTask(task: Task, analysis: Analysis): Fact | null {
  const { scripts } = analysis.structure;
  const ranked = scripts
    .map((script) => ({ script, rank: scriptNames[task].findIndex((pattern) => pattern.test(script.name)) }))
    .filter(({ rank }) => rank !== -1)
    .toSorted((a, b) => depthOf(a.script.path) - depthOf(b.script.path) || a.rank - b.rank);
  // A script of a folder below, or of a lesser name, says little about the whole while a better one is there.
  const best = ranked[0];
  const top = ranked
    .filter(({ script, rank }) => rank === best!.rank && depthOf(script.path) === depthOf(best!.script.path))
    .map(({ script }) => script);
  const habits = toolsAtTop(analysis).flatMap((item) => {
    const command = item.name === "pip" ? pipCommand(task, item) : usual[item.name]?.[task];
    return command === undefined ? [] : [{ item, command: viaWrapper(command, analysis) }];
  });
  const isInstall = task === "install";
  // A `package.json` in a repository of another language runs what is beside the product: its assets, its client.
  const isBeside =
    habits.some(({ item }) => !isOfNode(item.name)) &&
    !/^(JavaScript|TypeScript|Vue|Svelte|Astro|CoffeeScript)$/.test(mainLanguage(analysis)) &&
    top.every(({ path }) => path.endsWith("package.json"));
  if (top.length > 0 && !isBeside && !(isInstall && habits.length > 0)) return byScripts(task, top);
  return habits.length === 0 ? null : byHabit(task, habits, isInstall ? [] : top);
}

type Script = Analysis["structure"]["scripts"][number];

function byScripts(task: Task, scripts: readonly Script[]): Fact {
  const named = scripts.map((script) => `\`${script.run}\` (${script.path}:${script.line})`);
  return {
    statement: `${verbs[task]} with ${enumerate(named, 4)}.`,
    evidence: scripts.slice(0, 6).map(({ path, line, name, command }) => ({
      path,
      ...lineOf(line),
      note: `${name}: ${command}`,
    })),
    confidence: depthOf(scripts[0]!.path) === 0 ? "certain" : "likely",
  };
}

interface Habit {
  readonly item: Analysis["stack"][number];
  readonly command: string;
}

function byHabit(task: Task, habits: readonly Habit[], beside: readonly Script[]): Fact {
  const typed = enumerate(
    habits.map(({ command }) => `\`${command}\``),
    4,
  );
  const tools = enumerate(habits.map(({ item }) => item.name));
  const [script] = beside;
  const rest = script
    ? `. Beside that there is \`${script.run}\` (${script.path}:${script.line})`
    : task === "install"
      ? ""
      : "; the repository declares no script for it";
  return {
    statement: `${verbs[task]} with ${typed}, as is usual with ${tools}${rest}.`,
    evidence: habits.flatMap(({ item }) => stackEvidence(item, 1)),
    confidence: "likely",
  };
}

function isOfNode(tool: string): boolean {
  return /^(npm|Yarn|pnpm|Bun)$/.test(tool);
}

function mainLanguage({ languages }: Analysis): string {
  return languages.toSorted((a, b) => b.share - a.share)[0]?.name ?? "";
}

const verbs: Readonly<Record<Task, string>> = {
  install: "Dependencies are installed",
  build: "It is built",
  test: "Tests are run",
  lint: "Code is checked or formatted",
  develop: "It is started for development",
  run: "It is started",
};

/** Tools of a folder below belong to that folder. */
function toolsAtTop({ stack }: Analysis): Analysis["stack"] {
  return stack.filter((item) => item.evidence.some(({ path }) => depthOf(path) === 0));
}

function pipCommand(task: Task, { evidence }: Analysis["stack"][number]): string | undefined {
  if (task !== "install") return undefined;
  const paths = new Set(evidence.map(({ path }) => path));
  if (paths.has("requirements.txt")) return "pip install -r requirements.txt";
  return paths.has("pyproject.toml") || paths.has("setup.py") ? "pip install ." : undefined;
}

function viaWrapper(command: string, analysis: Analysis): string {
  const files = new Set(analysis.structure.largestFiles.map(({ path }) => path));
  if (command.startsWith("mvn") && files.has("mvnw")) return command.replace("mvn", "./mvnw");
  if (command.startsWith("gradle") && (files.has("gradlew") || hasFolder(analysis, "gradle/wrapper")))
    return `./gradlew${command.slice("gradle".length)}`;
  if (command.startsWith("mvn") && hasFolder(analysis, ".mvn/wrapper"))
    return command.replace("mvn", "./mvnw");
  return command;
}

function hasFolder({ structure }: Analysis, path: string): boolean {
  return structure.directories.some((folder) => folder.path === path);
}

function depthOf(path: string): number {
  return path.split("/").length - 1;
}
