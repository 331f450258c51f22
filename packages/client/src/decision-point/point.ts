/**
 * An embedded decision point: follows the grants of an account and decides in this process, without
 * a call.
 *
 * Invariant: a decision rests on grants that show everything the log held at most the bound ago.
 * Beyond the bound, and after anything that can't be followed, every decision is a deny.
 */
import type { AccountId } from '@grantlog/domain'
import { AccountId as AccountIdCodec } from '@grantlog/domain'
import * as E from 'fp-ts/lib/Either.js'
import type { Client } from '../client.js'
import type { ClientError } from '../errors.js'
import { pause } from '../retry.js'
import { decideHere, type NotDecided, type PointQuestion } from './decide.js'
import {
  emptyGrantsOf,
  forgetChanges,
  type Grants,
  grantsFrom,
  type Snapshot,
  snapshotOf,
  takeEvent,
} from './grants.js'

export type DecisionPointOptions = {
  /** A client of the account, with the permission `grantlog:FollowGrants`. */
  readonly client: Pick<Client, 'feed'>
  readonly accountId: string
  /** How old grants may be that decide. Unit: milliseconds. */
  readonly stalenessMsMax?: number
  /** What `snapshot` gave before; one that does not fit is passed over. */
  readonly snapshot?: unknown
  /** Told, once, that nothing can be followed any more. */
  readonly onStopped?: (reason: string) => void
  /** Told of each time that the feed could not be read; it is asked again. */
  readonly onFault?: (error: ClientError) => void
  /** Milliseconds, from any start, and never back. */
  readonly now?: () => number
  /** What time it is, for policies that ask. Milliseconds since the epoch, UTC. */
  readonly timeOfDay?: () => number
}

export type PointDecision =
  | {
      readonly type: 'Decided'
      readonly allowed: boolean
      readonly outcome: 'Allow' | 'ImplicitDeny' | 'ExplicitDeny'
      readonly unit: string
      /** The last change of the account's grants that counted. */
      readonly position: number
    }
  | { readonly type: 'NotDecided'; readonly allowed: false; readonly why: NotDecided }
  /** The grants are older than the bound, or not there yet. Unit: milliseconds. */
  | { readonly type: 'StaleView'; readonly allowed: false; readonly stalenessMs: number }
  | { readonly type: 'Stopped'; readonly allowed: false; readonly reason: string }

export type DecisionPoint = {
  readonly decide: (question: PointQuestion) => PointDecision
  /** How old the grants may be at most. Unit: milliseconds; infinite before the first are there. */
  readonly stalenessMs: () => number
  readonly position: () => number
  /** Asks now, and waits for what is there. */
  readonly refresh: () => Promise<E.Either<ClientError, void>>
  readonly snapshot: () => Snapshot
  readonly stop: () => Promise<void>
}

const STALENESS_MS_MAX_DEFAULT = 2_000

/**
 * How old what a node shows may be when it is asked. Unit: milliseconds. The same bound as for the
 * server's own decisions.
 */
export const NODE_LAG_MS_MAX = 250

/** So often within the bound the feed is asked, so that one answer that fails does no harm. */
const POLLS_PER_BOUND = 4

/** How far a follower is; it changes in place. */
type Following = { grants: Grants; freshAt: number; stopped: string | null }

/** Reads the feed to its end; what is shown then was there when it was asked. */
const follow = async (
  following: Following,
  client: Pick<Client, 'feed'>,
  now: () => number,
  signal: AbortSignal,
): Promise<E.Either<ClientError, void>> => {
  const askedAt = now()
  const { grants } = following
  let after: string | null = grants.revision < 0 ? '' : String(grants.revision)
  while (after !== null) {
    const answer: Awaited<ReturnType<Client['feed']>> = await client.feed(
      after === '' ? {} : { after },
      { signal },
    )
    if (E.isLeft(answer)) return answer
    if (following.stopped !== null) return E.right(undefined)
    if (answer.right.accountId !== grants.accountId) {
      following.stopped = `the feed is that of account ${answer.right.accountId}`
      return E.right(undefined)
    }
    for (const event of answer.right.events) {
      const fault = takeEvent(grants, event)
      if (fault === null) continue
      following.stopped = fault
      return E.right(undefined)
    }
    forgetChanges(grants)
    // A node that shows less than another one has shown says nothing about the present.
    if (answer.right.position < grants.position) return E.right(undefined)
    after = answer.right.next
  }
  following.freshAt = askedAt - NODE_LAG_MS_MAX
  return E.right(undefined)
}

type Times = { readonly now: number; readonly timeOfDay: number; readonly stalenessMsMax: number }

const decideOn = (
  { grants, freshAt, stopped }: Following,
  question: PointQuestion,
  { now, timeOfDay, stalenessMsMax }: Times,
): PointDecision => {
  if (stopped !== null) return { type: 'Stopped', allowed: false, reason: stopped }
  const stalenessMs = now - freshAt
  if (stalenessMs > stalenessMsMax) return { type: 'StaleView', allowed: false, stalenessMs }
  const verdict = decideHere(grants, question, timeOfDay)
  if (typeof verdict === 'string') return { type: 'NotDecided', allowed: false, why: verdict }
  const { outcome, unit } = verdict
  const { position } = grants
  return { type: 'Decided', allowed: outcome === 'Allow', outcome, unit, position }
}

/** Null when the account's id is none. The point can be asked at once; it denies until it read. */
export const openDecisionPoint = (options: DecisionPointOptions): DecisionPoint | null => {
  const { client, accountId, now = () => performance.now(), timeOfDay = Date.now } = options
  const { stalenessMsMax = STALENESS_MS_MAX_DEFAULT, onStopped, onFault } = options
  if (!AccountIdCodec.is(accountId)) return null
  const ending = new AbortController()
  const following: Following = {
    grants: startingGrants(accountId, options.snapshot),
    freshAt: Number.NEGATIVE_INFINITY,
    stopped: null,
  }
  let reading: Promise<E.Either<ClientError, void>> | null = null

  const read = async (): Promise<E.Either<ClientError, void>> => {
    const outcome = await follow(following, client, now, ending.signal)
    reading = null
    if (E.isLeft(outcome) && !ending.signal.aborted) onFault?.(outcome.left)
    if (following.stopped !== null && !ending.signal.aborted) {
      ending.abort()
      onStopped?.(following.stopped)
    }
    return outcome
  }
  const keepReading = async (): Promise<void> => {
    do {
      reading ??= read()
      await reading
    } while (await pause(stalenessMsMax / POLLS_PER_BOUND, ending.signal))
  }
  const kept = keepReading()

  return {
    decide: (question) =>
      decideOn(following, question, { now: now(), timeOfDay: timeOfDay(), stalenessMsMax }),
    stalenessMs: () => now() - following.freshAt,
    position: () => following.grants.position,
    refresh: async () => {
      await reading
      reading ??= read()
      return reading
    },
    snapshot: () => snapshotOf(following.grants),
    stop: async () => {
      following.stopped ??= 'the decision point is stopped'
      ending.abort()
      await kept
    },
  }
}

const startingGrants = (accountId: AccountId, snapshot: unknown): Grants =>
  (snapshot === undefined ? null : grantsFrom(accountId, snapshot)) ?? emptyGrantsOf(accountId)
