/**
 * Attempts that are turned away before a password is looked at: on record, and never with more
 * than a few events an hour, however many they are.
 *
 * Invariant: the first attempt in an hour is on record before it is answered, and so is each one
 * with which there are twice as many. What is counted between is this node's own, and in memory.
 * Names are told apart by keyed digests and never recorded, for one may be a password.
 */
import { createHmac, randomBytes } from 'node:crypto'
import {
  type AccountId,
  type SignInsTurnedAway,
  signInsOfNobodyStream,
  signInsStream,
  type TurnedAway,
} from '@grantlog/domain'
import type { UserRow } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import type { EngineError } from '../engine-error.js'
import type { Clock, EventLog, Ids, Vault } from '../ports.js'
import { appendAnyhow } from '../retry.js'
import { encodeEvent } from '../stored-event.js'
import type { SignInScene } from './calls.js'
import { circumstancesIn } from './circumstances.js'

/** Unit: milliseconds. */
export const TURNED_AWAY_WINDOW_MS = 3_600_000

/**
 * How many locked users are counted each by itself; those beyond are counted with their account.
 * Accounts are not limited here, for no stranger makes one. Unit: users.
 */
const USERS_COUNTED_MAX = 10_000

/** How many names are told apart in one count. Unit: names. */
const NAMES_COUNTED_MAX = 1_000

export type TurnedAwayAttempt = {
  readonly accountId: AccountId
  readonly reason: TurnedAway
  /** What somebody gave for a name. */
  readonly name: string
  /** The user that is locked. */
  readonly user?: UserRow
}

type Count = { readonly since: number; attempts: number; readonly names: Set<string> }

export type TurningAway = {
  /** Counts an attempt, and records it where it is one of those that are told. */
  readonly note: (
    attempt: TurnedAwayAttempt,
    scene: SignInScene,
  ) => Promise<E.Either<EngineError, void>>
}

/** One count for each key and hour. */
const counting = (usersMax: number) => {
  const counts = new Map<string, Count>()
  const isOver = ({ since }: Count, now: number): boolean => now - since >= TURNED_AWAY_WINDOW_MS

  const hasRoom = (now: number): boolean => {
    if (counts.size < usersMax) return true
    for (const [key, count] of counts) if (isOver(count, now)) counts.delete(key)
    return counts.size < usersMax
  }

  return {
    /** Whether there is a count for the key, or may be. */
    takes: (key: string, now: number): boolean => counts.has(key) || hasRoom(now),
    count: (key: string, name: string, now: number): Count => {
      const known = counts.get(key)
      const count =
        known === undefined || isOver(known, now)
          ? { since: now, attempts: 0, names: new Set<string>() }
          : known
      counts.set(key, count)
      count.attempts += 1
      if (count.names.size < NAMES_COUNTED_MAX) count.names.add(name)
      return count
    },
  }
}

/** The first, the second, the fourth and so on. */
const isTold = (attempts: number): boolean => Number.isInteger(Math.log2(attempts))

type Needs = {
  readonly log: EventLog
  readonly vault: Pick<Vault, 'sealPersonal'>
  readonly clock: Clock
  readonly ids: Pick<Ids, 'uuid' | 'eventId'>
}

export const turningAway = (needs: Needs, usersMax = USERS_COUNTED_MAX): TurningAway => {
  const { log, clock, ids } = needs
  const counts = counting(usersMax)
  const secret = randomBytes(32)
  const digestOf = (name: string): string =>
    createHmac('sha256', secret).update(name.toLowerCase()).digest('base64')

  return {
    note: async ({ accountId, reason, name, user: locked }, scene) => {
      const now = clock.now()
      const ownKey = `${accountId} ${locked?.userId ?? reason}`
      const user = counts.takes(ownKey, now) ? locked : undefined
      const key = user === undefined ? `${accountId} ${reason}` : ownKey
      const { attempts, names, since } = counts.count(key, digestOf(name), now)
      if (!isTold(attempts)) return E.right(undefined)
      const proof = { isProven: false }
      const circumstances = await circumstancesIn(needs, accountId, user, scene, proof)
      if (E.isLeft(circumstances)) return circumstances
      const event: SignInsTurnedAway = {
        type: 'SignInsTurnedAway',
        reason,
        attempts,
        names: names.size,
        since,
        ...(user && { userId: user.userId }),
      }
      const id = ids.eventId(circumstances.right.commandId, 0)
      const stored = encodeEvent(id, event, circumstances.right)
      const stream =
        user === undefined
          ? signInsOfNobodyStream(accountId)
          : signInsStream(accountId, user.userId)
      const appended = await appendAnyhow(log, stream, stored)
      return E.isLeft(appended) ? appended : E.right(undefined)
    },
  }
}
