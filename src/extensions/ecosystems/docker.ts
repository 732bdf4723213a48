import { defineEcosystem, type DeclaredDependency } from "../../contracts/ecosystem.ts";

const DOCKERFILE = /(^|\/)((Dockerfile|Containerfile)([._-][^/]*)?|[^/]+\.(dockerfile|containerfile))$/i;
const COMPOSE = /(^|\/)(docker-)?compose([._-][^/]*)?\.ya?ml$/i;
const VARIABLE = /\$\{?(\w+)(:?[-+][^}]*)?\}?/g;

export default defineEcosystem({
  id: "docker",
  title: "Docker",
  isManifest: (path) =>
    (DOCKERFILE.test(path) && !/\.(md|txt|go|ts|js|py|rb|rs|java|erb|j2|dockerignore)$/i.test(path)) ||
    COMPOSE.test(path),
  isLockFile: () => false,
  parseManifest: ({ path, text }) => {
    if (text.includes("\u0000"))
      return { problems: [{ message: "Not a Dockerfile: it holds binary data." }] };
    return { dependencies: COMPOSE.test(path) ? readCompose(text) : readDockerfile(text) };
  },
  parseLockFile: () => new Map(),
});

/** Base images; stages built on earlier stages of the same file and `scratch` are not dependencies. */
function readDockerfile(text: string): DeclaredDependency[] {
  const defaults = new Map<string, { readonly value: string; readonly line: number }>();
  const stages = new Set<string>();
  const found: DeclaredDependency[] = [];
  const lines = text.split("\n");
  const images = lines.flatMap((text, index) => {
    const arg = /^\s*ARG\s+(\w+)=["']?([^\s"']*)/i.exec(text);
    if (arg !== null) defaults.set(arg[1] ?? "", { value: arg[2] ?? "", line: index + 1 });
    const from = /^\s*FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?/i.exec(text);
    if (from === null) return [];
    let line = index + 1;
    const image = (from[1] ?? "").replaceAll(VARIABLE, (whole, name: string, _rest, offset: number) => {
      const argument = defaults.get(name);
      // `FROM $IMAGE`: the image is declared where the argument gets its value.
      if (argument !== undefined && offset === 0) line = argument.line;
      return argument?.value ?? whole;
    });
    const isStage = stages.has(image.toLowerCase());
    if (from[2] !== undefined) stages.add(from[2].toLowerCase());
    return isStage ? [] : [{ image, line }];
  });
  const last = images.length - 1;
  for (const [index, { image, line }] of images.entries()) {
    const dependency = toImage(image, line);
    if (dependency !== undefined) found.push({ ...dependency, scope: index === last ? "runtime" : "build" });
  }
  return found;
}

function readCompose(text: string): DeclaredDependency[] {
  const found: DeclaredDependency[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    const image = /^\s+image:\s*["']?([^\s"'#]+)/.exec(line)?.[1];
    const dependency = image === undefined ? undefined : toImage(image, index + 1);
    if (dependency !== undefined) found.push(dependency);
  }
  return found;
}

function toImage(image: string, line: number): DeclaredDependency | undefined {
  const filled = image.replaceAll(/\$\{\w+:?-([^}]*)\}/g, "$1");
  const match = /^((?:[\w.-]+(?::\d+)?\/)?[\w./-]+?)(?::([\w.-]+))?(?:@(sha256:[0-9a-f]+))?$/.exec(
    filled.replace(/:\$\{?\w+\}?.*$/, ""),
  );
  if (match === null || match[1] === "scratch") return undefined;
  return { name: match[1] ?? "", requirement: match[2] ?? match[3] ?? "", scope: "runtime", line };
}
