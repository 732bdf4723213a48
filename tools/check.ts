import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** `npm run check [-- path …]`: everything that must hold before a change lands; with paths only what concerns them. */
const root = fileURLToPath(new URL("..", import.meta.url));
const paths = process.argv.slice(2);
const bin = (name: string): string => fileURLToPath(new URL(`../node_modules/.bin/${name}`, import.meta.url));

const steps: readonly (readonly [name: string, program: string, args: readonly string[]])[] = [
  ["generate", process.execPath, ["tools/generate.ts", "--check"]],
  ["types", bin("tsc"), []],
  ["lint", bin("oxlint"), ["--type-aware", "--deny-warnings", ...paths]],
  ["format", bin("oxfmt"), ["--check", ...paths]],
  ["tests", bin("vitest"), ["run", ...paths]],
  ...(paths.length === 0 ? [["unused", bin("knip"), []] as const] : []),
];

const failed = steps.filter(([name, program, args]) => {
  process.stdout.write(`\n— ${name}\n`);
  return spawnSync(program, args, { cwd: root, stdio: "inherit" }).status !== 0;
});
process.stdout.write(
  failed.length === 0 ? "\nAll checks passed.\n" : `\nFailed: ${failed.map(([name]) => name).join(", ")}\n`,
);
process.exitCode = failed.length === 0 ? 0 : 1;
