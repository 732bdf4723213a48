import { defineRule } from "../../contracts/review-rule.ts";
import { ecmascriptNames } from "./shared/removable/ecmascript.ts";
import { findRemovedUses } from "./shared/removable/find-removed-uses.ts";
import { goNames } from "./shared/removable/go.ts";
import { javaNames } from "./shared/removable/java.ts";
import { findOrphanedCalls, orphanedCallExamples } from "./shared/removable/find-orphaned-calls.ts";
import { phpNames } from "./shared/removable/php.ts";
import { pythonNames } from "./shared/removable/python.ts";
import { rubyNames } from "./shared/removable/ruby.ts";
import { rustNames } from "./shared/removable/rust.ts";
import { lookAround } from "./shared/removable/surroundings.ts";

const languages = [ecmascriptNames, pythonNames, goNames, javaNames, rustNames, phpNames, rubyNames];

export default defineRule({
  id: "removed-but-used",
  kind: "change",
  title: "Removed or renamed, and still used",
  severity: "error",
  category: "bug",
  confidence: "high",
  message: "What is used here is gone.",
  why: "The build or the import fails, or the name is undefined where it is used.",
  docs: "A public name was removed, renamed or moved, and another file still takes it from where it was. JavaScript, TypeScript and Python: imports by name from that very file. Go: exported names of a package, through an import of it or in its own folder. Java and Kotlin: types by their full names, Kotlin's functions by import, static members of classes that inherit nothing. Rust: items by their path in the crate or the workspace. PHP: classes and functions with a namespace. Ruby: classes and modules by their full path. Methods count only where a class that inherits nothing still calls its own by `this` or `self` and nothing else in the repository defines that name (JavaScript, TypeScript, Python, PHP, Java). Left alone is whatever another file, a re-export, a generator or a new dependency may supply.",
  examples: {
    bad: [...languages.flatMap(({ examples }) => examples.bad), ...orphanedCallExamples.bad],
    good: [...languages.flatMap(({ examples }) => examples.good), ...orphanedCallExamples.good],
  },
  async check(change, signal) {
    const around = await lookAround(change);
    if (around === null) return [];
    return [
      ...(await findRemovedUses(change, around, languages, signal)),
      ...(await findOrphanedCalls(change, around, signal)),
    ];
  },
});
