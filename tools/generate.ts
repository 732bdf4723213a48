import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { CommandEntry } from "../src/contracts/command.ts";
import type { RuleDefinition } from "../src/contracts/review-rule.ts";
import type { RouteEntry } from "../src/contracts/route.ts";
import type { GeneratedFile } from "./generated-file.ts";
import { generateLicences } from "./generate-licences.ts";
import { generateLinguist } from "./generate-linguist.ts";
import { generateReference } from "./generate-reference.ts";
import { generateRegistries } from "./generate-registries.ts";
import { generateTechnologies } from "./generate-technologies.ts";

/** `npm run generate` writes what follows from definitions; `-- --check` says what is stale and writes nothing. */
const root = fileURLToPath(new URL("..", import.meta.url));
const isCheck = process.argv.includes("--check");
const stale: string[] = [];

put(await generateLinguist());
put(await generateTechnologies());
put(await generateLicences());
put(await generateRegistries(root));
// The registry has just been written, so the reference lists every command and route.
const registry = (await import(pathToFileURL(join(root, "src/features/registry.generated.ts")).href)) as {
  commands: readonly CommandEntry[];
  routes: readonly RouteEntry[];
};
const routes = await Promise.all(registry.routes.map(async (load) => (await load()).default));
const { rules } = (await import(
  pathToFileURL(join(root, "src/extensions/rules/registry.generated.ts")).href
)) as {
  rules: readonly RuleDefinition[];
};
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
put(await generateReference(registry.commands, routes, rules, version));

if (isCheck && stale.length > 0) {
  process.stderr.write(`Stale, run \`npm run generate\`:\n${stale.map((path) => `  ${path}\n`).join("")}`);
  process.exitCode = 1;
}

function put(files: readonly GeneratedFile[]): void {
  for (const file of files) {
    const path = join(root, file.path);
    if (read(path) === file.content) continue;
    stale.push(file.path);
    if (isCheck) continue;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, file.content);
    process.stdout.write(`wrote ${file.path}\n`);
  }
}

function read(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
