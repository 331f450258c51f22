/** The types of operation-refusals.mjs. */
export const OPERATION_REFUSALS: Readonly<Record<string, ReadonlyArray<string>>>
