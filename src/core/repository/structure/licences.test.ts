import * as fc from "fast-check";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { detectLicences, isLicenceFile, type Licence, type LicenceInput } from "./detect-licences.ts";
import { toSpdxExpression } from "./licence-ids.ts";
import { matchLicenceText } from "./licence-text.ts";
import table from "./licences.generated.json" with { type: "json" };

/** SPDX's own text. */
function textOf(id: string): string {
  const file = new URL(`licenses/${id}.json`, import.meta.resolve("spdx-license-list"));
  return (JSON.parse(readFileSync(file, "utf8")) as { licenseText: string }).licenseText;
}

function chooseLicence(input: LicenceInput): Licence | null {
  return detectLicences(input).licence;
}

function manifest(path: string, licence: string): { path: string; facts: { licence: string } } {
  return { path, facts: { licence } };
}

describe("texts", () => {
  test.each((table.licences as unknown as readonly [string][]).map(([id]) => id))(
    "%s is recognised",
    (id) => {
      expect(matchLicenceText(textOf(id))?.spdx).toBe(id);
    },
  );

  test.each(["MIT", "BSD-2-Clause", "ISC", "Apache-2.0", "GPL-3.0"])(
    "%s wrapped, renamed and headed anew",
    (id) => {
      const words =
        `My Program\n\nCopyright (c) 2015-2024 Jane Doe <jane@example.org>\n\n${textOf(id)}`.split(" ");
      const text = words
        .map((word, at) => (at % 9 === 8 ? `${word}\n` : word))
        .join(" ")
        .toUpperCase();
      expect(matchLicenceText(text)?.spdx).toBe(id);
    },
  );

  test("two licences in one file, and a choice between them", () => {
    const both = `${textOf("MIT")}\n\n---\n\n${textOf("BSD-3-Clause")}`;
    expect(matchLicenceText(both)?.spdx.split(" AND ").sort()).toEqual(["BSD-3-Clause", "MIT"]);
    expect(matchLicenceText(`Dual-licensed.\n${both}`)?.spdx).toContain(" OR ");
  });

  test("a notice that only names licences is believed less", () => {
    const notice = "This project is dual-licensed under the Unlicense and MIT licenses.";
    expect(matchLicenceText(notice)).toEqual({ spdx: "MIT OR Unlicense", confidence: 0.6 });
  });

  test.each([
    "",
    "All rights reserved.",
    "This is not about licences at all. ".repeat(100),
    `MIT ${"word ".repeat(500)}`,
  ])("no licence in %#", (text) => {
    expect(matchLicenceText(text)).toBeUndefined();
  });

  test("any text is taken", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 400 }), (text) => {
        expect(() => matchLicenceText(text)).not.toThrow();
      }),
    );
  });
});

test.each([
  ["MIT", "MIT"],
  ["apache-2.0", "Apache-2.0"],
  ["The Apache Software License, Version 2.0", "Apache-2.0"],
  ["MIT/Apache-2.0", "MIT OR Apache-2.0"],
  ["(MIT OR GPL-3.0-or-later)", "(MIT OR GPL-3.0-or-later)"],
  ["Apache-2.0 WITH LLVM-exception", "Apache-2.0 WITH LLVM-exception"],
  ["Business Source License 1.1", "BUSL-1.1"],
  ["GPLv3+", "GPL-3.0-or-later"],
  ["SEE LICENSE IN LICENSE.md", undefined],
  ["BSD", undefined],
  ["UNLICENSED", undefined],
])("%s as an expression is %s", (declared, expected) => {
  expect(toSpdxExpression(declared)).toBe(expected);
});

test.each([
  ["LICENSE", true],
  ["licence.md", true],
  ["COPYING.LESSER", true],
  ["UNLICENSE", true],
  ["LICENSE-APACHE", true],
  ["LICENSES/MIT.txt", true],
  ["src/license.ts", false],
  ["docs/licensing.md", false],
])("%s is a licence file: %s", (path, expected) => {
  expect(isLicenceFile(path)).toBe(expected);
});

describe("the licence of the whole", () => {
  test("a declared choice that the files hold is kept as declared", () => {
    const texts = new Map([
      ["LICENSE-MIT", textOf("MIT")],
      ["UNLICENSE", textOf("Unlicense")],
    ]);
    const choice = chooseLicence({ texts, manifests: [manifest("Cargo.toml", "Unlicense OR MIT")] });
    expect(choice).toMatchObject({ spdx: "Unlicense OR MIT", path: "LICENSE-MIT" });
    expect(chooseLicence({ texts, manifests: [] })?.spdx).toBe("MIT OR Unlicense");
  });

  test("the text is believed where a manifest contradicts it", () => {
    const texts = new Map([["LICENSE", textOf("MIT")]]);
    expect(chooseLicence({ texts, manifests: [manifest("package.json", "ISC")] })).toEqual({
      spdx: "MIT",
      path: "LICENSE",
      confidence: 0.8,
    });
  });

  test("GPL beside LGPL is LGPL; only a manifest; nothing", () => {
    const texts = new Map([
      ["COPYING", textOf("GPL-3.0")],
      ["COPYING.LESSER", textOf("LGPL-3.0")],
    ]);
    expect(chooseLicence({ texts, manifests: [] })?.spdx).toBe("LGPL-3.0");
    expect(
      chooseLicence({ texts: new Map(), manifests: [manifest("package.json", "MIT")] })?.confidence,
    ).toBe(0.9);
    expect(chooseLicence({ texts: new Map(), manifests: [] })).toBeNull();
  });

  test("parts with their own licence are listed after it", () => {
    const texts = new Map([
      ["deps/x/COPYING", textOf("ISC")],
      ["LICENSE", textOf("MIT")],
    ]);
    expect(
      detectLicences({ texts, manifests: [] }).licences.map(({ spdx, path }) => `${spdx} ${path}`),
    ).toEqual(["MIT LICENSE", "ISC deps/x/COPYING"]);
  });
});
