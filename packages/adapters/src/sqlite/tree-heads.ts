/**
 * When the tree is signed: every TREE_HEAD_EVENTS events, after TREE_HEAD_INTERVAL_MS with new
 * ones, and at the end.
 */
import type { Clock } from '@grantlog/engine'
import type { Appender } from './appender.js'
import { type NoteSigner, signTreeHead } from './signed-note.js'
import type { TreeHead } from './writer.js'

/**
 * Units: events and milliseconds. Source: the rules of tamper evidence, a head every 1,000 events
 * or minute.
 */
export const TREE_HEAD_EVENTS = 1_000
export const TREE_HEAD_INTERVAL_MS = 60_000

export type TreeHeadOptions = {
  readonly signer: NoteSigner
  /** Told each signed head, to be kept outside the folder. */
  readonly onTreeHead?: (note: string) => void
  /** Told that a head could not be signed. Appends go on; the next one is tried when it is due. */
  readonly onSigningFailed?: (cause: unknown) => void
}

export type TreeHeads = {
  /** Signs when it is time. `head` is the position of the last event. */
  readonly whenDue: (head: number) => Promise<void>
  /** Signs what is not signed yet. */
  readonly last: (head: number) => Promise<void>
}

export const treeHeads = (
  options: TreeHeadOptions | undefined,
  clock: Clock,
  signedAtOpen: number,
  readHead: () => Promise<TreeHead>,
  keep: Appender['keepHead'],
): TreeHeads => {
  let signedAt = clock.now()
  let signedSize = signedAtOpen
  let signing: Promise<void> | null = null

  const sign = async ({ signer, onTreeHead, onSigningFailed }: TreeHeadOptions): Promise<void> => {
    try {
      signedAt = clock.now()
      const head = await readHead()
      signedSize = head.size
      const note = signTreeHead(signer, head)
      keep({ size: head.size, note })
      onTreeHead?.(note)
    } catch (cause) {
      onSigningFailed?.(cause)
    }
  }
  const isDue = (head: number): boolean =>
    head - signedSize >= TREE_HEAD_EVENTS || clock.now() - signedAt >= TREE_HEAD_INTERVAL_MS

  return {
    whenDue: async (head) => {
      if (options === undefined || head <= signedSize || !isDue(head)) return
      signing ??= sign(options).finally(() => {
        signing = null
      })
      await signing
    },
    last: async (head) => {
      await signing
      if (options !== undefined && head > signedSize) await sign(options)
    },
  }
}
