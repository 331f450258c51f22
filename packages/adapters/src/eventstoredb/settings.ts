/**
 * How an EventStoreDB is reached: the connection string with its credentials, and the deadlines of
 * calls.
 */
import { readFileSync } from 'node:fs'
import { EventStoreDBClient } from '@eventstore/db-client'
import type { LogError, Position } from '@grantlog/engine'
import * as E from 'fp-ts/lib/Either.js'

export type Credentials = { readonly username: string; readonly password: string }

/** What is reported while the log goes on. */
export type EventStoreFault =
  /** A subscription ended and is taken up again after the last event that was handled. */
  | { readonly type: 'SubscriptionDropped'; readonly after: Position; readonly detail: string }
  /** The outcome of an append is not known yet and is being looked for. */
  | { readonly type: 'AppendInDoubt'; readonly stream: string; readonly detail: string }
  /** A client that might fail for ever was replaced. */
  | { readonly type: 'ClientRenewed'; readonly detail: string }
  /** This log no longer hears its own appends and reads them back, which is slower. */
  | { readonly type: 'EchoLost'; readonly detail: string }

export type EventStoreLogOptions = {
  /** `esdb://host:port?tls=false`, `esdb://user:password@host:port`, `esdb+discover://…`. */
  readonly connectionString: string
  /** Win over those of the connection string. Without TLS the client sends none. */
  readonly credentials?: Credentials
  /** PEM file of the authority that signed the server's certificate. */
  readonly tlsCaFile?: string
  /** How long one call may take. Unit: milliseconds. */
  readonly callMs?: number
  /** How long an append looks for its outcome. Unit: milliseconds. */
  readonly settleMs?: number
  /** How often a silent subscription is compared with the head of the log. Unit: milliseconds. */
  readonly watchMs?: number
  /**
   * Which of the client's two ways appends take; `append` when left out. `batch` is faster, and
   * safe only while this is the one log of its process: see docs/decisions/0014.
   */
  readonly appendPath?: 'append' | 'batch'
  readonly onFault?: (fault: EventStoreFault) => void
}

export type EventStoreOpenError =
  /** Not a connection string, or one without what it needs. Its text is not repeated: secrets. */
  | { readonly type: 'ConnectionStringInvalid'; readonly detail: string }
  | { readonly type: 'CaFileUnreadable'; readonly file: string }
  | { readonly type: 'ServerUnreachable'; readonly detail: string }
  | LogError

export type Settings = {
  /** A client of its own, not connected yet. */
  readonly makeClient: () => EventStoreDBClient
  readonly credentials: Credentials
  readonly callMs: number
  readonly settleMs: number
  readonly watchMs: number
  readonly appendPath: 'append' | 'batch'
  readonly onFault: (fault: EventStoreFault) => void
}

const CALL_MS = 3_000
const SETTLE_MS = 10_000
const WATCH_MS = 10_000

/** How much later than the server's own deadline this side gives up. Unit: milliseconds. */
export const GRACE_MS = 250

/** Sent over connections without TLS, where the client keeps them to itself. */
const NOBODY: Credentials = { username: 'nobody', password: 'nobody' }

const SHAPE = /^(esdb(?:\+discover)?:\/\/)(?:([^:@/?]+):([^@/?]+)@)?([^@?/]+)\/*(?:\?(.*))?$/

export const settingsOf = (
  options: EventStoreLogOptions,
): E.Either<EventStoreOpenError, Settings> => {
  const parts = SHAPE.exec(options.connectionString.trim())
  if (parts === null) return invalid('it has another form than esdb://host:port?options')
  const [, scheme = '', username, password, hosts = '', query = ''] = parts
  const plain = /(^|&)tls=false(&|$)/i.test(query)
  const given = options.credentials ?? decoded(username, password)
  if (given === null) return invalid('its credentials are not percent-encoded')
  if (given === undefined && !plain) return invalid('TLS is asked for without credentials')
  const credentials = given ?? NOBODY

  const { callMs = CALL_MS, tlsCaFile } = options
  if (tlsCaFile !== undefined && !isReadable(tlsCaFile))
    return E.left({ type: 'CaFileUnreadable', file: tlsCaFile })
  const added = [
    ...(query === '' ? [] : [query]),
    `defaultDeadline=${callMs}`,
    ...(tlsCaFile === undefined ? [] : [`tlsCAFile=${encodeURIComponent(tlsCaFile)}`]),
  ]
  const user = plain ? '' : `${encodeURIComponent(credentials.username)}:`
  const secret = plain ? '' : `${encodeURIComponent(credentials.password)}@`
  const text = `${scheme}${user}${secret}${hosts}?${added.join('&')}`
  const makeClient = (): EventStoreDBClient => EventStoreDBClient.connectionString(text)
  if (E.isLeft(E.tryCatch(makeClient, () => undefined)))
    return invalid('the client does not understand its hosts or options')

  return E.right({
    makeClient,
    credentials,
    callMs,
    settleMs: options.settleMs ?? SETTLE_MS,
    watchMs: options.watchMs ?? WATCH_MS,
    appendPath: options.appendPath ?? 'append',
    onFault: options.onFault ?? (() => undefined),
  })
}

const invalid = (detail: string): E.Either<EventStoreOpenError, never> =>
  E.left({ type: 'ConnectionStringInvalid', detail })

/** Undefined when there are none, null when they can't be read. */
const decoded = (
  username: string | undefined,
  password: string | undefined,
): Credentials | null | undefined => {
  if (username === undefined || password === undefined) return undefined
  try {
    return { username: decodeURIComponent(username), password: decodeURIComponent(password) }
  } catch {
    return null
  }
}

const isReadable = (file: string): boolean =>
  E.isRight(
    E.tryCatch(
      () => readFileSync(file),
      () => undefined,
    ),
  )
