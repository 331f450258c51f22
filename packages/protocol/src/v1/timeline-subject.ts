/**
 * What a timeline is about, and what it tells of that: a root, another principal, a policy, an
 * access key or a session.
 */
import {
  AccessKeyId,
  type AccountId,
  SessionId,
  sessionOfKey,
  TemporaryAccessKeyId,
} from '@grantlog/domain'
import type { Engine, Moment, Present } from '@grantlog/engine'
import { policyTimeline, type TimelineEntry, timeline } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { Fault } from '../rpc/faults.js'
import { bearerOf, type NamedInHistory } from './bearer.js'
import { positionOfMoment } from './past.js'
import { type NamedPolicy, parsePolicyName, policyMeant, policyResource } from './policy-name.js'
import { type NamedPrincipal, parsePrincipal, principalResource } from './principal.js'
import type { ReadFault } from './problem.js'
import type { NamedSession } from './session-timeline.js'

type NamedRoot = Extract<NamedPrincipal, { readonly type: 'Root' }>

export type TimelineSubject =
  | { readonly type: 'Root'; readonly named: NamedRoot }
  | { readonly type: 'Principal'; readonly named: NamedInHistory }
  | { readonly type: 'Policy'; readonly named: NamedPolicy }
  | { readonly type: 'AccessKey'; readonly accessKeyId: AccessKeyId | TemporaryAccessKeyId }
  | ({ readonly type: 'Session' } & NamedSession)

type Given = {
  readonly principal?: string | undefined
  readonly policy?: string | undefined
  readonly accessKey?: string | undefined
  readonly session?: string | undefined
}

const NAME_ONE = 'one of `principal`, `policy`, `accessKey` and `session` must be given'

const fault = (parameter: string, told: string): E.Either<ReadFault, never> =>
  E.left({ type: 'QueryMalformed', parameter, fault: told })

/** A temporary key means its session, so that whoever may not see that does not see it so. */
const keySubject = (accessKeyId: string): TimelineSubject | undefined => {
  if (AccessKeyId.is(accessKeyId)) return { type: 'AccessKey', accessKeyId }
  if (!TemporaryAccessKeyId.is(accessKeyId)) return undefined
  const sessionId = sessionOfKey(accessKeyId)
  return sessionId === undefined
    ? { type: 'AccessKey', accessKeyId }
    : { type: 'Session', sessionId, accessKeyId }
}

/** The one that is given; several, or none, are refused. */
export const timelineSubject = (
  given: Given,
  malformed: (name: string) => ReadFault,
): E.Either<ReadFault, TimelineSubject> => {
  const { principal, policy, accessKey, session } = given
  const [name, other] = Object.entries({ principal, policy, accessKey, session })
    .filter(([, value]) => value !== undefined)
    .map(([key]) => key)
  if (name !== undefined && other !== undefined)
    return fault(other, `it must not stand beside \`${name}\``)
  if (policy !== undefined) {
    const named = parsePolicyName(policy)
    return named === null ? E.left(malformed('policy')) : E.right({ type: 'Policy', named })
  }
  if (accessKey !== undefined) {
    const key = keySubject(accessKey)
    return key === undefined ? E.left(malformed('accessKey')) : E.right(key)
  }
  if (session !== undefined)
    return SessionId.is(session)
      ? E.right({ type: 'Session', sessionId: session })
      : E.left(malformed('session'))
  if (principal === undefined) return fault('principal', NAME_ONE)
  const named = parsePrincipal(principal)
  if (named === null || named.type === 'Session') return E.left(malformed('principal'))
  return E.right(named.type === 'Root' ? { type: 'Root', named } : { type: 'Principal', named })
}

/** Whose it is; the reader's own where the name does not say. */
export const accountOf = (subject: TimelineSubject, reader: string): string => {
  switch (subject.type) {
    case 'Root':
    case 'Principal':
    case 'Policy':
      return subject.named.accountId ?? reader
    case 'AccessKey':
    case 'Session':
      return reader
  }
}

export const timelineResource = (reader: string, subject: TimelineSubject): string => {
  switch (subject.type) {
    case 'Root':
    case 'Principal':
      return principalResource(subject.named)
    case 'Policy':
      return policyResource(reader, subject.named)
    case 'AccessKey':
      return `acs:grantlog:*:${reader}:accesskey/${subject.accessKeyId}`
    case 'Session':
      return `acs:grantlog:*:${reader}:session/${subject.sessionId}`
  }
}

/** What the history keeps a timeline of; what somebody did is read from the log too. */
export type KeptSubject = Extract<TimelineSubject, { readonly type: 'Principal' | 'Policy' }>

/** What is meant, by its id, and everything that happened to it. */
export type Told = {
  readonly id: string
  readonly entries: ReadonlyArray<TimelineEntry>
} & Readonly<Record<string, unknown>>

export const timelineOf = (
  engine: Engine,
  accountId: AccountId,
  subject: KeptSubject,
  moment: Moment,
  present: Present,
): E.Either<Fault | ReadFault, Told> => {
  const { history } = engine.views
  switch (subject.type) {
    case 'Principal':
      return pipe(
        bearerOf(engine, subject.named, moment, present),
        E.map((bearer) => ({
          principalId: bearer.id,
          id: bearer.id,
          entries: timeline(history, bearer),
        })),
      )
    case 'Policy': {
      const position = positionOfMoment(engine, accountId, moment, present)
      if (E.isLeft(position)) return position
      return pipe(
        policyMeant(history, subject.named, position.right, moment.type === 'Now'),
        E.map((policy) => ({
          id: policy.type === 'System' ? policy.policyName : policy.policyId,
          entries: policyTimeline(history, accountId, policy),
        })),
      )
    }
  }
}
