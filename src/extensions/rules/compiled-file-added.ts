import { defineRule } from "../../contracts/review-rule.ts";

const compiled =
  /\.(exe|dll|so|dylib|o|obj|a|lib|class|pyc|pyo|jar|war|ear|msi|dmg|iso|zip|tar|tgz|gz|bz2|xz|7z|rar|nupkg|whl|gem|deb|rpm|apk|ipa|DS_Store)$|(^|\/)(Thumbs\.db|\.DS_Store)$/i;
const expected =
  /(^|\/)(tests?|specs?|__tests__|fixtures?|testdata|test-?data|examples?|samples?|gradle\/wrapper|\.mvn\/wrapper|resources|assets|public|static|downloads?|bench\w*|vendor|third_?party|\.yarn)\//i;

export default defineRule({
  id: "compiled-file-added",
  kind: "change",
  title: "Compiled file or archive added",
  severity: "warning",
  category: "maintenance",
  confidence: "medium",
  message: "A file that a build makes, or an archive, is committed.",
  why: "Nobody can review what is in it, and it stays in every clone for good.",
  docs: "Finds new binaries, archives, byte code and files of file managers outside of tests, fixtures and wrappers of build tools. Have them built, or publish them with a release.",
  async check(change) {
    return change.files
      .filter(
        (file) =>
          file.diff.status === "added" &&
          file.diff.isBinary &&
          compiled.test(file.path) &&
          !expected.test(file.path) &&
          file.role !== "test" &&
          file.role !== "vendored",
      )
      .map((file) => ({
        path: file.path,
        line: 1,
        subject: file.path,
        isConsequence: true as const,
        message: `\`${file.path.slice(file.path.lastIndexOf("/") + 1)}\` is not a source; nobody can review it.`,
      }));
  },
  examples: {
    bad: [{ "lib/shop.jar": "PK\u0003\0" }, { "src/__pycache__/cart.pyc": "\0\u0001" }],
    good: [
      {
        "gradle/wrapper/gradle-wrapper.jar": "PK\u0003\0",
        "img/logo.png": "\0PNG",
        "test/fixtures/a.zip": "PK\0",
      },
    ],
  },
});
