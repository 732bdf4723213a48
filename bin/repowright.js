#!/usr/bin/env node
// Finds a Node that is new enough and hands over. Plain JavaScript on purpose: old Nodes must be able to read it.
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import * as module from "node:module";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const leastMajor = 24;
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const args = process.argv.slice(2);
const isCheckout = existsSync(join(root, "src"));

if (args.length === 1 && (args[0] === "--version" || args[0] === "-V")) {
  process.stdout.write(`${JSON.parse(readFileSync(join(root, "package.json"), "utf8")).version}\n`);
} else if (Number(process.versions.node.split(".")[0]) >= leastMajor) {
  module.enableCompileCache?.();
  // A package carries compiled files, a checkout runs its source.
  await import(isCheckout ? "../src/main.ts" : "../dist/main.js");
} else {
  const node = findNode();
  if (node === null) {
    process.stderr.write(
      `repowright needs Node ${leastMajor} or newer; this is Node ${process.versions.node}.\n` +
        `Run \`${isCheckout ? `npm install\` in ${root}` : `npm install node@${leastMajor}\` beside it`} (it brings Node ${leastMajor} along), or install it from https://nodejs.org.\n`,
    );
    process.exitCode = 1;
  } else {
    // Before the child is there: the terminal sends Ctrl-C to both, and the child cleans up and decides when to end.
    // A signal that ended us alone would leave the child behind.
    let child = null;
    process.on("SIGINT", () => {});
    for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child?.kill(signal));
    child = spawn(node, [fileURLToPath(import.meta.url), ...args], { stdio: "inherit" });
    child.on("error", (error) => {
      process.stderr.write(`${node} could not be started: ${error.message}\n`);
      process.exitCode = 1;
    });
    child.on("exit", (code, signal) => {
      process.exitCode = code === null ? 128 + (constants.signals[signal] ?? 15) : code;
    });
  }
}

/** The `node` package, which `npm install` puts beside us, carries a whole Node. */
function findNode() {
  try {
    const manifest = module.createRequire(import.meta.url).resolve("node/package.json");
    const { version } = JSON.parse(readFileSync(manifest, "utf8"));
    const program = join(dirname(manifest), "bin", process.platform === "win32" ? "node.exe" : "node");
    return Number(version.split(".")[0]) >= leastMajor && existsSync(program) ? program : null;
  } catch {
    return null;
  }
}
