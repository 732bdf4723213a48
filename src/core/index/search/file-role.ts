import type { ContentFacts } from "../../../contracts/file-facts.ts";
import { languageInfo } from "../../repository/languages/language-info.ts";
import type { LanguageAttributes } from "../../repository/languages/attributes.ts";
import { pathTraits } from "../../repository/languages/path-traits.ts";
import type { FileRole } from "./search-index.ts";

const testPath =
  /(^|\/)(tests?|__tests__|specs?|e2e|testing|testdata|test[-_]?data|fixtures?|__fixtures__|__mocks__|mocks?|__snapshots__|testlib|unit|integration)\/|(^|\/)[^/]*(?:[-_.](?:test|tests|spec|specs|e2e|mock|mocks|stories)\.[^/]+|_test\.[^/]+)$|(^|\/)test_[^/]+$|(^|\/)[^/]*(?:Tests?|Spec|IT)\.(?:java|kt|kts|cs|scala|groovy|swift|php|fs|vb)$|(^|\/)conftest\.py$/;
/** Inside packages of the JVM `test` may be a name like any other. */
const mainSources = /(^|\/)src\/main\//;

/** What a file is for, from its path, its attributes and its content. */
export function roleOf(path: string, facts: ContentFacts | undefined, set: LanguageAttributes): FileRole {
  const own = pathTraits(path);
  const language = facts?.language ?? null;
  const type = language === null ? "data" : languageInfo(language).type;
  return {
    test: testPath.test(path) && !mainSources.test(path),
    docs: set.documentation ?? (own.documentation || type === "prose"),
    vendored: (set.vendored ?? own.vendored) && !testPath.test(path),
    generated:
      set.generated ?? (own.generatedByPath || facts?.generated === true || facts?.minified === true),
    data: type === "data" || facts === undefined || facts.binary,
  };
}
