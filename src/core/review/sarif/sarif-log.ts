import { z } from "zod";

/** The part of SARIF 2.1.0 that is read. What other tools get wrong in the rest is of no matter. */
const messageSchema = z.object({
  text: z.string().optional(),
  markdown: z.string().optional(),
  id: z.string().optional(),
  arguments: z.array(z.string()).optional(),
});
const artifactLocationSchema = z.object({
  uri: z.string().optional(),
  uriBaseId: z.string().optional(),
  index: z.number().int().optional(),
});
const regionSchema = z.object({
  startLine: z.number().optional(),
  endLine: z.number().optional(),
  startColumn: z.number().optional(),
  endColumn: z.number().optional(),
});
/** What is not of the four is no level. */
const levelSchema = z.enum(["none", "note", "warning", "error"]).optional().catch(undefined);
const propertiesSchema = z.record(z.string(), z.unknown()).optional();

const ruleSchema = z.object({
  id: z.string(),
  shortDescription: messageSchema.optional(),
  fullDescription: messageSchema.optional(),
  help: messageSchema.optional(),
  messageStrings: z.record(z.string(), messageSchema).optional(),
  defaultConfiguration: z.object({ level: levelSchema, rank: z.number().optional() }).optional(),
  properties: propertiesSchema,
});
const componentSchema = z.object({ name: z.string(), rules: z.array(ruleSchema).optional() });

const resultSchema = z.object({
  ruleId: z.string().optional(),
  ruleIndex: z.number().int().optional(),
  rule: z
    .object({
      id: z.string().optional(),
      index: z.number().int().optional(),
      toolComponent: z.object({ index: z.number().int().optional() }).optional(),
    })
    .optional(),
  kind: z.string().optional(),
  level: levelSchema,
  rank: z.number().optional(),
  message: messageSchema,
  locations: z
    .array(
      z.object({
        physicalLocation: z
          .object({ artifactLocation: artifactLocationSchema.optional(), region: regionSchema.optional() })
          .optional(),
      }),
    )
    .optional(),
  suppressions: z.array(z.object({ status: z.string().optional() })).optional(),
  baselineState: z.string().optional(),
  fixes: z
    .array(
      z.object({
        artifactChanges: z.array(
          z.object({
            artifactLocation: artifactLocationSchema,
            replacements: z.array(
              z.object({
                deletedRegion: regionSchema,
                insertedContent: z.object({ text: z.string().optional() }).optional(),
              }),
            ),
          }),
        ),
      }),
    )
    .optional(),
  properties: propertiesSchema,
});

const runSchema = z.object({
  tool: z.object({ driver: componentSchema, extensions: z.array(componentSchema).optional() }),
  artifacts: z.array(z.object({ location: artifactLocationSchema.optional() })).optional(),
  originalUriBaseIds: z.record(z.string(), artifactLocationSchema).optional(),
  results: z.array(resultSchema).optional(),
});

export const sarifLogSchema = z.object({
  version: z.string().regex(/^2\.1\.0/, "expected 2.1.0"),
  runs: z.array(runSchema),
});
export type SarifRun = z.output<typeof runSchema>;
export type SarifResult = z.output<typeof resultSchema>;
export type SarifRule = z.output<typeof ruleSchema>;
export type SarifMessage = z.output<typeof messageSchema>;
export type SarifArtifactLocation = z.output<typeof artifactLocationSchema>;
