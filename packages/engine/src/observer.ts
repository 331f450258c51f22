/**
 * What the engine tells of its work while it works: counts and times for a meter, spans for
 * traces. Both are ports; who does not listen pays nothing.
 *
 * A trace travels as W3C trace context, in the `traceparent` of a call's circumstances and so in
 * the metadata of its events. There is no ambient context: a span has the parent that it is given.
 */
import type { AccessRecordsLost, AccountCommand, AliasCommand, StreamKind } from '@grantlog/domain'
import type { Decision } from '@grantlog/policy'
import type { EngineError } from './engine.js'
import type { LogError, RevisionConflict } from './ports.js'

export type AppendOutcome = 'Stored' | RevisionConflict['type'] | LogError['type']

/** What came of asking whether a call is allowed: a decision, or why there was none. */
export type DecisionOutcome = Decision['outcome'] | EngineError['type']

export type CommandName =
  | AccountCommand['type']
  | AliasCommand['type']
  | 'AssumeRole'
  | 'RevokeSession'

/**
 * What became of a command. `Unchanged`: it was so already. `Refused`: a rule says no. `Repeated`:
 * this very command was done before. `Failed`: it could not be decided or stored.
 */
export type CommandOutcome = 'Changed' | 'Unchanged' | 'Refused' | 'Repeated' | 'Failed'

/** Counts and times. Called on the hot path: an implementation adds a number and returns. */
export type Meter = {
  readonly appended: (kind: StreamKind, outcome: AppendOutcome, ms: number) => void
  readonly decided: (outcome: DecisionOutcome) => void
  readonly commanded: (command: CommandName, outcome: CommandOutcome) => void
  /** A session got its credential, so long after its RoleAssumed was recorded. */
  readonly issued: (ms: number) => void
  readonly expired: (sessions: number) => void
  /** So many decisions were put on record, in one batch. */
  readonly accessRecorded: (records: number) => void
  /** So many should have been and were not. */
  readonly accessLost: (reason: AccessRecordsLost['reason'], records: number) => void
  /** A round of the relay ended with a fault of this type. */
  readonly relayFaulted: (type: string) => void
}

/** What a span may say. No name, no address and no secret is among it. */
export type SpanFields = {
  readonly operation?: string
  readonly method?: string
  readonly route?: string
  readonly status?: number
  readonly requestId?: string
  readonly accountId?: string
  readonly errorCode?: string
  readonly streamKind?: StreamKind
  readonly outcome?: string
  readonly count?: number
  readonly position?: number
}

export type SpanKind = 'Server' | 'Internal' | 'Producer' | 'Consumer'

export type Span = {
  /** Names this span to whoever goes on with its work; undefined where there is no tracing. */
  readonly traceparent: string | undefined
  readonly end: (fields?: SpanFields) => void
  /** Ends as a fault of this process. */
  readonly fail: (fields?: SpanFields) => void
}

export type SpanStart = {
  readonly kind?: SpanKind
  /** The span that this one is a part of; without one it begins a trace. */
  readonly parent?: string | undefined
  /** Spans that led to this one without waiting for it. */
  readonly links?: ReadonlyArray<string>
  readonly fields?: SpanFields
}

export type Tracing = {
  /** False where spans go nowhere, so that nothing is made for them. */
  readonly isOn: boolean
  readonly start: (name: string, from: SpanStart) => Span
}

export type Observer = { readonly meter: Meter; readonly tracing: Tracing }

const nothing = (): void => undefined

export const NO_SPAN: Span = { traceparent: undefined, end: nothing, fail: nothing }

export const NO_TRACING: Tracing = { isOn: false, start: () => NO_SPAN }

export const NO_METER: Meter = {
  appended: nothing,
  decided: nothing,
  commanded: nothing,
  issued: nothing,
  expired: nothing,
  accessRecorded: nothing,
  accessLost: nothing,
  relayFaulted: nothing,
}

export const UNOBSERVED: Observer = { meter: NO_METER, tracing: NO_TRACING }

/** A part of the work of a request; no span where the request has none. */
export const partOf = (
  tracing: Tracing,
  parent: string | undefined,
  name: string,
  fields?: SpanFields,
): Span =>
  tracing.isOn && parent !== undefined
    ? tracing.start(name, { parent, ...(fields === undefined ? {} : { fields }) })
    : NO_SPAN
