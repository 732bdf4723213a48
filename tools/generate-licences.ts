// Fingerprints of licence texts and the list of SPDX ids, from spdx-license-list (CC0), which holds SPDX's own texts.
import { readdir, readFile } from "node:fs/promises";
import { licenceGrams } from "../src/core/repository/structure/licence-grams.ts";

/** Licences that are recognised by their text; for the others a declaration in a manifest is needed. */
const RECOGNISED =
  "0BSD AFL-3.0 AGPL-3.0 Apache-1.1 Apache-2.0 Artistic-1.0-Perl Artistic-2.0 BlueOak-1.0.0 BSD-1-Clause BSD-2-Clause BSD-3-Clause BSD-3-Clause-Clear BSD-4-Clause BSL-1.0 BUSL-1.1 CC-BY-4.0 CC-BY-NC-4.0 CC-BY-NC-SA-4.0 CC-BY-SA-4.0 CC0-1.0 CDDL-1.0 CECILL-2.1 CPL-1.0 ECL-2.0 Elastic-2.0 EPL-1.0 EPL-2.0 EUPL-1.1 EUPL-1.2 GFDL-1.3 GPL-2.0 GPL-3.0 HPND ISC LGPL-2.0 LGPL-2.1 LGPL-3.0 LPPL-1.3c MIT MIT-0 MPL-1.1 MPL-2.0 MS-PL MS-RL MulanPSL-2.0 NCSA ODbL-1.0 OFL-1.1 OpenSSL OSL-3.0 PHP-3.01 PolyForm-Noncommercial-1.0.0 PostgreSQL Python-2.0 QPL-1.0 SSPL-1.0 Unicode-3.0 Unlicense UPL-1.0 Vim W3C WTFPL X11 Zlib ZPL-2.1".split(
    " ",
  );
const OUTPUT = "src/core/repository/structure/licences.generated.json";

/** The content of the committed table: one `[id, grams, step, sampled hashes in base64]` per recognised licence. */
export async function generateLicences(): Promise<{ readonly path: string; readonly content: string }[]> {
  const folder = new URL("licenses/", import.meta.resolve("spdx-license-list"));
  const ids = (await readdir(folder)).map((name) => name.replace(/\.json$/, "")).sort();
  const lines = await Promise.all(
    RECOGNISED.map(async (id) => {
      const file = JSON.parse(await readFile(new URL(`${id}.json`, folder), "utf8")) as {
        licenseText: string;
      };
      const grams = [...licenceGrams(file.licenseText)];
      // Long texts are told apart by a part of their word groups; short ones differ in a few words and need all.
      const step = grams.length > 3000 ? 16 : grams.length > 900 ? 8 : grams.length > 400 ? 2 : 1;
      const sample = Uint32Array.from(grams.filter((gram) => gram % step === 0)).sort();
      return JSON.stringify([id, grams.length, step, Buffer.from(sample.buffer).toString("base64")]);
    }),
  );
  const content = `{"origin":"SPDX License List, by way of spdx-license-list (CC0-1.0)","ids":${JSON.stringify(ids.join(" "))},"licences":[\n${lines.join(",\n")}\n]}\n`;
  return [{ path: OUTPUT, content }];
}
