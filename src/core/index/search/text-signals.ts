import { bisect } from "./bisect.ts";
import type { Query } from "./query.ts";
import type { SearchIndex } from "./search-index.ts";

const k1 = 1.2;
/** Weights of the fields in one document: a word in a path or a name says more than one in a comment. */
const fieldWeights = { code: 1, comment: 1, name: 3, path: 5 };
const lengthShare = { code: 0.75, path: 0.5 };

/** Scores of each file by its text, each a BM25 of its own. */
export interface TextSignals {
  /** All fields as one document (BM25F). */
  readonly body: Float32Array;
  readonly path: Float32Array;
  /** Inverse document frequency of each query term over the files. */
  readonly idf: Float32Array;
}

/** Looks each term of the query up in each file. */
export function scoreText(index: SearchIndex, query: Query, withComments = true): TextSignals {
  const { files, pathTerms, averages } = index;
  const terms = query.terms;
  const size = files.length * terms.length;
  const code = new Uint8Array(size);
  const comment = new Uint8Array(size);
  const name = new Uint8Array(size);
  const path = new Uint8Array(size);
  const documents = new Uint32Array(terms.length);
  const pathed = new Uint32Array(terms.length);
  for (let file = 0; file < files.length; file++) {
    const record = files[file]!.record;
    const paths = pathTerms[file]!;
    const row = file * terms.length;
    for (let term = 0; term < terms.length; term++) {
      const { hash } = terms[term]!;
      let isThere = false;
      if (record !== null) {
        const at = bisect(record.terms.hashes, hash);
        if (at >= 0 && (withComments || record.terms.code[at]! + record.terms.name[at]! > 0)) {
          isThere = true;
          code[row + term] = record.terms.code[at]!;
          if (withComments) comment[row + term] = record.terms.comment[at]!;
          name[row + term] = record.terms.name[at]!;
        }
      }
      const at = bisect(paths.hashes, hash);
      if (at >= 0) {
        isThere = true;
        path[row + term] = paths.counts[at]!;
        pathed[term]!++;
      }
      if (isThere) documents[term]!++;
    }
  }
  const idf = inverse(documents, files.length);
  const pathIdf = inverse(pathed, files.length);
  const signals = {
    body: new Float32Array(files.length),
    path: new Float32Array(files.length),
    idf,
  };
  for (let file = 0; file < files.length; file++) {
    const record = files[file]!.record;
    const words = record === null ? 0 : record.codeWords + record.commentWords;
    const norm = 1 - lengthShare.code + (lengthShare.code * words) / (averages.code + averages.comment);
    const pathNorm = 1 - lengthShare.path + (lengthShare.path * pathTerms[file]!.total) / averages.path;
    const row = file * terms.length;
    let concept = -1;
    let inBody = 0;
    let onPath = 0;
    for (let term = 0; term < terms.length; term++) {
      if (terms[term]!.concept !== concept) {
        signals.body[file]! += inBody;
        signals.path[file]! += onPath;
        inBody = onPath = 0;
        concept = terms[term]!.concept;
      }
      const at = row + term;
      const inPath = path[at]! / pathNorm;
      const frequency =
        (fieldWeights.code * code[at]! + fieldWeights.comment * comment[at]!) / norm +
        (fieldWeights.name * Math.min(3, name[at]!)) / Math.sqrt(norm) +
        fieldWeights.path * inPath;
      if (frequency === 0) continue;
      const { weight } = terms[term]!;
      inBody = Math.max(inBody, (weight * idf[term]! * frequency * (k1 + 1)) / (frequency + k1));
      if (inPath > 0)
        onPath = Math.max(onPath, (weight * pathIdf[term]! * inPath * (k1 + 1)) / (inPath + k1));
    }
    signals.body[file]! += inBody;
    signals.path[file]! += onPath;
  }
  return signals;
}

export function inverse(documents: Uint32Array, total: number): Float32Array {
  return Float32Array.from(documents, (count) => Math.log(1 + (total - count + 0.5) / (count + 0.5)));
}
