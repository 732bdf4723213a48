import { spawnSync } from "node:child_process";
import { cpSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * `npm pack` runs this: Node strips types from no file below `node_modules`, so the package carries plain JavaScript in
 * `dist`. Nothing else needs it; in a checkout the source runs as it is.
 */
const root = fileURLToPath(new URL("..", import.meta.url));
const source = join(root, "src");
const target = join(root, "dist");

rmSync(target, { recursive: true, force: true });
const compiler = spawnSync(join(root, "node_modules", ".bin", "tsc"), ["-p", "tsconfig.build.json"], {
  cwd: root,
  stdio: "inherit",
});
if (compiler.status !== 0) process.exit(1);
// What is read at run time beside the code: data tables, styles, the script of the page.
for (const path of readdirSync(source, { recursive: true, encoding: "utf8" }))
  if (/\.(json|css|js|md)$/.test(path) && !/(^|\/)(fixtures|snapshots)\//.test(path))
    cpSync(join(source, path), join(target, path));
