import table from "./licences.generated.json" with { type: "json" };

const NAMES: readonly (readonly [RegExp, string])[] = [
  [/^(the )?apache( software)?( license)?,?( version| v)? ?2(\.0)?$/, "Apache-2.0"],
  [/^asl ?2(\.0)?$|^al ?2(\.0)?$/, "Apache-2.0"],
  [/^(the )?(expat|mit)( license)?$/, "MIT"],
  [/^(the )?(new|revised|modified|3-clause|bsd 3-clause|bsd-3)( bsd)?( license)?$/, "BSD-3-Clause"],
  [/^(the )?(simplified|freebsd|2-clause|bsd 2-clause|bsd-2)( bsd)?( license)?$/, "BSD-2-Clause"],
  [/^(the )?isc license$/, "ISC"],
  [/^(gnu )?(general public license|gpl)[ -]?(version |v)?3(\.0)?( only)?$/, "GPL-3.0-only"],
  [
    /^(gnu )?(general public license|gpl)[ -]?(version |v)?3(\.0)?( or later|\+|-or-later)$/,
    "GPL-3.0-or-later",
  ],
  [/^(gnu )?(general public license|gpl)[ -]?(version |v)?2(\.0)?( only)?$/, "GPL-2.0-only"],
  [
    /^(gnu )?(general public license|gpl)[ -]?(version |v)?2(\.0)?( or later|\+|-or-later)$/,
    "GPL-2.0-or-later",
  ],
  [/^(gnu )?(lesser general public license|lgpl)[ -]?(version |v)?3(\.0)?( only)?$/, "LGPL-3.0-only"],
  [/^(gnu )?(lesser general public license|lgpl)[ -]?(version |v)?2\.1( only)?$/, "LGPL-2.1-only"],
  [/^(gnu )?(affero general public license|agpl)[ -]?(version |v)?3(\.0)?( only)?$/, "AGPL-3.0-only"],
  [/^(mozilla public license|mpl)[ -]?(version |v)?2(\.0)?$/, "MPL-2.0"],
  [/^eclipse public license( -)?( version| v)? ?2(\.0)?$/, "EPL-2.0"],
  [/^eclipse public license( -)?( version| v)? ?1(\.0)?$/, "EPL-1.0"],
  [/^(business source license|busl|bsl)[ -]?(version |v)?1\.1$/, "BUSL-1.1"],
  [/^boost software license[ -]?(version |v)?1\.0$/, "BSL-1.0"],
  [/^(the )?unlicense$/, "Unlicense"],
  [/^cc0( 1\.0)?( universal)?$|^public domain, per creative commons cc0$/, "CC0-1.0"],
  [/^server side public license( v| version )?1?$/, "SSPL-1.0"],
  [/^elastic license 2\.0$/, "Elastic-2.0"],
];

const ids = new Map(table.ids.split(" ").map((id) => [id.toLowerCase(), id]));

/**
 * A declared licence as an SPDX expression, or undefined when it names none: ids in any case, the usual long names,
 * `A/B` as Cargo wrote it once, and expressions with AND, OR and WITH.
 */
export function toSpdxExpression(declared: string): string | undefined {
  const text = declared.trim().replaceAll(/\s+/g, " ");
  if (text === "" || text.length > 200) return undefined;
  const whole = toId(text);
  if (whole !== undefined) return whole;
  const parts = text
    .replaceAll(/[()]/g, (bracket) => ` ${bracket} `)
    .replaceAll(/([\w.+-])\/(?=[A-Z])/g, "$1 OR ")
    .split(/\s+(AND|OR|WITH)\s+/i);
  const translated = parts.map((part, index) => {
    if (index % 2 === 1) return part.toUpperCase();
    if (parts[index - 1]?.toUpperCase() === "WITH") return part.trim();
    const [, open = "", name = "", close = ""] = /^([\s(]*)(.*?)([\s)]*)$/.exec(part) ?? [];
    const id = toId(name);
    return id === undefined ? undefined : `${open.replaceAll(" ", "")}${id}${close.replaceAll(" ", "")}`;
  });
  return parts.length === 1 || translated.includes(undefined) ? undefined : translated.join(" ");
}

function toId(text: string): string | undefined {
  const known =
    ids.get(text.toLowerCase()) ??
    (text.endsWith("+") ? ids.get(text.slice(0, -1).toLowerCase()) : undefined);
  if (known !== undefined) return text.endsWith("+") && !known.endsWith("+") ? `${known}+` : known;
  if (text.startsWith("LicenseRef-")) return text;
  const name = text.toLowerCase().replaceAll(/[,"']/g, "").replaceAll("licence", "license").trim();
  return NAMES.find(([pattern]) => pattern.test(name))?.[1];
}

/** The licence ids in an expression, without `-only`, `-or-later` and `+`, to compare what a text alone can tell. */
export function licenceIdsOf(expression: string): readonly string[] {
  return expression
    .split(/\s+(?:AND|OR)\s+|[()]/)
    .map(
      (part) =>
        part
          .trim()
          .split(" WITH ")[0]
          ?.replace(/(-only|-or-later|\+)$/, "") ?? "",
    )
    .filter((id) => id !== "");
}
