import { defineRule, type RuleHit } from "../../contracts/review-rule.ts";
import { firstPlace, placeOf } from "./shared/changed-lines.ts";

/** Not `license.ts`: the ending is one of texts, or names the licence itself. */
const licenceFile =
  /(?:^|\/)(?:(?:LICEN[CS]E|COPYING|UNLICENSE)(?:[-.](?:md|txt|rst|html?|[A-Z][A-Z\d.+-]*|Apache|[Mm]it))?|licen[cs]e(?:\.(?:md|txt|rst))?|Licen[cs]e\.(?:md|txt|rst))$/;
/** From here on it is about what others wrote. */
const othersBelow = /^\W*(?:bundled|third.?part(?:y|ies)|licen[cs]es? of|dependenc)/im;
const manifest =
  /(?:^|\/)(?:package\.json|composer\.json|Cargo\.toml|pyproject\.toml|[\w.-]+\.(?:gemspec|nuspec|csproj))$/;
/** A field that names a licence, as the manifests write it. */
const field =
  /^\s*(?:"license"\s*:|license\s*=|(?:\w+\.)?licenses?\s*=|<license\b|<PackageLicenseExpression>)\s*(.*)$/i;

export default defineRule({
  id: "licence-changed",
  kind: "change",
  title: "Licence changed or removed",
  severity: "warning",
  category: "licence",
  confidence: "high",
  message: "The licence is not the same any more.",
  why: "It changes what everyone may do with the code, and usually needs the agreement of everyone who wrote it.",
  docs: "The text of a licence was changed or removed, or a manifest names another licence. Years, holders and white space do not count, nor does a licence that goes with all of its folder. Switch it off where licences of other people's works are kept as files.",
  examples: {
    bad: [
      { LICENSE: ["MIT License\n\nPermission is hereby granted.\n", null] },
      {
        "LICENSE.md": [
          "Permission is hereby granted, free of charge.\n",
          "All rights reserved by us, and nobody else.\n",
        ],
      },
      { "package.json": ['{\n  "license": "MIT"\n}\n', '{\n  "license": "BUSL-1.1"\n}\n'] },
    ],
    good: [
      {
        LICENSE: [
          "Copyright (c) 2024 A\n\nPermission is granted.\n",
          "Copyright (c) 2024-2026 A, B\n\nPermission is  granted.\n",
        ],
      },
      {
        "docs/license.rst": [
          "Licence\n=======\n\nIt is free.\n",
          "Licence\n=======\n\n.. include:: ../LICENSE\n",
        ],
      },
      {
        "packages/old/LICENSE": ["Permission is granted.\n", null],
        "packages/old/index.js": ["export const a = 1;\n", null],
        "index.js": ["export const a = 1;\n", "export const a = 1;\n"],
      },
      { LICENSE: [null, "MIT License\n"] },
      { "src/license.ts": ["export const a = 1;\n", "export const a = 2;\n"] },
      {
        "LICENSE.md": [
          "Permission is granted.\n\n# Bundled dependencies\n## a\n",
          "Permission is granted.\n\n# Bundled dependencies\n## b\n",
        ],
      },
      { "package.json": ['{\n  "license": "MIT"\n}\n', '{\n  "license": "MIT",\n  "private": true\n}\n'] },
    ],
  },
  async check(change) {
    const hits: RuleHit[] = [];
    for (const file of change.files) {
      const path = file.oldPath ?? file.path;
      if (file.role === "vendored" || file.role === "test" || file.role === "example") continue;
      if (
        licenceFile.test(path) &&
        !/(?:^|\/)docs?\//.test(path) &&
        file.diff.status !== "added" &&
        file.diff.status !== "copied"
      ) {
        const before = await change.before(path);
        if (before === null || essence(before) === "") continue;
        const isGone = file.diff.status === "deleted";
        // A second one may take its place, as for a dual licence.
        const moved =
          isGone &&
          change.files.some((other) => other.diff.status === "added" && licenceFile.test(other.path));
        // What it was about is gone with it.
        const folder = path.slice(0, path.lastIndexOf("/") + 1);
        const isAllGone =
          isGone &&
          folder !== "" &&
          (await change.paths())?.some((other) => other.startsWith(folder)) === false;
        if (moved || isAllGone || (!isGone && (file.text === null || essence(file.text) === essence(before))))
          continue;
        const place = firstPlace(file);
        if (place !== null)
          hits.push({
            path: file.path,
            ...place,
            subject: path,
            message: isGone
              ? `The licence ${path} was removed.`
              : `The text of the licence ${path} was changed.`,
          });
      } else if (manifest.test(path) && file.text !== null) {
        const before = await change.before(path);
        const old = before === null ? undefined : licenceOf(before);
        const now = licenceOf(file.text);
        const place = old === undefined || old === now ? null : placeOf(file, field);
        if (place !== null)
          hits.push({
            path: file.path,
            ...place,
            subject: "field",
            message:
              now === undefined
                ? `The licence is no longer named; it was ${old}.`
                : `The licence was ${old} and is now ${now}.`,
          });
      }
    }
    return hits;
  },
});

/** What counts: words, without lines about years and holders. */
function essence(text: string): string {
  const others = text.search(othersBelow);
  return (others < 0 ? text : text.slice(0, others))
    .split("\n")
    .filter((line) => !/copyright|©|\(c\)\s*\d/i.test(line))
    .join(" ")
    .replace(/https?:\/\/\S+/g, "")
    .replace(/[^a-z0-9]+/gi, " ")
    .trim()
    .toLowerCase();
}

function licenceOf(text: string): string | undefined {
  for (const line of text.split("\n")) {
    const value = field
      .exec(line)?.[1]
      ?.replace(/<\/.*$/, "")
      .replace(/[,;]\s*$/, "")
      .replace(/["'\s]+/g, " ")
      .trim();
    if (value !== undefined && value !== "" && value.length <= 100 && !/file|\{|\[\s*$/.test(value))
      return value;
  }
  return undefined;
}
