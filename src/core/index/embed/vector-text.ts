/** pgvector's own notation. */
export function toVectorText(vector: Float32Array): string {
  return `[${vector.join(",")}]`;
}
