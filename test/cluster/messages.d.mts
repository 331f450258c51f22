/** The types of messages.mjs. */

/** How each part of a story ended: codes, and how often each came. */
export type Story = {
  readonly sameNames: Readonly<Record<string, number>>
  readonly keysOfOneUser: Readonly<Record<string, number>>
  readonly sessions: Readonly<Record<string, number>>
  readonly rights: ReadonlyArray<string | null>
}

/** For each name what its calls were answered, sorted. */
type Outcomes = ReadonlyArray<ReadonlyArray<string>>

export const clusterUnderMessageFaults: (report?: (line: unknown) => void) => Promise<{
  readonly stories: Readonly<Record<string, Story>>
  /** How many messages had each treatment. */
  readonly messages: Readonly<Record<string, number>>
  readonly outcomes: { readonly users: Outcomes; readonly keys: Outcomes }
  readonly fullSpeed: { readonly count: number; readonly writers: number }
}>

export const clusterWithoutNats: () => Promise<Story>
