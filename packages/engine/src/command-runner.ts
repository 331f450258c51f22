/**
 * Runs the commands of all accounts, each account's in a mailbox of its own.
 */
import {
  type AccountCommand,
  type AccountId,
  type AccountRefusal,
  accountDecider,
  type Quotas,
} from '@grantlog/domain'
import * as E from 'fp-ts/lib/Either.js'
import type { Circumstances, EngineError, Executed, Views } from './engine.js'
import { accountMailbox, type Mailbox } from './mailbox.js'
import { type Observer, partOf } from './observer.js'
import type { EventLog, Ids, ViewStore } from './ports.js'
import { isQuarantined } from './reader-state.js'
import type { ViewReader } from './run-views.js'
import { withTrusteesElsewhere } from './trustees-elsewhere.js'

type Dependencies = {
  readonly log: EventLog
  readonly viewStore: ViewStore
  readonly ids: Ids
  readonly quotas: Quotas
  /** No other process writes to the streams of accounts. */
  readonly isSoleWriter: boolean
  readonly observer: Observer
}

export type CommandRunner = {
  readonly execute: (
    accountId: AccountId,
    command: AccountCommand,
    circumstances: Circumstances,
  ) => Promise<E.Either<AccountRefusal | EngineError, Executed>>
  /** How many commands wait to be decided. */
  readonly waiting: () => number
  readonly idle: () => Promise<void>
}

/**
 * Commands go through the mailbox of their account, and are answered once the views show what
 * they did.
 */
export const commandRunner = (
  { isSoleWriter, quotas, ...mailboxNeeds }: Dependencies,
  reader: ViewReader,
  { directory }: Pick<Views, 'directory'>,
): CommandRunner => {
  const { tracing } = mailboxNeeds.observer
  const decider = accountDecider(quotas)
  const mailboxes = new Map<AccountId, Mailbox>()
  const mailboxOf = (accountId: AccountId): Mailbox => {
    const found = mailboxes.get(accountId)
    if (found !== undefined) return found
    const made = accountMailbox({ ...mailboxNeeds, decider, isSoleWriter }, accountId)
    mailboxes.set(accountId, made)
    return made
  }
  return {
    execute: async (accountId, command, circumstances) => {
      const reason = reader.stopped()
      if (reason !== null) return E.left({ type: 'EngineStopped', detail: reason })
      if (isQuarantined(reader.reader, accountId))
        return E.left({ type: 'AccountQuarantined', accountId })
      const executed = await mailboxOf(accountId).send(
        withTrusteesElsewhere(directory, accountId, command),
        circumstances,
      )
      if (E.isLeft(executed)) return executed
      const { position } = executed.right
      const wait = partOf(tracing, circumstances.traceparent, 'views.wait', { position })
      const shown = await reader.waitFor(position)
      if (E.isRight(shown)) wait.end()
      else wait.fail({ outcome: shown.left.type })
      return E.isLeft(shown) ? shown : executed
    },
    waiting: () => [...mailboxes.values()].reduce((sum, { waiting }) => sum + waiting(), 0),
    idle: async () => {
      for (const mailbox of mailboxes.values()) await mailbox.idle()
    },
  }
}
