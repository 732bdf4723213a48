import type { FactTopic } from "./fact-topic.ts";
import { activity } from "./topics/activity.ts";
import { busFactor } from "./topics/bus-factor.ts";
import { commands } from "./topics/commands.ts";
import { complexity } from "./topics/complexity.ts";
import { containers } from "./topics/containers.ts";
import { continuousIntegration } from "./topics/continuous-integration.ts";
import { coupling } from "./topics/coupling.ts";
import { dependencyList } from "./topics/dependency-list.ts";
import { documentation } from "./topics/documentation.ts";
import { entryPoints } from "./topics/entry-points.ts";
import { environmentVariables } from "./topics/environment-variables.ts";
import { hotspots } from "./topics/hotspots.ts";
import { languages } from "./topics/languages.ts";
import { licence } from "./topics/licence.ts";
import { owners } from "./topics/owners.ts";
import { packageManager } from "./topics/package-manager.ts";
import { release } from "./topics/release.ts";
import { runtimeVersion } from "./topics/runtime-version.ts";
import { size } from "./topics/size.ts";
import { structure } from "./topics/structure.ts";
import { technologyKind } from "./topics/technology-kind.ts";
import { technology } from "./topics/technology.ts";
import { tests } from "./topics/tests.ts";

/** Every kind of question that the report answers. No question may be about two of them, so their order says nothing. */
export const factTopics: readonly FactTopic[] = [
  activity,
  busFactor,
  commands,
  complexity,
  containers,
  continuousIntegration,
  coupling,
  dependencyList,
  documentation,
  entryPoints,
  environmentVariables,
  hotspots,
  languages,
  licence,
  owners,
  packageManager,
  release,
  runtimeVersion,
  size,
  structure,
  technologyKind,
  technology,
  tests,
];
