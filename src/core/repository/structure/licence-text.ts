import { licenceGrams, licenceWords } from "./licence-grams.ts";
import table from "./licences.generated.json" with { type: "json" };

export interface LicenceMatch {
  /** SPDX expression; more than one licence in a file gives AND, or OR when the file offers a choice. */
  readonly spdx: string;
  /** 1: the text is the licence's, word for word; about 0.5: only its name is given. */
  readonly confidence: number;
}

/** How much of a licence's text must be there. Forms with and without an appendix differ by up to a sixth. */
const NEEDED = 0.8;
/** Business and Server Side licences have parameters that differ in every copy. */
const NEEDED_WITH_PARAMETERS = 0.7;
const HAS_PARAMETERS = new Set(["BUSL-1.1", "SSPL-1.0", "BSD-3-Clause"]);
const MAX_LICENCES = 6;
const SHORT_WORDS = 160;

interface Fingerprint {
  readonly id: string;
  readonly size: number;
  readonly step: number;
  readonly sample: Uint32Array;
}

const fingerprints: readonly Fingerprint[] = (
  table.licences as unknown as readonly (readonly [string, number, number, string])[]
).map(([id, size, step, sample]) => ({
  id,
  size,
  step,
  sample: new Uint32Array(Uint8Array.from(Buffer.from(sample, "base64")).buffer),
}));

/** The licences whose text a file holds, compared by the share of five-word groups; undefined when there is none. */
export function matchLicenceText(text: string): LicenceMatch | undefined {
  const grams = new Set(licenceGrams(text));
  const total = grams.size;
  const found: { readonly id: string; readonly share: number }[] = [];
  let explained = 0;
  while (found.length < MAX_LICENCES && grams.size > 0) {
    let best: { readonly print: Fingerprint; readonly share: number; readonly matched: number } | undefined;
    for (const print of fingerprints) {
      let hits = 0;
      for (const gram of print.sample) if (grams.has(gram)) hits += 1;
      const share = hits / print.sample.length;
      const matched = hits * print.step;
      if (
        share >= (HAS_PARAMETERS.has(print.id) ? NEEDED_WITH_PARAMETERS : NEEDED) &&
        (best === undefined || isBetter(print, share, matched, best))
      )
        best = { print, share, matched };
    }
    if (best === undefined) break;
    found.push({ id: best.print.id, share: best.share });
    explained += best.print.size * best.share;
    for (const gram of best.print.sample) grams.delete(gram);
  }
  if (found.length === 0) return matchLesser(text) ?? matchReference(text);
  const isChoice =
    /dual[- ]?licen[sc]|tri[- ]?licen[sc]|at your option|user'?s choice|either of|choose (one|between)/i.test(
      text.slice(0, 3000),
    );
  const ids = found.map(({ id }) => withException(id, text));
  const reserved = /redis source available license/i.test(text) ? ["LicenseRef-RSALv2"] : [];
  const share = found.reduce((sum, match) => sum + match.share, 0) / found.length;
  const coverage = Math.min(1, explained / Math.max(1, total));
  return {
    spdx: [...reserved, ...ids].join(isChoice ? " OR " : " AND "),
    confidence: Math.round(Math.min(1, share * (0.6 + 0.4 * coverage) + 0.02) * 100) / 100,
  };
}

/** The longer common part wins; of nearly equal ones that of which less is missing (MIT and X11 share all but a line). */
function isBetter(
  print: Fingerprint,
  share: number,
  matched: number,
  best: { readonly print: Fingerprint; readonly share: number; readonly matched: number },
): boolean {
  const difference = matched - best.matched;
  if (Math.abs(difference) > best.matched * 0.04) return difference > 0;
  return share > best.share;
}

function withException(id: string, text: string): string {
  if (id === "Apache-2.0" && /LLVM Exceptions? to the Apache/i.test(text))
    return "Apache-2.0 WITH LLVM-exception";
  return id;
}

/** SPDX's text of LGPL 3 holds the GPL as well; projects ship the supplement alone. */
function matchLesser(text: string): LicenceMatch | undefined {
  const isSupplement =
    /^\s*GNU LESSER GENERAL PUBLIC LICENSE\s+Version 3\b/.test(text) &&
    text.includes("Additional Definitions");
  return isSupplement ? { spdx: "LGPL-3.0", confidence: 0.95 } : undefined;
}

/** Names as a short notice writes them ("dual-licensed under the Unlicense and MIT licenses"). */
const REFERENCES: readonly (readonly [RegExp, string])[] = [
  [/\bmit\b/, "MIT"],
  [/\bapache( software)?( license)?,?( version)? ?2/, "Apache-2.0"],
  [/\bunlicense\b/, "Unlicense"],
  [/\bbsd[- ]?3|3-clause bsd/, "BSD-3-Clause"],
  [/\bbsd[- ]?2|2-clause bsd/, "BSD-2-Clause"],
  [/\bmozilla public license,?( version| v)?[. ]*2|\bmpl[- ]2/, "MPL-2.0"],
  [/\baffero general public license|\bagpl/, "AGPL-3.0"],
  [/\blesser general public license.{0,20}2\.1|\blgpl.{0,4}2\.1/, "LGPL-2.1"],
  [/\blesser general public license.{0,20}3|\blgpl.{0,4}3/, "LGPL-3.0"],
  [/(?<!lesser |affero )general public license.{0,20}2|(?<![al])gpl.{0,4}2/, "GPL-2.0"],
  [/(?<!lesser |affero )general public license.{0,20}3|(?<![al])gpl.{0,4}3/, "GPL-3.0"],
  [/\bbusiness source license/, "BUSL-1.1"],
  [/\bserver side public license/, "SSPL-1.0"],
  [/\bisc license/, "ISC"],
  [/\bcc0\b/, "CC0-1.0"],
  [/\bzlib license/, "Zlib"],
];

function matchReference(text: string): LicenceMatch | undefined {
  const words = licenceWords(text).length;
  if (words === 0 || words > SHORT_WORDS) return undefined;
  const lower = text.toLowerCase().replaceAll(/\s+/g, " ");
  const ids = REFERENCES.flatMap(([pattern, id]) => (pattern.test(lower) ? [id] : []));
  if (ids.length === 0 || ids.length > 3) return undefined;
  const isChoice = /dual|either|\bor\b|choice|option/.test(lower);
  return { spdx: ids.join(isChoice ? " OR " : " AND "), confidence: ids.length === 1 ? 0.5 : 0.6 };
}
