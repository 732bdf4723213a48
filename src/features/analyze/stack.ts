import type { Analysis } from "../../contracts/analysis.ts";
import type { Services } from "../../contracts/services.ts";
import type { Warning } from "../../contracts/repository.ts";
import type { FileTraits } from "./languages.ts";

export function wantsText(_services: Services, _path: string): boolean { return false; }
export function describeStack(_s: Services, _t: ReadonlyMap<string,string>, _f: readonly FileTraits[]): {stack: Analysis["stack"]; dependencies: Analysis["dependencies"]; warnings: Warning[]} { return {stack:[],dependencies:[],warnings:[]}; }
export function describeStructure(f: readonly FileTraits[], _x: unknown): Analysis["structure"] { return {files:f.length,bytes:0,directories:[],entryPoints:[],scripts:[],tests:{files:0,bytes:0,paths:[]},docs:[],licence:null,licences:[],workspaces:[],largestFiles:[],environment:[]}; }
