import type { ManifestFacts } from "../../../contracts/ecosystem.ts";
import type { TreeEntry } from "../../../contracts/repository.ts";
import { describeTree, type TreeSizes } from "./describe-tree.ts";
import { detectLicences, isLicenceFile, type Licences } from "./detect-licences.ts";
import { type DocumentFile, findDocs } from "./find-docs.ts";
import { type EntryPoint, findEntryPoints, isEntryPointText } from "./find-entry-points.ts";
import { findScripts, isTaskFile, type Script } from "./find-scripts.ts";
import { findTests, type TestFiles } from "./find-tests.ts";
import { resolveWorkspaces, type WorkspaceMember } from "./resolve-workspaces.ts";

export interface StructureInput {
  readonly entries: readonly TreeEntry[];
  readonly manifests: readonly {
    readonly path: string;
    readonly ecosystem: string;
    readonly facts: ManifestFacts;
  }[];
  /** Contents of the files for which `wantsStructureText` is true; missing ones are skipped. */
  readonly texts: ReadonlyMap<string, string>;
}

/** What a snapshot consists of, as far as its tree, manifests and a few small files tell. */
export interface Structure extends TreeSizes, Licences {
  readonly entryPoints: readonly EntryPoint[];
  readonly scripts: readonly Script[];
  readonly tests: TestFiles;
  readonly docs: readonly DocumentFile[];
  readonly workspaces: readonly WorkspaceMember[];
}

/** Files whose content `describeStructure` needs: licences, task files and a few that hold a main function. */
export function wantsStructureText(path: string): boolean {
  return isLicenceFile(path) || isTaskFile(path) || isEntryPointText(path);
}

export function describeStructure({ entries, manifests, texts }: StructureInput): Structure {
  const paths = entries.filter(({ kind }) => kind !== "submodule").map(({ path }) => path);
  return {
    ...describeTree(entries),
    entryPoints: findEntryPoints({ paths, manifests, texts }),
    scripts: findScripts({ paths, manifests, texts }),
    tests: findTests(entries),
    docs: findDocs(paths),
    ...detectLicences({ texts, manifests }),
    workspaces: resolveWorkspaces({ paths, manifests }),
  };
}
