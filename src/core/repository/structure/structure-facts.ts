import type { ReadManifest } from "../stack/stack-input.ts";

/** What entry points and scripts are found in. */
export interface StructureFacts {
  /** All paths of the snapshot. */
  readonly paths: readonly string[];
  readonly manifests: readonly ReadManifest[];
  /** Contents of the files for which `wantsStructureText` is true; missing ones are skipped. */
  readonly texts: ReadonlyMap<string, string>;
}
