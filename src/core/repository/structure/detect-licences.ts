import type { ManifestFacts } from "../../../contracts/ecosystem.ts";
import { licenceIdsOf, toSpdxExpression } from "./licence-ids.ts";
import { type LicenceMatch, matchLicenceText } from "./licence-text.ts";

export interface Licence {
  /** SPDX expression. */
  readonly spdx: string;
  /** The file that holds the text, or the manifest that declares it. */
  readonly path: string;
  /** From 0 to 1: how sure the text or the declaration makes it. */
  readonly confidence: number;
}

export interface LicenceInput {
  readonly texts: ReadonlyMap<string, string>;
  readonly manifests: readonly { readonly path: string; readonly facts: ManifestFacts }[];
}

const FILE =
  /^(un|mit[-_]|apache[-_]|bsd[-_]|gpl[-_])?(li[cs]en[sc]es?|copying|copyright)([._-][^/]*)?$|^(MIT|APACHE|BSD|GPL)([._-][^/]*)?$|^(COPYING)\.(LESSER|LIB)$/i;
const CODE =
  /\.(js|ts|tsx|jsx|py|rb|go|rs|java|c|h|cpp|cs|php|html|css|json|ya?ml|xml|png|svg|erb|tmpl|tpl|sh|lock)$/i;
const MAX_LICENCE_FILES = 60;

/** Whether a file should hold the text of a licence: LICENSE, COPYING, UNLICENSE, LICENSE-MIT, `LICENSES/*` (REUSE). */
export function isLicenceFile(path: string): boolean {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return (FILE.test(name) && !CODE.test(name)) || /(^|\/)LICENSES\/[^/]+\.(txt|md)$/.test(path);
}

export interface Licences {
  /**
   * The licence of the whole: what the top manifest declares when the texts agree with it, else what the texts say. A
   * manifest alone is believed too, but less. Null when nothing is found.
   */
  readonly licence: Licence | null;
  /** Every licence text and declaration: the top first, then parts that have their own. */
  readonly licences: readonly Licence[];
}

export function detectLicences({ texts, manifests }: LicenceInput): Licences {
  const files = [...texts.keys()].filter(isLicenceFile).sort(byDepth).slice(0, MAX_LICENCE_FILES);
  // A workspace's members carry copies of the same text.
  const matches = new Map<string, LicenceMatch | undefined>();
  const found = files.flatMap((path) => {
    const text = texts.get(path) ?? "";
    if (!matches.has(text)) matches.set(text, matchLicenceText(text));
    const match = matches.get(text);
    return match === undefined ? [] : [{ spdx: match.spdx, path, confidence: match.confidence }];
  });
  const declared = readDeclarations(manifests);
  const licences = [...found, ...declared].sort((a, b) => byDepth(a.path, b.path));
  return {
    licence: choose(
      found,
      declared.sort((a, b) => byDepth(a.path, b.path)),
    ),
    licences,
  };
}

function choose(found: readonly Licence[], declarations: readonly Licence[]): Licence | null {
  const top = found.filter(({ path }) => isTop(path));
  const declared = declarations.find(({ path }) => depth(path) <= 1);
  const fromTexts = combine(top);
  if (fromTexts === null) return declared ?? found.find(({ path }) => depth(path) === 1) ?? null;
  if (declared === undefined) return fromTexts;
  const written = new Set(top.flatMap(({ spdx }) => licenceIdsOf(spdx)));
  const agrees = licenceIdsOf(declared.spdx).every((id) => written.has(id));
  return agrees
    ? { spdx: declared.spdx, path: fromTexts.path, confidence: Math.max(0.95, fromTexts.confidence) }
    : { ...fromTexts, confidence: Math.min(fromTexts.confidence, 0.8) };
}

function isTop(path: string): boolean {
  return !path.includes("/") || /^LICENSES\/[^/]+$/.test(path);
}

/** Several texts at the top: a library's GPL goes with its LGPL, files named after their licence are a choice. */
function combine(top: readonly Licence[]): Licence | null {
  const [first] = top;
  if (first === undefined) return null;
  const lesser = top.find(({ spdx }) => spdx.startsWith("LGPL-"));
  if (lesser !== undefined && top.every(({ spdx }) => /^L?GPL-/.test(spdx))) return lesser;
  const main =
    top.find(
      ({ path }) => /^(licen[cs]e|copying)(\.(txt|md|rst))?$/i.test(path) && matchesWhole(path, top),
    ) ?? first;
  const ids = [...new Set(top.map(({ spdx }) => spdx))].filter((id) => !id.includes(" "));
  if (main.spdx.includes(" ") || ids.length < 2) return main;
  const named = top.filter(({ path }) =>
    /^(licen[cs]e|copying)[-_.](?!txt|md|rst)\w|^(unlicen[cs]e|mit|apache|bsd)/i.test(path),
  );
  if (named.length < 2 && !(named.length === 1 && /^unlicen/i.test(named[0]?.path ?? ""))) return main;
  const choice = [...new Set(named.map(({ spdx }) => spdx))];
  const confidence = Math.min(...named.map((licence) => licence.confidence));
  return {
    spdx: (choice.length > 1 ? choice : ids).join(" OR "),
    path: named[0]?.path ?? main.path,
    confidence,
  };
}

function matchesWhole(path: string, top: readonly Licence[]): boolean {
  return top.some((licence) => licence.path === path && licence.confidence > 0.4);
}

function readDeclarations(manifests: LicenceInput["manifests"]): Licence[] {
  return manifests.flatMap(({ path, facts }) => {
    const spdx = facts.licence === undefined ? undefined : toSpdxExpression(facts.licence);
    return spdx === undefined ? [] : [{ spdx, path, confidence: 0.9 }];
  });
}

function depth(path: string): number {
  return path.split("/").length - 1;
}

function byDepth(a: string, b: string): number {
  return depth(a) - depth(b) || (a < b ? -1 : a > b ? 1 : 0);
}
