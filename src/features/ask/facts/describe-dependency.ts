import type { Analysis } from "../../../contracts/analysis.ts";
import { isMinorPath } from "../../../core/repository/stack/minor-paths.ts";
import type { Fact, FactEvidence } from "./fact-topic.ts";
import { enumerate, lineOf, plural, stackEvidence, withVersion } from "./wording.ts";

type Dependency = Analysis["dependencies"][number];

/** `Node.js`, `node-js` and `nodejs` are one; case says nothing. */
export function keyOf(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9+#@/]/g, "");
}

/** What the report says of a dependency or a part of the stack; `alias` is its usual name in the report. */
export function describeDependency(asked: string, alias: string, analysis: Analysis): Fact | null {
  const keys = [keyOf(alias), keyOf(asked)];
  const item = analysis.stack.find(({ name }) => keys.some((key) => [key, `${key}js`].includes(keyOf(name))));
  const exact = analysis.dependencies.filter((one) => keys.includes(keyOf(one.name)));
  const named = exact.length > 0 ? exact : endingIn(asked, item, analysis.dependencies);
  if (!item && named.length === 0) return null;
  const found = named.toSorted((a, b) => tellingOf(a) - tellingOf(b));
  // An example may ask for what it likes, as long as the product asks too.
  const product = found.filter((one) => !isMinorPath(one.manifest));
  const versions = [
    ...new Set((product.length > 0 ? product : found).map((one) => one.version ?? one.requirement)),
  ].filter(isVersion);
  const [first] = found;
  const version = versionOf(item) ?? (versions.length === 1 ? versions[0] : undefined);
  const evidence = withoutRepeats([
    ...found.slice(0, 6).map(toEvidence),
    ...(item ? stackEvidence(item, 3) : []),
  ]);
  const place = evidence[0]
    ? ` (${evidence[0].path}:${evidence[0].startLine}${asksFor(first, version)})`
    : "";
  const gap = version !== undefined || versions.length > 1 ? "" : "; no version is given";
  const several =
    version === undefined && versions.length > 1
      ? ` Its manifests ask for ${plural(versions.length, "version")}: ${enumerate(versions, 4)}.`
      : "";
  return {
    statement: `It uses ${withVersion(item?.name ?? first!.name, version)}${place}${gap}.${several}${onlyFor(found)}`,
    evidence,
    confidence: exact.length > 0 || item ? "certain" : "likely",
  };
}

/** `$(NunitPackageVersion)` and `${junit.version}` are set elsewhere, where the report does not follow them. */
function isVersion(text: string): boolean {
  return text !== "" && !/\$[({]/.test(text);
}

function versionOf(item: Analysis["stack"][number] | undefined): string | undefined {
  return item?.version !== undefined && isVersion(item.version) ? item.version : undefined;
}

/** Manifests of the product before those of tests and examples, and what says a version before what does not. */
function tellingOf(one: Dependency): number {
  return (
    (isMinorPath(one.manifest) ? 8 : 0) +
    (one.shared ? 4 : 0) +
    (one.scope === "runtime" ? 0 : one.scope === "optional" ? 1 : 2) +
    (one.requirement === "" ? 3 : 0) +
    one.manifest.split("/").length / 10
  );
}

function asksFor(first: Dependency | undefined, version: string | undefined): string {
  const asks = first?.requirement ?? "";
  return asks === "" || asks.startsWith("workspace") || asks === version || version === undefined
    ? ""
    : ` asks for ${asks}`;
}

const purposes: Readonly<Record<Dependency["scope"], string>> = {
  runtime: "at run time",
  development: "for development",
  optional: "as an option",
  peer: "as a peer",
  build: "for the build",
  test: "for tests",
};

function onlyFor(found: readonly Dependency[]): string {
  const own = found.filter((one) => !one.shared);
  if (own.length === 0) return "";
  if (own.every((one) => one.indirect)) return " Only other dependencies need it.";
  const words = [...new Set(own.map((one) => purposes[one.scope]))];
  return own.every((one) => one.scope !== "runtime") ? ` It is there only ${enumerate(words)}.` : "";
}

function toEvidence(one: Dependency): FactEvidence {
  const asks = one.requirement === "" ? "" : ` ${one.requirement}`;
  const note = `${one.name}${asks} (${one.scope}${one.indirect ? ", indirect" : ""})`;
  return { path: one.manifest, ...lineOf(one.line), note };
}

function withoutRepeats(evidence: readonly FactEvidence[]): FactEvidence[] {
  return evidence.filter(
    (one, index) =>
      evidence.findIndex((other) => other.path === one.path && other.startLine === one.startLine) === index,
  );
}

/**
 * Those of one name that ends in what was asked for; none where several names do. Types for a thing are not the thing,
 * and `com.android.tools.build:gradle` is another than Gradle: it must be what showed the part of the stack.
 */
function endingIn(
  asked: string,
  item: Analysis["stack"][number] | undefined,
  dependencies: readonly Dependency[],
): Dependency[] {
  const found = dependencies.filter(
    (one) => keyOf(lastPart(one.name)) === keyOf(asked) && !one.name.startsWith("@types/"),
  );
  const shows = (one: Dependency): boolean =>
    !item || item.evidence.some(({ path, line }) => path === one.manifest && line === one.line);
  return new Set(found.map((one) => one.name)).size === 1 && found.some(shows) ? found : [];
}

/** `ajv-compiler` of `@fastify/ajv-compiler`, `gin` of `github.com/gin-gonic/gin`, `guava` of `com.google.guava:guava`. */
function lastPart(dependency: string): string {
  const parts = dependency.replace(/\/v\d+$/, "").split(/[/:]/);
  return parts.at(-1) ?? dependency;
}
